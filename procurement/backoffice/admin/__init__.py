"""What administrators look after: the company, people, mail; and each person's own account."""

from procurement.backoffice.admin import profile

DOORS = [profile.bp]

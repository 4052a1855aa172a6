"""What administrators look after: the company, people, mail; and each person's own account."""

from flask import Blueprint

from procurement.backoffice.admin import outbox, profile, settings, taxes, users

DOORS: list[Blueprint] = [profile.bp, settings.bp, taxes.bp, users.bp, outbox.bp]

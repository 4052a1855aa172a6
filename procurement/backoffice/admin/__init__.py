"""What administrators look after: the company, people, mail; and each person's own account."""

from flask import Blueprint

from procurement.backoffice.admin import (
    approval_rules,
    cost_centres,
    outbox,
    papers,
    profile,
    quote_rules,
    safety_rules,
    settings,
    shop,
    shop_terms,
    taxes,
    users,
)

DOORS: list[Blueprint] = [
    profile.bp,
    settings.bp,
    papers.bp,
    taxes.bp,
    approval_rules.bp,
    cost_centres.bp,
    quote_rules.bp,
    shop.bp,
    shop_terms.bp,
    safety_rules.bp,
    users.bp,
    outbox.bp,
]

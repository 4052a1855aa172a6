"""The sales inbox, quotes, customers, price lists: staff pages."""

from flask import Blueprint

from procurement.backoffice.sales import (
    batches,
    customers,
    doors,
    enquiries,
    exemptions,
    groups,
    price_check,
    price_lists,
    price_rules,
    quote_actions,
    quote_talk,
    quotes,
)

VIEWS = (
    batches,
    customers,
    enquiries,
    exemptions,
    groups,
    price_check,
    price_lists,
    price_rules,
    quote_actions,
    quote_talk,
    quotes,
)  # importing them hangs them up

DOORS: list[Blueprint] = [
    doors.quotes_door,
    doors.batches_door,
    doors.enquiries_door,
    doors.customers_door,
    doors.price_lists_door,
    doors.price_rules_door,
    doors.price_check_door,
    doors.groups_door,
]

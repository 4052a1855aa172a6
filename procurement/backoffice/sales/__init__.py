"""The sales inbox, quotes, orders, shipments, customers, price lists: staff pages."""

from flask import Blueprint

from procurement.backoffice.sales import (
    approvals,
    batches,
    customer_returns,
    customers,
    doors,
    enquiries,
    exemptions,
    groups,
    invoice_exports,
    price_check,
    price_lists,
    price_rules,
    quote_actions,
    quote_talk,
    quotes,
    sales_backorders,
    sales_order_form,
    sales_orders,
    shipments,
)

VIEWS = (
    batches,
    customer_returns,
    approvals,
    customers,
    enquiries,
    exemptions,
    groups,
    invoice_exports,
    price_check,
    price_lists,
    price_rules,
    quote_actions,
    quote_talk,
    quotes,
    sales_backorders,
    sales_order_form,
    sales_orders,
    shipments,
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
    doors.sales_orders_door,
    doors.sales_backorders_door,
    doors.shipments_door,
    doors.customer_returns_door,
    doors.invoice_exports_door,
]

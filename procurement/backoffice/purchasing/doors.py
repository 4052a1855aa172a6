"""The doors of purchasing, for the application to open."""

from flask import Blueprint

from procurement.backoffice.purchasing import (
    backorders,
    blankets,
    budgets,
    certificates,
    claims,
    delivery_rules,
    invoice_terms,
    measuring,
    need_figures,
    needs,
    order_days,
    order_exchange,
    order_files,
    plans,
    price_files,
    receipts,
    request_form,
    returns,
    scorecards,
    templates,
)

# `order_files.bp` is the orders' door with the pages of their form, their changes and their files;
# `order_days.bp` is the suppliers' door with the page of their order days;
# `invoice_terms.bp` and `request_form.bp` are those of invoices and requests with all their pages.
DOORS: tuple[Blueprint, ...] = (
    backorders.bp,
    returns.bp,
    claims.bp,
    delivery_rules.bp,
    needs.bp,
    need_figures.bp,
    measuring.bp,
    plans.bp,
    blankets.bp,
    budgets.bp,
    templates.bp,
    order_files.bp,
    receipts.bp,
    order_days.bp,
    order_exchange.bp,
    invoice_terms.bp,
    request_form.bp,
    scorecards.bp,
    price_files.bp,
    certificates.bp,
)

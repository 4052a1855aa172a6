"""The doors of purchasing, for the application to open."""

from flask import Blueprint

from procurement.backoffice.purchasing import needs, order_form, receipts, suppliers

# `order_form.bp` is the orders' door with the pages of their form.
DOORS: tuple[Blueprint, ...] = (needs.bp, order_form.bp, receipts.bp, suppliers.bp)

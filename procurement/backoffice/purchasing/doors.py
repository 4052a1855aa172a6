"""The doors of purchasing, for the application to open."""

from flask import Blueprint

from procurement.backoffice.purchasing import needs, order_amending, receipts, suppliers

# `order_amending.bp` is the orders' door with the pages of their form and of their changes.
DOORS: tuple[Blueprint, ...] = (needs.bp, order_amending.bp, receipts.bp, suppliers.bp)

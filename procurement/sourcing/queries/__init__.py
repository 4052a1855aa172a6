"""What sourcing answers: suppliers, what they sell, at which price, on which days."""

from procurement.sourcing.queries.calendars import calendar_of, calendars_of
from procurement.sourcing.queries.suppliers import (
    has_items,
    price_breaks_of,
    supplier_choices,
    supplier_for_update,
    supplier_item_row,
    supplier_items,
    supplier_page,
    suppliers,
)

__all__ = [
    "calendar_of",
    "calendars_of",
    "has_items",
    "price_breaks_of",
    "supplier_choices",
    "supplier_for_update",
    "supplier_item_row",
    "supplier_items",
    "supplier_page",
    "suppliers",
]

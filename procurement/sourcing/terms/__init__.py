"""Words and rows of sourcing that doors may see."""

from procurement.sourcing.terms.calendars import (
    ClosedDays,
    MomentInZone,
    NextDelivery,
    OrderCalendar,
)
from procurement.sourcing.terms.items import BreakScheme, PriceBreak, SupplierItemRow
from procurement.sourcing.terms.suppliers import Standing, SupplierPage, SupplierRow, SupplierTerms

__all__ = [
    "BreakScheme",
    "ClosedDays",
    "MomentInZone",
    "NextDelivery",
    "OrderCalendar",
    "PriceBreak",
    "Standing",
    "SupplierItemRow",
    "SupplierPage",
    "SupplierRow",
    "SupplierTerms",
]

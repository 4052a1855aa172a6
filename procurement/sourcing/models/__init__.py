"""Who sells to us, what, in which packs and at which price breaks."""

from procurement.sourcing.models.calendars import SupplierCalendar, SupplierClosedDays
from procurement.sourcing.models.items import PriceBreak, SupplierItem
from procurement.sourcing.models.suppliers import Supplier

__all__ = [
    "PriceBreak",
    "Supplier",
    "SupplierCalendar",
    "SupplierClosedDays",
    "SupplierItem",
]

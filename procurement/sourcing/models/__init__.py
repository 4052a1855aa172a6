"""Who sells to us, what, in which packs and at which price breaks."""

from procurement.sourcing.models.calendars import SupplierCalendar, SupplierClosedDays
from procurement.sourcing.models.certificates import Certificate, SafetySheetKind
from procurement.sourcing.models.items import PriceBreak, SupplierItem
from procurement.sourcing.models.price_files import PriceChange, PriceFile, PriceFileLine
from procurement.sourcing.models.suppliers import Supplier

__all__ = [
    "Certificate",
    "PriceBreak",
    "PriceChange",
    "PriceFile",
    "PriceFileLine",
    "SafetySheetKind",
    "Supplier",
    "SupplierCalendar",
    "SupplierClosedDays",
    "SupplierItem",
]

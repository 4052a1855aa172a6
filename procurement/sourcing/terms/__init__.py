"""Words and rows of sourcing that doors may see."""

from procurement.sourcing.terms.calendars import (
    ClosedDays,
    MomentInZone,
    NextDelivery,
    OrderCalendar,
)
from procurement.sourcing.terms.certificates import (
    CertificateKind,
    CertificateRow,
    CertificateState,
    MissingCertificate,
)
from procurement.sourcing.terms.items import BreakScheme, PriceBreak, SupplierItemRow
from procurement.sourcing.terms.price_files import (
    LineKind,
    PriceChange,
    PriceFilePage,
    PriceFileRow,
    PriceFileStatus,
    PriceLine,
    PriceRow,
)
from procurement.sourcing.terms.suppliers import Standing, SupplierPage, SupplierRow, SupplierTerms

__all__ = [
    "BreakScheme",
    "CertificateKind",
    "CertificateRow",
    "CertificateState",
    "ClosedDays",
    "LineKind",
    "MissingCertificate",
    "MomentInZone",
    "NextDelivery",
    "OrderCalendar",
    "PriceBreak",
    "PriceChange",
    "PriceFilePage",
    "PriceFileRow",
    "PriceFileStatus",
    "PriceLine",
    "PriceRow",
    "Standing",
    "SupplierItemRow",
    "SupplierPage",
    "SupplierRow",
    "SupplierTerms",
]

"""Words and rows of sourcing that doors may see."""

from procurement.sourcing.terms.items import BreakScheme, PriceBreak, SupplierItemRow
from procurement.sourcing.terms.suppliers import Standing, SupplierPage, SupplierRow, SupplierTerms

__all__ = [
    "BreakScheme",
    "PriceBreak",
    "Standing",
    "SupplierItemRow",
    "SupplierPage",
    "SupplierRow",
    "SupplierTerms",
]

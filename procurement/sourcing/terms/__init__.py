"""Words and rows of sourcing that doors may see."""

from procurement.sourcing.terms.items import PriceBreak, SupplierItemRow
from procurement.sourcing.terms.suppliers import SupplierPage, SupplierRow

__all__ = [
    "PriceBreak",
    "SupplierItemRow",
    "SupplierPage",
    "SupplierRow",
]

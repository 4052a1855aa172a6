"""Words and rows of suppliers."""

from dataclasses import dataclass

from procurement.sourcing.terms.items import SupplierItemRow


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """A supplier in the list."""

    code: str
    name: str
    currency: str
    email: str
    phone: str
    contact: str
    items: int
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierPage:
    """Everything a supplier's page shows."""

    code: str
    name: str
    currency: str
    email: str
    phone: str
    address: str
    contact: str
    note: str
    active: bool
    items: tuple[SupplierItemRow, ...]

"""Words and rows of sourcing that doors may see."""

from dataclasses import dataclass

from procurement.kernel.money import UnitPrice
from procurement.kernel.quantity import Pack


@dataclass(frozen=True, slots=True)
class PriceBreak:
    """From this many packs, one pack costs this."""

    from_packs: int
    price: UnitPrice


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
class SupplierItemRow:
    """Our product as one supplier sells it."""

    supplier: str
    supplier_name: str
    product: str
    product_name: str
    code: str
    pack: str
    pack_value: Pack
    moq: int
    multiple: int
    lead_time_days: int
    preferred: bool
    active: bool
    price_breaks: tuple[PriceBreak, ...]


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

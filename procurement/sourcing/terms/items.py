"""Words and rows of supplier items."""

from dataclasses import dataclass

from procurement.kernel.money import UnitPrice
from procurement.kernel.quantity import Pack


@dataclass(frozen=True, slots=True)
class PriceBreak:
    """From this many packs, one pack costs this."""

    from_packs: int
    price: UnitPrice


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

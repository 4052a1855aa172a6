"""Words and rows of supplier items."""

from dataclasses import dataclass
from enum import StrEnum

from procurement.kernel.money import UnitPrice
from procurement.kernel.quantity import Pack


class BreakScheme(StrEnum):
    """What a break's price is for: every pack of the line, or only the packs from there on."""

    ALL_UNITS = "all_units"
    INCREMENTAL = "incremental"


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
    scheme: BreakScheme
    guaranteed_days: int | None
    preferred: bool
    blocked: bool
    active: bool
    price_breaks: tuple[PriceBreak, ...]

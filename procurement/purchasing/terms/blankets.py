"""Words and rows of blanket orders."""

from dataclasses import dataclass
from datetime import date, datetime

from procurement.kernel.money import UnitPrice
from procurement.kernel.quantity import Pack


@dataclass(frozen=True, slots=True, kw_only=True)
class BlanketRow:
    """A blanket order in a list; packs of all its lines together."""

    number: str
    name: str
    supplier: str
    supplier_name: str
    valid_from: date
    valid_until: date
    closed: bool
    packs: int
    drawn: int

    def holds_on(self, day: date) -> bool:
        return not self.closed and self.valid_from <= day <= self.valid_until


@dataclass(frozen=True, slots=True, kw_only=True)
class BlanketLineRow:
    """So many packs agreed at a price, and how many orders have drawn."""

    position: int
    product: str
    product_name: str
    pack: str
    pack_value: Pack
    packs: int
    price: UnitPrice
    drawn: int

    @property
    def left(self) -> int:
        return self.packs - self.drawn


@dataclass(frozen=True, slots=True)
class AgreedPrice:
    """A pack at the price of a blanket order in force; `left` packs can be called off, drafts taken away."""

    blanket: str
    product_id: int
    supplier: str
    pack: str
    price: UnitPrice
    left: int


@dataclass(frozen=True, slots=True)
class CallOffRow:
    """An order with lines of a blanket order; a draft draws nothing yet."""

    order: str
    status: str
    packs: int


@dataclass(frozen=True, slots=True)
class BlanketRevisionRow:
    """One change of what was agreed: `changed` says each in words."""

    number: int
    why: str
    changed: tuple[str, ...]
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class BlanketPage:
    """Everything the page of a blanket order shows."""

    row: BlanketRow
    note: str
    currency: str
    agreed_at: datetime
    agreed_by: str
    lines: tuple[BlanketLineRow, ...]
    orders: tuple[CallOffRow, ...]
    revision: int = 0  # 0 as it was agreed
    revisions: tuple[BlanketRevisionRow, ...] = ()  # the latest first

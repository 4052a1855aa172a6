"""Words and rows of goods receipts."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from procurement.kernel.money import UnitPrice
from procurement.kernel.quantity import Pack, Quantity
from procurement.purchasing.terms.status import OrderStatus


class Condition(StrEnum):
    """How a delivered pack arrived."""

    GOOD = "good"  # goes to its destination
    DOUBTFUL = "doubtful"  # goes to quarantine
    REFUSED = "refused"  # goes back with the driver; stays on order or is closed short


class Fault(StrEnum):
    """What is wrong with packs that were not taken as good; a claim says the same."""

    DAMAGED = "damaged"
    SHORT_DATED = "short_dated"
    WRONG_GOODS = "wrong_goods"
    MISSING = "missing"  # on the delivery note, not in the delivery
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRow:
    """A goods receipt in a list."""

    number: str
    order: str
    supplier: str
    supplier_name: str
    delivery_note: str
    received_at: datetime
    received_by: str
    lines: int
    packs: int
    refused: int
    is_reversed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLineRow:
    """What arrived of one order line, in one lot."""

    position: int
    order_position: int
    product: str
    product_name: str
    supplier_code: str
    pack_value: Pack
    packs: int
    condition: Condition
    lot: str | None
    expires_on: date | None
    into: str | None
    into_name: str | None
    close_short: bool
    remark: str
    fault: Fault | None = None
    why: str = ""  # why it was taken, doubted or refused
    ordered_price: UnitPrice
    noted_price: UnitPrice | None = None  # of a pack, as the delivery note says
    noted_packs: int | None = None
    photos: tuple[str, ...] = ()  # SHA-256 of each

    @property
    def quantity(self) -> Quantity:
        return self.pack_value.of(self.packs)

    @property
    def price_differs(self) -> bool:
        return self.noted_price is not None and self.noted_price != self.ordered_price


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptPage:
    """Everything the page of a goods receipt shows."""

    number: str
    order: str
    order_status: OrderStatus
    supplier: str
    supplier_name: str
    delivery_note: str
    received_at: datetime
    received_by: str
    reversed_at: datetime | None
    reversed_by: str | None
    reversed_why: str
    currency: str
    lines: tuple[ReceiptLineRow, ...]

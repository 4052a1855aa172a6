"""Words of purchasing that doors may see."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from procurement.kernel.money import Money, Rate, UnitPrice
from procurement.kernel.quantity import Pack, Quantity


class OrderStatus(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    PLACED = "placed"
    PARTIALLY_RECEIVED = "partially_received"
    RECEIVED = "received"
    CLOSED_SHORT = "closed_short"
    CANCELLED = "cancelled"


# What may follow what; everything else is refused.
TRANSITIONS: dict[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.DRAFT: frozenset({OrderStatus.APPROVED, OrderStatus.CANCELLED}),
    OrderStatus.APPROVED: frozenset({OrderStatus.DRAFT, OrderStatus.PLACED, OrderStatus.CANCELLED}),
    OrderStatus.PLACED: frozenset(
        {
            OrderStatus.PARTIALLY_RECEIVED,
            OrderStatus.RECEIVED,
            OrderStatus.CLOSED_SHORT,
            OrderStatus.CANCELLED,
        }
    ),
    # Back to placed, or open again, only by reversing a receipt.
    OrderStatus.PARTIALLY_RECEIVED: frozenset(
        {OrderStatus.RECEIVED, OrderStatus.CLOSED_SHORT, OrderStatus.PLACED}
    ),
    OrderStatus.RECEIVED: frozenset({OrderStatus.PARTIALLY_RECEIVED, OrderStatus.PLACED}),
    OrderStatus.CLOSED_SHORT: frozenset({OrderStatus.PARTIALLY_RECEIVED, OrderStatus.PLACED}),
    OrderStatus.CANCELLED: frozenset(),
}

# Goods of an order of one of these can arrive.
ON_THE_WAY = frozenset({OrderStatus.PLACED, OrderStatus.PARTIALLY_RECEIVED})

# An order of one of these still brings goods: its outstanding lines count as on order.
OPEN = frozenset(
    {
        OrderStatus.DRAFT,
        OrderStatus.APPROVED,
        OrderStatus.PLACED,
        OrderStatus.PARTIALLY_RECEIVED,
    }
)


class Condition(StrEnum):
    """How a delivered pack arrived."""

    GOOD = "good"  # goes to its destination
    DOUBTFUL = "doubtful"  # goes to quarantine
    REFUSED = "refused"  # goes back with the driver; stays on order or is closed short


@dataclass(frozen=True, slots=True)
class Totals:
    """Net, tax and gross of a document, computed once and copied everywhere else."""

    net: Money
    tax: Money
    gross: Money


@dataclass(frozen=True, slots=True)
class TaxSum:
    """The tax of one rate in a document."""

    rate: Rate
    net: Money
    tax: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """A purchase order in a list."""

    number: str
    status: OrderStatus
    supplier: str
    supplier_name: str
    deliver_to: str | None
    drafted_at: datetime
    drafted_by: str
    placed_at: datetime | None
    due_on: date | None
    lines: int
    packs: int
    received: int
    totals: Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLineRow:
    """A line of an order as it is shown."""

    position: int
    product: str
    product_name: str
    supplier_code: str
    pack: str
    pack_value: Pack
    packs: int
    price: UnitPrice
    tax_rate: Rate
    net: Money
    wanted_by: date | None
    tolerance: int
    received: int
    closed: bool
    objections: tuple[str, ...]

    @property
    def outstanding(self) -> int:
        return 0 if self.closed else max(0, self.packs - self.received)

    @property
    def quantity(self) -> Quantity:
        return self.pack_value.of(self.packs)


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
class OrderPage:
    """Everything the page of an order shows."""

    number: str
    status: OrderStatus
    version: int
    supplier: str
    supplier_name: str
    supplier_email: str
    currency: str
    deliver_to: str | None
    deliver_to_name: str | None
    drafted_at: datetime
    drafted_by: str
    drafted_by_id: int | None
    approved_at: datetime | None
    approved_by: str | None
    placed_at: datetime | None
    due_on: date | None
    note_to_supplier: str
    note_to_us: str
    lines: tuple[OrderLineRow, ...]
    taxes: tuple[TaxSum, ...]
    totals: Totals
    receipts: tuple[ReceiptRow, ...]


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

    @property
    def quantity(self) -> Quantity:
        return self.pack_value.of(self.packs)


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
    lines: tuple[ReceiptLineRow, ...]


@dataclass(frozen=True, slots=True)
class OnOrder:
    """So much of a product is still to come to a place."""

    product: str
    deliver_to: str | None
    order: str
    due_on: date | None
    quantity: Quantity

"""Words and rows of purchase orders."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from procurement.kernel.money import Money, TaxRate, UnitPrice
from procurement.kernel.quantity import Pack, Quantity
from procurement.purchasing.terms.confirmations import SupplierAnswer
from procurement.purchasing.terms.receipts import ReceiptRow
from procurement.purchasing.terms.status import OrderStatus
from procurement.sourcing.terms import PriceBreak


@dataclass(frozen=True, slots=True)
class Totals:
    """Net, tax and gross of a document, computed once and copied everywhere else."""

    net: Money
    tax: Money
    gross: Money


@dataclass(frozen=True, slots=True)
class TaxSum:
    """The tax of one rate in a document."""

    rate: TaxRate
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
    is_returned: bool
    placed_at: datetime | None
    due_on: date | None
    lines: int
    packs: int
    received: int
    totals: Totals


@dataclass(frozen=True, slots=True)
class UnitCost:
    """The price of a pack divided by what it holds: 6.63 a bottle."""

    price: UnitPrice
    word: str


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
    tax_rate: TaxRate
    net: Money
    wanted_by: date | None
    tolerance: int
    received: int
    closed: bool
    dropped: bool  # taken off the order before any of it came
    objections: tuple[str, ...]
    blanket: str | None = None  # the blanket order it draws on
    each: UnitCost | None = None  # what one unit of the pack costs
    next_break: PriceBreak | None = None  # the nearest at which a pack is cheaper
    is_on_file: bool = False  # the price is the supplier's for so many packs

    @property
    def outstanding(self) -> int:
        return 0 if self.closed else max(0, self.packs - self.received)

    @property
    def quantity(self) -> Quantity:
        return self.pack_value.of(self.packs)


@dataclass(frozen=True, slots=True)
class OtherPrice:
    """A delivery or an invoice says another price of a pack than the order."""

    position: int
    price: UnitPrice
    document: str  # its number
    is_invoice: bool


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
    returned_at: datetime | None
    returned_by: str | None
    returned_why: str
    placed_at: datetime | None
    due_on: date | None
    promised_on: date | None  # before the supplier moved it
    answer: SupplierAnswer | None
    note_to_supplier: str
    note_to_us: str
    lines: tuple[OrderLineRow, ...]
    taxes: tuple[TaxSum, ...]
    totals: Totals
    receipts: tuple[ReceiptRow, ...]
    revision: int  # 0 as it was placed
    worth: "OrderWorth | None"  # None: in the company's currency, or no rate was known
    other_prices: tuple[OtherPrice, ...] = ()
    freight: Money | None = None  # in the net; None: from before orders said so
    cost_centre: str | None = None
    cost_centre_name: str = ""
    freight_agreed: bool = False  # for this order; else as the supplier's terms say

    @property
    def goods(self) -> Money:
        """The net without what the delivery costs."""
        return self.totals.net if self.freight is None else self.totals.net - self.freight


@dataclass(frozen=True, slots=True)
class OrderWorth:
    """What an order is worth in the company's currency, at the rate it was approved or placed with."""

    gross: Money
    rate: Decimal


@dataclass(frozen=True, slots=True)
class OnOrder:
    """So much of a product is still to come to a place."""

    product: str
    deliver_to: str | None
    order: str
    due_on: date | None
    quantity: Quantity

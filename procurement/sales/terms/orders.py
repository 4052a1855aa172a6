"""Words and rows of sales orders that doors may see."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from procurement.kernel.money import Money, Rate, TaxRate, UnitPrice
from procurement.kernel.quantity import Quantity
from procurement.kernel.tax_categories import TaxCategory


class SalesOrderStatus(StrEnum):
    DRAFT = "draft"
    CONFIRMED = "confirmed"
    PARTIALLY_SHIPPED = "partially_shipped"
    SHIPPED = "shipped"
    CLOSED_SHORT = "closed_short"
    CANCELLED = "cancelled"


_S = SalesOrderStatus

# What may follow what; everything else is refused. Backwards only by reversing a shipment.
ORDER_TRANSITIONS: dict[SalesOrderStatus, frozenset[SalesOrderStatus]] = {
    _S.DRAFT: frozenset({_S.CONFIRMED, _S.CANCELLED}),
    _S.CONFIRMED: frozenset({_S.PARTIALLY_SHIPPED, _S.SHIPPED, _S.CLOSED_SHORT, _S.CANCELLED}),
    _S.PARTIALLY_SHIPPED: frozenset({_S.SHIPPED, _S.CLOSED_SHORT, _S.CONFIRMED}),
    _S.SHIPPED: frozenset({_S.PARTIALLY_SHIPPED, _S.CONFIRMED}),
    _S.CLOSED_SHORT: frozenset({_S.PARTIALLY_SHIPPED, _S.CONFIRMED}),
    _S.CANCELLED: frozenset(),
}

# Something of an order of one of these is still to be shipped.
TO_SHIP = frozenset({_S.CONFIRMED, _S.PARTIALLY_SHIPPED})


class Payment(StrEnum):
    """How an order is paid."""

    ON_ACCOUNT = "on_account"  # after the invoice, within the credit agreed on
    PREPAID = "prepaid"  # before anything is shipped


class CustomerReturnReason(StrEnum):
    """Why a customer sent goods back."""

    DAMAGED = "damaged"
    WRONG_GOODS = "wrong_goods"
    TOO_MANY = "too_many"
    NOT_WANTED = "not_wanted"
    QUALITY = "quality"
    RECALLED = "recalled"
    OTHER = "other"


class ReturnRequestStatus(StrEnum):
    """What became of a customer's wish to send something back."""

    ASKED = "asked"
    TAKEN = "taken"  # the goods are back
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SalesOrderRow:
    """An order in a list. The money is None for who may not see sales."""

    number: str
    status: SalesOrderStatus
    customer: str
    customer_name: str
    customer_ref: str
    quote: str | None
    site: str
    site_name: str
    wanted_on: date | None
    drafted_at: datetime
    confirmed_at: datetime | None
    lines: int
    waiting: int  # lines of which something is to ship and not reserved
    net: Money
    tax: Money
    gross: Money
    placed_at: datetime | None = None  # by the customer themselves
    payment: Payment = Payment.ON_ACCOUNT
    paid_at: datetime | None = None

    @property
    def waits_for_us(self) -> bool:
        """The customer placed it, and nobody has confirmed it."""
        return self.placed_at is not None and self.status is SalesOrderStatus.DRAFT

    @property
    def waits_for_money(self) -> bool:
        """Nothing is shipped before it is paid."""
        return (
            self.payment is Payment.PREPAID
            and self.paid_at is None
            and self.status is not SalesOrderStatus.CANCELLED
        )


@dataclass(frozen=True, slots=True)
class OrderLineRow:
    """A line with how far it has come. Steps are of the product's unit; `ready` whole packs are reserved."""

    position: int
    product: str
    product_name: str
    pack: str
    pack_name: str
    size: Quantity
    packs: int
    shipped: int
    closed: bool
    is_goods: bool
    reserved: Quantity
    price: UnitPrice
    discount: Rate
    tax_code: str
    tax: TaxRate
    tax_category: TaxCategory
    tax_detail: str  # what an untaxed line rests on: a certificate, a VAT number
    tax_reason: str  # why this tax; empty where somebody chose it
    net: Money
    note: str
    quote_position: int | None
    product_id: int
    pack_id: int
    wanted_on: date | None = None  # where it is another day than the order's

    @property
    def outstanding(self) -> int:
        """Packs still to ship."""
        return 0 if self.closed else self.packs - self.shipped

    @property
    def ready(self) -> int:
        """Packs that can be shipped now; a service needs no goods."""
        if not self.is_goods:
            return self.outstanding
        return min(self.outstanding, self.reserved.steps // self.size.steps)

    @property
    def waiting(self) -> int:
        """Packs that were accepted without goods for them: the backorder."""
        return self.outstanding - self.ready


@dataclass(frozen=True, slots=True)
class PickRow:
    """So much of a lot at a place, promised to a line of an order."""

    position: int
    product: str
    product_name: str
    place: str
    place_name: str
    lot: str
    lot_name: str  # SKU/NUMBER
    use_by: date | None
    quantity: Quantity
    size: Quantity  # of the pack that was ordered
    pack_name: str
    problem: str = ""  # why it cannot be shipped


@dataclass(frozen=True, slots=True)
class ShipmentRow:
    number: str
    order: str
    customer: str
    customer_name: str
    shipped_at: datetime
    shipped_by: str
    lines: int
    carrier: str
    tracking: str
    is_reversed: bool


@dataclass(frozen=True, slots=True)
class ShipmentLineRow:
    """So much of one lot that went to the customer; a service has no lot."""

    position: int
    order_position: int
    product: str
    product_name: str
    pack_name: str
    size: Quantity
    quantity: Quantity
    returned: Quantity
    lot: str | None
    expires_on: date | None
    place_name: str

    @property
    def returnable(self) -> Quantity:
        return self.quantity - self.returned


@dataclass(frozen=True, slots=True)
class ShipmentPage:
    head: ShipmentRow
    deliver_to: str
    customer_ref: str
    note: str
    reversed_at: datetime | None
    reversed_by: str | None
    reversed_why: str
    lines: tuple[ShipmentLineRow, ...]
    returns: tuple[str, ...]  # numbers, those taken back left out


@dataclass(frozen=True, slots=True)
class CustomerReturnRow:
    number: str
    shipment: str
    order: str
    customer: str
    customer_name: str
    reason: CustomerReturnReason
    into: str
    into_name: str
    taken_at: datetime
    taken_by: str
    lines: int
    is_reversed: bool


@dataclass(frozen=True, slots=True)
class CustomerReturnLineRow:
    position: int
    shipment_position: int
    product: str
    product_name: str
    lot: str
    expires_on: date | None
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class CustomerReturnPage:
    head: CustomerReturnRow
    note: str
    reversed_at: datetime | None
    reversed_by: str | None
    reversed_why: str
    lines: tuple[CustomerReturnLineRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesOrderPage:
    """An order with all that has become of it."""

    number: str
    status: SalesOrderStatus
    version: int
    customer: str
    customer_name: str
    mail_to: str
    contact_name: str
    quote: str | None
    currency: str
    site: str
    site_name: str
    deliver_to: str
    wanted_on: date | None
    customer_ref: str
    note_to_customer: str
    note_to_us: str
    drafted_at: datetime
    drafted_by: str
    confirmed_at: datetime | None
    confirmed_by: str | None
    has_paper: bool
    net: Money
    tax: Money
    gross: Money
    lines: tuple[OrderLineRow, ...]
    shipments: tuple[ShipmentRow, ...]
    returns: tuple[CustomerReturnRow, ...]
    placed_at: datetime | None = None
    placed_by: str = ""
    payment: Payment = Payment.ON_ACCOUNT
    paid_at: datetime | None = None
    payment_reference: str = ""
    look_first: str = ""  # what our people should see before they confirm it

    @property
    def waits_for_us(self) -> bool:
        """The customer placed it, and nobody has confirmed it."""
        return self.placed_at is not None and self.status is SalesOrderStatus.DRAFT

    @property
    def waits_for_money(self) -> bool:
        """Nothing is shipped before it is paid."""
        return (
            self.payment is Payment.PREPAID
            and self.paid_at is None
            and self.status is not SalesOrderStatus.CANCELLED
        )

    @property
    def is_ready(self) -> bool:
        """Whether something can be shipped now."""
        return (
            self.status in TO_SHIP
            and not self.waits_for_money
            and any(line.ready for line in self.lines)
        )

    @property
    def is_waiting(self) -> bool:
        return self.status in TO_SHIP and any(line.waiting for line in self.lines)


@dataclass(frozen=True, slots=True)
class ReturnRequestRow:
    """What a customer asks to send back of a shipment."""

    number: str
    status: ReturnRequestStatus
    customer: str
    customer_name: str
    order: str
    shipment: str
    reason: CustomerReturnReason
    asked_at: datetime
    asked_by: str
    answer: str
    took: str | None  # the customer return it became


@dataclass(frozen=True, slots=True)
class ReturnRequestLineRow:
    product: str
    product_name: str
    lot: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class ReturnRequestPage:
    head: ReturnRequestRow
    note: str
    decided_at: datetime | None
    decided_by: str
    lines: tuple[ReturnRequestLineRow, ...]
    photos: int

"""Words and rows of supplier invoices."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from procurement.kernel.money import Money, Rate, TaxRate, UnitPrice
from procurement.kernel.quantity import Pack, Quantity
from procurement.purchasing.terms.orders import Totals


class InvoiceKind(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"  # takes something of one invoice back


class InvoiceStatus(StrEnum):
    RECORDED = "recorded"  # with differences that somebody decides
    MATCHED = "matched"  # agrees with order and receipt, or differs within tolerance
    DISPUTED = "disputed"  # the supplier was asked
    APPROVED = "approved"  # to be paid, or to be set off
    CREDITED = "credited"  # taken back as a whole; nothing is paid
    CANCELLED = "cancelled"  # recorded in error


# Nobody has decided about an invoice of these.
UNDECIDED = frozenset({InvoiceStatus.RECORDED, InvoiceStatus.MATCHED, InvoiceStatus.DISPUTED})


class InvoicedFor(StrEnum):
    """What a line is about; only credit notes have lines about the price alone."""

    GOODS = "goods"
    PRICE = "price"


class DifferenceKind(StrEnum):
    QUANTITY = "quantity"
    PRICE = "price"
    TAX = "tax"
    FREIGHT = "freight"
    CHARGES = "charges"
    TOTAL = "total"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Difference:
    """What an invoice says otherwise than order and receipt, in words. `amount` above nothing is asked too much."""

    kind: DifferenceKind
    position: int | None  # of the invoice's line; None: the whole paper
    words: str
    amount: Money
    is_within: bool  # the tolerance lets it pass


@dataclass(frozen=True, slots=True)
class InvoiceTolerance:
    """A difference passes while it is above neither."""

    percent: Rate
    amount: Money


@dataclass(frozen=True, slots=True)
class InvoiceTermsRow:
    """What holds for the invoices of a supplier, or of all (`supplier` None), where nothing of its own is set."""

    supplier: str | None
    supplier_name: str
    payment_days: int
    tolerance: InvoiceTolerance
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceRow:
    """A supplier invoice in a list; the sums of a credit note are below nothing."""

    number: str
    kind: InvoiceKind
    status: InvoiceStatus
    supplier: str
    supplier_name: str
    supplier_number: str
    invoiced_on: date
    due_on: date
    totals: Totals
    differences: int  # to be decided
    recorded_at: datetime
    recorded_by: str
    decided_at: datetime | None
    decided_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLineRow:
    """A line beside what was ordered and received of it."""

    position: int
    order: str
    order_position: int
    product: str
    product_name: str
    supplier_code: str
    pack_value: Pack
    about: InvoicedFor
    ordered: int
    received: int
    returned: int
    invoiced_before: int
    packs: int
    agreed: UnitPrice
    price: UnitPrice
    tax_rate: TaxRate
    net: Money
    differences: tuple[Difference, ...]

    @property
    def quantity(self) -> Quantity:
        return self.pack_value.of(self.packs)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicePage:
    """Everything the page of a supplier invoice shows; amounts as printed, also on a credit note."""

    number: str
    kind: InvoiceKind
    status: InvoiceStatus
    version: int
    supplier: str
    supplier_name: str
    supplier_number: str
    credits: str | None
    credit_notes: tuple[InvoiceRow, ...]
    currency: str
    invoiced_on: date
    due_on: date
    freight: Money
    other: Money
    other_words: str
    note: str
    has_paper: bool
    recorded_at: datetime
    recorded_by: str
    decided_at: datetime | None
    decided_by: str | None
    reason: str
    lines: tuple[InvoiceLineRow, ...]
    differences: tuple[Difference, ...]
    totals: Totals

    @property
    def open_differences(self) -> tuple[Difference, ...]:
        return tuple(one for one in self.differences if not one.is_within)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceableLine:
    """An order line with what of it was received (and not sent back) and invoiced so far."""

    order: str
    position: int
    supplier: str
    product: str
    product_name: str
    supplier_code: str
    pack_value: Pack
    packs: int
    received: int
    invoiced: int
    price: UnitPrice
    tax_rate: TaxRate

    @property
    def open(self) -> int:
        """Packs received and not yet invoiced."""
        return max(0, self.received - self.invoiced)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotInvoicedRow:
    """An order of which goods are here and no invoice is."""

    order: str
    supplier: str
    supplier_name: str
    placed_at: datetime | None
    lines: int
    packs: int
    value: Money

"""Supplier invoices."""

import base64
import binascii
from typing import Self

from pydantic import Field

from procurement.api.schemas.purchasing import TotalsShape
from procurement.api.schemas.values import (
    Body,
    Code,
    Day,
    Line,
    ListQuery,
    Moment,
    MoneyIn,
    MoneyOut,
    Name,
    Packs,
    PriceIn,
    Prose,
    QuantityOut,
    Shape,
    TaxPercentIn,
)
from procurement.kernel.errors import Invalid
from procurement.purchasing.operations.invoicing import (
    MOST_PAPER,
    NewInvoiceLine,
    RecordInvoice,
    ScannedPaper,
)
from procurement.purchasing.rules.invoices import PrintedTotals
from procurement.purchasing.terms.invoices import (
    Difference,
    DifferenceKind,
    InvoicedFor,
    InvoiceKind,
    InvoiceLineRow,
    InvoicePage,
    InvoiceRow,
    InvoiceStatus,
)


class InvoiceLineBody(Body):
    order: Code
    position: int = Field(ge=1, le=10_000, description="The line of the order")
    packs: Packs
    unit_price: PriceIn | None = Field(default=None, description="Default: as ordered")
    tax_percent: TaxPercentIn | None = Field(default=None, description="Default: as ordered")
    about: InvoicedFor = Field(
        default=InvoicedFor.GOODS, description="`price`: a credit note takes only off the price"
    )

    def line(self) -> NewInvoiceLine:
        return NewInvoiceLine(
            order=self.order,
            position=self.position,
            packs=self.packs,
            unit_price=self.unit_price.price() if self.unit_price else None,
            tax_percent=self.tax_percent,
            about=self.about,
        )


class PrintedBody(Body):
    """The paper's sums: they must be what lines and charges come to, to the cent."""

    net: MoneyIn | None = None
    tax: MoneyIn | None = None
    gross: MoneyIn | None = None

    def totals(self) -> PrintedTotals:
        parts = (self.net, self.tax, self.gross)
        return PrintedTotals(*(part.money() if part else None for part in parts))


class PaperBody(Body):
    file_name: Name
    content: str = Field(max_length=900_000, description="A PDF in Base64")

    def paper(self) -> ScannedPaper:
        try:
            content = base64.b64decode(self.content.encode("ascii"), validate=True)
        except (UnicodeEncodeError, binascii.Error) as error:
            raise Invalid("That is not Base64.", field="paper.content") from error
        return ScannedPaper(content[: MOST_PAPER + 1], self.file_name)


class InvoiceBody(Body):
    supplier: Code
    supplier_number: Code
    invoiced_on: Day
    due_on: Day | None = Field(default=None, description="Default: by the supplier's terms")
    lines: list[InvoiceLineBody] = Field(min_length=1, max_length=500)
    freight: MoneyIn | None = None
    other: MoneyIn | None = None
    other_words: Line = ""
    printed: PrintedBody | None = None
    misprinted: bool = Field(default=False, description="The paper itself does not add up")
    note: Prose = ""
    paper: PaperBody | None = None
    credits: Code | None = Field(default=None, description="Our number of the invoice credited")
    answers_return: Code | None = Field(
        default=None, description="Of a credit note: our return that it is for"
    )

    def command(self, key: str | None) -> RecordInvoice:
        return RecordInvoice(
            supplier=self.supplier,
            supplier_number=self.supplier_number,
            invoiced_on=self.invoiced_on,
            due_on=self.due_on,
            lines=tuple(line.line() for line in self.lines),
            freight=self.freight.money() if self.freight else None,
            other=self.other.money() if self.other else None,
            other_words=self.other_words,
            printed=self.printed.totals() if self.printed else None,
            misprinted=self.misprinted,
            note=self.note,
            paper=self.paper.paper() if self.paper else None,
            credits=self.credits,
            answers_return=self.answers_return,
            idempotency_key=key,
        )


class ApproveInvoiceBody(Body):
    reason: Prose = Field(
        default="", description="Needed where a difference is above the tolerance"
    )


class ReasonBody(Body):
    reason: Prose


class DifferenceShape(Shape):
    kind: DifferenceKind
    position: int | None = Field(description="The line of the invoice; null: the whole paper")
    words: str
    amount: MoneyOut
    within_tolerance: bool

    @classmethod
    def of(cls, row: Difference) -> Self:
        return cls(
            kind=row.kind,
            position=row.position,
            words=row.words,
            amount=MoneyOut.of(row.amount),
            within_tolerance=row.is_within,
        )


class InvoiceLineShape(Shape):
    position: int
    order: str
    order_position: int
    product: str
    about: InvoicedFor
    packs: int
    quantity: QuantityOut
    ordered: int
    received: int
    returned: int = Field(description="Whole packs of them, sent back")
    invoiced_before: int
    agreed_price: MoneyOut
    unit_price: MoneyOut
    tax_percent: str
    net: MoneyOut

    @classmethod
    def of(cls, row: InvoiceLineRow) -> Self:
        return cls(
            position=row.position,
            order=row.order,
            order_position=row.order_position,
            product=row.product,
            about=row.about,
            packs=row.packs,
            quantity=QuantityOut.of(row.quantity),
            ordered=row.ordered,
            received=row.received,
            returned=row.returned,
            invoiced_before=row.invoiced_before,
            agreed_price=MoneyOut.of(row.agreed),
            unit_price=MoneyOut.of(row.price),
            tax_percent=row.tax_rate.percent,
            net=MoneyOut.of(row.net),
        )


class InvoiceShape(Shape):
    number: str
    kind: InvoiceKind
    status: InvoiceStatus
    supplier: str
    supplier_number: str
    credits: str | None
    credit_notes: list[str]
    invoiced_on: Day
    due_on: Day
    freight: MoneyOut
    other: MoneyOut
    other_words: str
    totals: TotalsShape
    note: str
    has_paper: bool
    reason: str
    lines: list[InvoiceLineShape]
    differences: list[DifferenceShape]

    @classmethod
    def of(cls, page: InvoicePage) -> Self:
        return cls(
            number=page.number,
            kind=page.kind,
            status=page.status,
            supplier=page.supplier,
            supplier_number=page.supplier_number,
            credits=page.credits,
            credit_notes=[note.number for note in page.credit_notes],
            invoiced_on=page.invoiced_on,
            due_on=page.due_on,
            freight=MoneyOut.of(page.freight),
            other=MoneyOut.of(page.other),
            other_words=page.other_words,
            totals=TotalsShape.of(page.totals),
            note=page.note,
            has_paper=page.has_paper,
            reason=page.reason,
            lines=[InvoiceLineShape.of(line) for line in page.lines],
            differences=[DifferenceShape.of(one) for one in page.differences],
        )


class InvoiceRowShape(Shape):
    number: str
    kind: InvoiceKind
    status: InvoiceStatus
    supplier: str
    supplier_number: str
    invoiced_on: Day
    due_on: Day
    totals: TotalsShape
    open_differences: int
    recorded_at: Moment

    @classmethod
    def of(cls, row: InvoiceRow) -> Self:
        return cls(
            number=row.number,
            kind=row.kind,
            status=row.status,
            supplier=row.supplier,
            supplier_number=row.supplier_number,
            invoiced_on=row.invoiced_on,
            due_on=row.due_on,
            totals=TotalsShape.of(row.totals),
            open_differences=row.differences,
            recorded_at=row.recorded_at,
        )


class InvoiceQuery(ListQuery):
    status: InvoiceStatus | None = None
    supplier: str | None = Field(default=None, max_length=64)
    purchase_order: str | None = Field(default=None, max_length=64)
    due_until: Day | None = None
    text: str = Field(default="", max_length=200)

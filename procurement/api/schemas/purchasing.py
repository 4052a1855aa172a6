"""Purchase orders."""

from typing import Self

from pydantic import Field

from procurement.api.schemas.values import (
    Body,
    Code,
    Day,
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
from procurement.purchasing.operations.lines import NewOrderLine
from procurement.purchasing.operations.ordering import DraftOrder
from procurement.purchasing.terms import (
    OrderLineRow,
    OrderPage,
    OrderRow,
    OrderStatus,
    OtherPrice,
    SupplierAnswer,
    Totals,
)


class OrderLineBody(Body):
    product: Code
    packs: Packs
    pack: Code | None = Field(default=None, description="Default: the product's sales pack")
    unit_price: PriceIn | None = Field(
        default=None, description="Default: the supplier's price for so many packs"
    )
    tax_percent: TaxPercentIn | None = None
    wanted_by: Day | None = None
    tolerance: int | None = Field(
        default=None,
        ge=0,
        le=1_000_000,
        description="Packs that may come on top; null: as the delivery rules say",
    )
    blanket_order: Code | None = Field(
        default=None, description="The blanket order to call it off, at the price agreed there"
    )

    def line(self) -> NewOrderLine:
        return NewOrderLine(
            product=self.product,
            packs=self.packs,
            pack=self.pack,
            unit_price=self.unit_price.price() if self.unit_price else None,
            tax_percent=self.tax_percent,
            wanted_by=self.wanted_by,
            tolerance=self.tolerance,
            blanket=self.blanket_order,
        )


class OrderBody(Body):
    supplier: Code
    lines: list[OrderLineBody] = Field(min_length=1, max_length=1000)
    deliver_to: Code | None = Field(default=None, description="Default: the first storeroom")
    note_to_supplier: Prose = ""
    note_to_us: Prose = ""
    freight: MoneyIn | None = Field(
        default=None, description="What the delivery costs; default: as the supplier's terms say"
    )
    cost_centre: Code | None = None

    def command(self) -> DraftOrder:
        return DraftOrder(
            supplier=self.supplier,
            lines=tuple(line.line() for line in self.lines),
            deliver_to=self.deliver_to,
            note_to_supplier=self.note_to_supplier,
            note_to_us=self.note_to_us,
            freight=self.freight.money() if self.freight else None,
            cost_centre=self.cost_centre,
        )


class SendBackBody(Body):
    why: Name = Field(description="What should change")


class CloseShortBody(Body):
    position: int | None = Field(
        default=None, ge=1, le=1000, description="One line; default: all that is outstanding"
    )


class TotalsShape(Shape):
    net: MoneyOut
    tax: MoneyOut
    gross: MoneyOut

    @classmethod
    def of(cls, totals: Totals) -> Self:
        return cls(
            net=MoneyOut.of(totals.net),
            tax=MoneyOut.of(totals.tax),
            gross=MoneyOut.of(totals.gross),
        )


class OrderLineShape(Shape):
    position: int
    product: str
    pack: str
    packs: int
    quantity: QuantityOut
    unit_price: MoneyOut
    tax_percent: str
    net: MoneyOut
    supplier_code: str
    wanted_by: Day | None
    tolerance: int
    received: int
    outstanding: int
    closed: bool = Field(description="Nothing more of it is expected")

    @classmethod
    def of(cls, row: OrderLineRow) -> Self:
        return cls(
            position=row.position,
            product=row.product,
            pack=row.pack,
            packs=row.packs,
            quantity=QuantityOut.of(row.quantity),
            unit_price=MoneyOut.of(row.price),
            tax_percent=row.tax_rate.percent,
            net=MoneyOut.of(row.net),
            supplier_code=row.supplier_code,
            wanted_by=row.wanted_by,
            tolerance=row.tolerance,
            received=row.received,
            outstanding=row.outstanding,
            closed=row.closed,
        )


class OtherPriceShape(Shape):
    position: int
    unit_price: MoneyOut
    goods_receipt: str | None
    supplier_invoice: str | None

    @classmethod
    def of(cls, row: OtherPrice) -> Self:
        return cls(
            position=row.position,
            unit_price=MoneyOut.of(row.price),
            goods_receipt=None if row.is_invoice else row.document,
            supplier_invoice=row.document if row.is_invoice else None,
        )


class OrderShape(Shape):
    number: str
    status: OrderStatus
    version: int = Field(description="Send it with an amendment: it is refused when it is stale")
    revision: int = Field(description="0 as it was placed")
    supplier: str
    currency: str
    deliver_to: str | None
    drafted_at: Moment
    approved_at: Moment | None
    approved_by: str | None
    sent_back: str | None = Field(description="Why it was sent back to its drafter")
    placed_at: Moment | None
    due_on: Day | None
    promised_on: Day | None = Field(description="Before the supplier moved it")
    answer: SupplierAnswer | None = Field(description="The supplier's latest")
    note_to_supplier: str
    note_to_us: str
    lines: list[OrderLineShape]
    other_prices: list[OtherPriceShape] = Field(
        description="What deliveries and invoices say otherwise"
    )
    cost_centre: str | None
    freight: MoneyOut | None = Field(description="What the delivery costs, in the net")
    totals: TotalsShape
    worth: MoneyOut | None = Field(
        description="In the company's currency, at the rate kept with the order; null in its own"
    )
    goods_receipts: list[str]

    @classmethod
    def of(cls, page: OrderPage) -> Self:
        return cls(
            number=page.number,
            status=page.status,
            version=page.version,
            revision=page.revision,
            worth=MoneyOut.of(page.worth.gross) if page.worth else None,
            supplier=page.supplier,
            currency=page.currency,
            deliver_to=page.deliver_to,
            drafted_at=page.drafted_at,
            approved_at=page.approved_at,
            approved_by=page.approved_by,
            sent_back=page.returned_why or None,
            placed_at=page.placed_at,
            due_on=page.due_on,
            promised_on=page.promised_on,
            answer=page.answer,
            note_to_supplier=page.note_to_supplier,
            note_to_us=page.note_to_us,
            lines=[OrderLineShape.of(line) for line in page.lines],
            other_prices=[OtherPriceShape.of(row) for row in page.other_prices],
            cost_centre=page.cost_centre,
            freight=MoneyOut.of(page.freight) if page.freight is not None else None,
            totals=TotalsShape.of(page.totals),
            goods_receipts=[receipt.number for receipt in page.receipts],
        )


class OrderRowShape(Shape):
    number: str
    status: OrderStatus
    supplier: str
    deliver_to: str | None
    drafted_at: Moment
    placed_at: Moment | None
    due_on: Day | None
    packs: int
    received: int
    totals: TotalsShape

    @classmethod
    def of(cls, row: OrderRow) -> Self:
        return cls(
            number=row.number,
            status=row.status,
            supplier=row.supplier,
            deliver_to=row.deliver_to,
            drafted_at=row.drafted_at,
            placed_at=row.placed_at,
            due_on=row.due_on,
            packs=row.packs,
            received=row.received,
            totals=TotalsShape.of(row.totals),
        )


class OrderQuery(ListQuery):
    status: OrderStatus | None = None
    supplier: str | None = Field(default=None, max_length=64)
    site: str | None = Field(default=None, max_length=64)
    text: str = Field(default="", max_length=200, description="Part of number, supplier, product")

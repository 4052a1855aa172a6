"""Goods receipts."""

from typing import Self

from pydantic import Field

from procurement.api.schemas.values import (
    Body,
    Code,
    Day,
    Line,
    ListQuery,
    Moment,
    MoneyOut,
    Name,
    PriceIn,
    QuantityOut,
    Shape,
)
from procurement.purchasing.rules.receiving import DeliveredLine
from procurement.purchasing.terms import (
    Condition,
    Fault,
    OrderStatus,
    ReceiptLineRow,
    ReceiptPage,
    ReceiptRow,
)


class DeliveredLineBody(Body):
    position: int = Field(ge=1, le=1000, description="The line of the order")
    packs: int = Field(ge=0, le=1_000_000)
    lot: Code | None = Field(default=None, description="As the supplier names it")
    expires_on: Day | None = None
    into: Code | None = None
    condition: Condition = Condition.GOOD
    close_short: bool = False
    names_allergens: bool | None = Field(
        default=None, description="As Regulation (EU) 2023/1545 asks; null: nobody looked"
    )
    fault: Fault | None = Field(default=None, description="Of what is doubtful or refused")
    why: Line = Field(default="", description="Why it is taken, doubted or refused")
    noted_packs: int | None = Field(
        default=None, ge=0, le=1_000_000, description="As the delivery note says"
    )
    noted_price: PriceIn | None = Field(
        default=None, description="Of a pack, as the delivery note says; another one is flagged"
    )

    def line(self) -> DeliveredLine:
        return DeliveredLine(
            position=self.position,
            packs=self.packs,
            supplier_lot=self.lot,
            expires_on=self.expires_on,
            into=self.into,
            condition=self.condition,
            close_short=self.close_short,
            names_allergens=self.names_allergens,
            fault=self.fault,
            why=self.why,
            noted_packs=self.noted_packs,
            noted_price=self.noted_price.price() if self.noted_price else None,
        )


class ReceiptBody(Body):
    into: Code
    lines: list[DeliveredLineBody] = Field(min_length=1, max_length=1000)
    delivery_note: Line = ""


class ReceiptReversalBody(Body):
    why: Name


class ReceiptLineShape(Shape):
    position: int = Field(description="The line of the order")
    product: str
    packs: int
    quantity: QuantityOut
    condition: Condition
    lot: str | None
    expires_on: Day | None
    into: str | None
    close_short: bool
    fault: Fault | None
    why: str
    remark: str = Field(description="What is to be said of its date")
    ordered_price: MoneyOut
    noted_price: MoneyOut | None
    price_differs: bool
    noted_packs: int | None
    photos: list[str] = Field(description="SHA-256 of each")

    @classmethod
    def of(cls, row: ReceiptLineRow) -> Self:
        return cls(
            position=row.order_position,
            product=row.product,
            packs=row.packs,
            quantity=QuantityOut.of(row.quantity),
            condition=row.condition,
            lot=row.lot,
            expires_on=row.expires_on,
            into=row.into,
            close_short=row.close_short,
            fault=row.fault,
            why=row.why,
            remark=row.remark,
            ordered_price=MoneyOut.of(row.ordered_price),
            noted_price=MoneyOut.of(row.noted_price) if row.noted_price else None,
            price_differs=row.price_differs,
            noted_packs=row.noted_packs,
            photos=list(row.photos),
        )


class ReceiptShape(Shape):
    number: str
    purchase_order: str
    order_status: OrderStatus
    supplier: str
    delivery_note: str
    received_at: Moment
    reversed_at: Moment | None
    reversed_why: str
    lines: list[ReceiptLineShape]

    @classmethod
    def of(cls, page: ReceiptPage) -> Self:
        return cls(
            number=page.number,
            purchase_order=page.order,
            order_status=page.order_status,
            supplier=page.supplier,
            delivery_note=page.delivery_note,
            received_at=page.received_at,
            reversed_at=page.reversed_at,
            reversed_why=page.reversed_why or "",
            lines=[ReceiptLineShape.of(line) for line in page.lines],
        )


class ReceiptRowShape(Shape):
    number: str
    purchase_order: str
    supplier: str
    delivery_note: str
    received_at: Moment
    packs: int
    refused: int
    is_reversed: bool

    @classmethod
    def of(cls, row: ReceiptRow) -> Self:
        return cls(
            number=row.number,
            purchase_order=row.order,
            supplier=row.supplier,
            delivery_note=row.delivery_note,
            received_at=row.received_at,
            packs=row.packs,
            refused=row.refused,
            is_reversed=row.is_reversed,
        )


class ReceiptQuery(ListQuery):
    purchase_order: str | None = Field(default=None, max_length=64)
    supplier: str | None = Field(default=None, max_length=64)

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
    Name,
    QuantityOut,
    Shape,
)
from procurement.purchasing.rules.receiving import DeliveredLine
from procurement.purchasing.terms import (
    Condition,
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

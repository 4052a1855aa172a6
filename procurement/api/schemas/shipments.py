"""Shipments of sales orders, and what came back of them."""

from typing import Annotated, Any, Self

from pydantic import Field

from procurement.api.schemas.values import (
    Body,
    Code,
    Day,
    Line,
    ListQuery,
    Moment,
    Name,
    Packs,
    Prose,
    QuantityIn,
    QuantityOut,
    Shape,
)
from procurement.sales.operations.lines import MOST_LINES
from procurement.sales.operations.shipping import ShipGoods, ShippedLine
from procurement.sales.operations.taking_back import ReturnedLine, TakeBack
from procurement.sales.terms.orders import (
    CustomerReturnLineRow,
    CustomerReturnPage,
    CustomerReturnReason,
    CustomerReturnRow,
    ShipmentLineRow,
    ShipmentPage,
    ShipmentRow,
)

Position = Annotated[int, Field(ge=1, le=MOST_LINES)]


class ShippedLineBody(Body):
    position: Position = Field(description="The line of the order")
    packs: Packs


class ShipmentBody(Body):
    sales_order: Code
    lines: list[ShippedLineBody] = Field(
        default=[], max_length=MOST_LINES, description="Default: all that is reserved"
    )
    carrier: Line = ""
    tracking: Line = ""
    note: Prose = Field(default="", description="Stands on the delivery note")

    def command(self, key: str | None) -> ShipGoods:
        return ShipGoods(
            order=self.sales_order,
            lines=tuple(ShippedLine(line.position, line.packs) for line in self.lines),
            carrier=self.carrier,
            tracking=self.tracking,
            note=self.note,
            idempotency_key=key,
        )


class WhyBody(Body):
    why: Name


class ShipmentQuery(ListQuery):
    sales_order: str | None = Field(default=None, max_length=64)
    customer: str | None = Field(default=None, max_length=64)


class ShipmentRowShape(Shape):
    number: str
    sales_order: str
    customer: str
    shipped_at: Moment
    carrier: str
    tracking: str
    is_reversed: bool

    @classmethod
    def of(cls, row: ShipmentRow) -> Self:
        return cls(**_shipment(row))


class ShipmentLineShape(Shape):
    position: int
    order_line: int
    product: str
    lot: str | None
    expires_on: Day | None
    quantity: QuantityOut
    returned: QuantityOut

    @classmethod
    def of(cls, line: ShipmentLineRow) -> Self:
        return cls(
            position=line.position,
            order_line=line.order_position,
            product=line.product,
            lot=line.lot,
            expires_on=line.expires_on,
            quantity=QuantityOut.of(line.quantity),
            returned=QuantityOut.of(line.returned),
        )


class ShipmentShape(ShipmentRowShape):
    deliver_to: str
    note: str
    reversed_at: Moment | None
    reversed_why: str
    lines: list[ShipmentLineShape]
    returns: list[str]

    @classmethod
    def whole(cls, page: ShipmentPage) -> Self:
        return cls(
            **_shipment(page.head),
            deliver_to=page.deliver_to,
            note=page.note,
            reversed_at=page.reversed_at,
            reversed_why=page.reversed_why,
            lines=[ShipmentLineShape.of(line) for line in page.lines],
            returns=list(page.returns),
        )


def _shipment(row: ShipmentRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "sales_order": row.order,
        "customer": row.customer,
        "shipped_at": row.shipped_at,
        "carrier": row.carrier,
        "tracking": row.tracking,
        "is_reversed": row.is_reversed,
    }


class ReturnedLineBody(Body):
    position: Position = Field(description="The line of the shipment")
    quantity: QuantityIn | None = Field(default=None, description="Default: all that is left of it")


class CustomerReturnBody(Body):
    shipment: Code
    lines: list[ReturnedLineBody] = Field(min_length=1, max_length=1000)
    reason: CustomerReturnReason
    into: Code | None = Field(
        default=None, description="A storeroom or quarantine; left out: thrown away"
    )
    note: Prose = ""

    def command(self, key: str | None) -> TakeBack:
        return TakeBack(
            shipment=self.shipment,
            lines=tuple(
                ReturnedLine(line.position, line.quantity.value() if line.quantity else None)
                for line in self.lines
            ),
            into=self.into,
            reason=self.reason,
            note=self.note,
            idempotency_key=key,
        )


class CustomerReturnQuery(ListQuery):
    customer: str | None = Field(default=None, max_length=64)


class CustomerReturnRowShape(Shape):
    number: str
    shipment: str
    sales_order: str
    customer: str
    reason: CustomerReturnReason
    into: str = Field(description="ADJUSTMENT: thrown away")
    taken_at: Moment
    is_reversed: bool

    @classmethod
    def of(cls, row: CustomerReturnRow) -> Self:
        return cls(**_return(row))


class CustomerReturnLineShape(Shape):
    position: int
    shipment_line: int
    product: str
    lot: str
    quantity: QuantityOut

    @classmethod
    def of(cls, line: CustomerReturnLineRow) -> Self:
        return cls(
            position=line.position,
            shipment_line=line.shipment_position,
            product=line.product,
            lot=line.lot,
            quantity=QuantityOut.of(line.quantity),
        )


class CustomerReturnShape(CustomerReturnRowShape):
    note: str
    reversed_at: Moment | None
    reversed_why: str
    lines: list[CustomerReturnLineShape]

    @classmethod
    def whole(cls, page: CustomerReturnPage) -> Self:
        return cls(
            **_return(page.head),
            note=page.note,
            reversed_at=page.reversed_at,
            reversed_why=page.reversed_why,
            lines=[CustomerReturnLineShape.of(line) for line in page.lines],
        )


def _return(row: CustomerReturnRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "shipment": row.shipment,
        "sales_order": row.order,
        "customer": row.customer,
        "reason": row.reason,
        "into": row.into,
        "taken_at": row.taken_at,
        "is_reversed": row.is_reversed,
    }

"""A buyer's own orders: what they place, and what they see of it."""

from typing import Self

from pydantic import Field

from procurement.api.schemas.purchasing import TotalsShape
from procurement.api.schemas.sales_orders import totals_of
from procurement.api.schemas.shipments import ShipmentLineShape
from procurement.api.schemas.values import (
    Body,
    Code,
    Day,
    Line,
    Moment,
    MoneyIn,
    MoneyOut,
    Packs,
    Prose,
    Shape,
)
from procurement.sales.operations.lines import MOST_LINES
from procurement.sales.operations.placing import PlaceOrder
from procurement.sales.operations.wanting import WantedLine
from procurement.sales.queries.agreements import AgreementRow
from procurement.sales.terms.orders import (
    OrderLineRow,
    Payment,
    SalesOrderPage,
    SalesOrderRow,
    SalesOrderStatus,
    ShipmentPage,
)


class WantedLineBody(Body):
    product: Code
    packs: Packs
    pack: Code | None = Field(default=None, description="Default: the product's sales pack")
    wanted_on: Day | None = Field(
        default=None, description="Where it is another day than the order's"
    )


class PlaceOrderBody(Body):
    """What is ordered; without lines the basket is, and it is empty afterwards."""

    lines: list[WantedLineBody] = Field(default=[], max_length=MOST_LINES)
    deliver_to: Prose = Field(default="", description="Default: the usual delivery address")
    collect: bool = Field(
        default=False, description="You fetch it yourselves, where that is offered"
    )
    wanted_on: Day | None = None
    customer_ref: Line = Field(default="", description="Your own order number")
    note: Prose = ""
    payment: Payment = Field(default=Payment.ON_ACCOUNT, strict=False)
    total: MoneyIn | None = Field(
        default=None, description="With tax, as you were shown it; refused where it has changed"
    )

    def command(self, key: str) -> PlaceOrder:
        return PlaceOrder(
            key=key,
            lines=tuple(
                WantedLine(one.product, one.packs, one.pack, one.wanted_on) for one in self.lines
            ),
            deliver_to=self.deliver_to,
            collect=self.collect,
            wanted_on=self.wanted_on,
            customer_ref=self.customer_ref,
            note=self.note,
            payment=self.payment,
            total=self.total.money() if self.total else None,
        )


class OwnOrderRowShape(Shape):
    number: str
    status: SalesOrderStatus = Field(description="A draft is with us and not confirmed yet")
    customer_ref: str
    wanted_on: Day | None
    ordered_at: Moment
    payment: Payment
    is_paid: bool
    totals: TotalsShape

    @classmethod
    def of(cls, row: SalesOrderRow) -> Self:
        return cls(
            number=row.number,
            status=row.status,
            customer_ref=row.customer_ref,
            wanted_on=row.wanted_on,
            ordered_at=row.placed_at or row.drafted_at,
            payment=row.payment,
            is_paid=row.paid_at is not None,
            totals=totals_of(row.net, row.tax, row.gross),
        )


class OwnOrderLineShape(Shape):
    position: int
    product: str
    pack: str
    packs: int
    shipped: int
    ready: int = Field(description="Packs put aside for you")
    waiting: int = Field(description="Packs on backorder")
    unit_price: MoneyOut
    discount_percent: str
    tax_percent: str
    net: MoneyOut
    wanted_on: Day | None = Field(description="Where it is another day than the order's")

    @classmethod
    def of(cls, line: OrderLineRow, *, is_open: bool) -> Self:
        return cls(
            position=line.position,
            product=line.product,
            pack=line.pack,
            packs=line.packs,
            shipped=line.shipped,
            ready=line.ready if is_open else 0,
            waiting=line.waiting if is_open else 0,
            unit_price=MoneyOut.of(line.price),
            discount_percent=line.discount.percent,
            tax_percent=line.tax.percent,
            net=MoneyOut.of(line.net),
            wanted_on=line.wanted_on,
        )


class OwnShipmentShape(Shape):
    number: str
    shipped_at: Moment
    carrier: str
    tracking: str


class WholeShipmentShape(OwnShipmentShape):
    sales_order: str
    deliver_to: str
    lines: list[ShipmentLineShape]

    @classmethod
    def of(cls, page: ShipmentPage) -> Self:
        return cls(
            number=page.head.number,
            shipped_at=page.head.shipped_at,
            carrier=page.head.carrier,
            tracking=page.head.tracking,
            sales_order=page.head.order,
            deliver_to=page.deliver_to,
            lines=[ShipmentLineShape.of(line) for line in page.lines],
        )


class AskedShape(Shape):
    asked_by: str
    asked_at: Moment
    may_decide: bool = Field(description="Whether you are one who may")

    @classmethod
    def of(cls, row: AgreementRow) -> Self:
        return cls(asked_by=row.asked_by, asked_at=row.asked_at, may_decide=row.may_decide)


class OwnOrderShape(Shape):
    number: str
    status: SalesOrderStatus
    customer_ref: str
    deliver_to: str
    wanted_on: Day | None
    ordered_at: Moment
    confirmed_at: Moment | None
    payment: Payment
    is_paid: bool
    note_to_customer: str
    lines: list[OwnOrderLineShape]
    totals: TotalsShape
    shipments: list[OwnShipmentShape]
    awaits: AskedShape | None = Field(
        description="Beyond its buyer's limit: a colleague agrees first"
    )

    @classmethod
    def of(cls, page: SalesOrderPage, asked: AgreementRow | None) -> Self:
        is_open = page.confirmed_at is not None
        return cls(
            number=page.number,
            status=page.status,
            customer_ref=page.customer_ref,
            deliver_to=page.deliver_to,
            wanted_on=page.wanted_on,
            ordered_at=page.placed_at or page.drafted_at,
            confirmed_at=page.confirmed_at,
            payment=page.payment,
            is_paid=page.paid_at is not None,
            note_to_customer=page.note_to_customer,
            lines=[OwnOrderLineShape.of(line, is_open=is_open) for line in page.lines],
            totals=totals_of(page.net, page.tax, page.gross),
            shipments=[
                OwnShipmentShape(
                    number=one.number,
                    shipped_at=one.shipped_at,
                    carrier=one.carrier,
                    tracking=one.tracking,
                )
                for one in page.shipments
                if not one.is_reversed
            ],
            awaits=AskedShape.of(asked) if asked else None,
        )

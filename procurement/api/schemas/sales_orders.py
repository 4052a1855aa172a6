"""Sales orders: drafted, changed, confirmed."""

from typing import Annotated, Self

from pydantic import Field

from procurement.api.schemas.purchasing import TotalsShape
from procurement.api.schemas.sales import CATEGORY, DETAIL
from procurement.api.schemas.values import (
    Body,
    Code,
    Count,
    Day,
    Line,
    ListQuery,
    Moment,
    MoneyOut,
    Packs,
    PercentIn,
    PriceIn,
    Prose,
    QuantityOut,
    Shape,
)
from procurement.kernel.money import Money, Rate
from procurement.kernel.tax_categories import TaxCategory
from procurement.sales.operations.lines import MOST_LINES, NOTHING
from procurement.sales.operations.order_lines import OrderedLine
from procurement.sales.operations.relotting import TakeAnotherLot
from procurement.sales.operations.sales_orders import (
    ChangeSalesOrder,
    Delivering,
    DraftSalesOrder,
    OrderFromQuote,
)
from procurement.sales.terms.orders import (
    OrderLineRow,
    SalesOrderPage,
    SalesOrderRow,
    SalesOrderStatus,
)

Position = Annotated[int, Field(ge=1, le=MOST_LINES)]


class DeliveringBody(Body):
    site: Code | None = Field(
        default=None, description="That ships it; default: the first with a storeroom"
    )
    deliver_to: Prose | None = Field(
        default=None, description="Default: the customer's delivery address"
    )
    wanted_on: Day | None = None
    customer_ref: Line = Field(default="", description="The customer's own order number")
    note_to_customer: Prose = ""
    note_to_us: Prose = ""

    def delivering(self) -> Delivering:
        return Delivering(
            site=self.site,
            deliver_to=self.deliver_to,
            wanted_on=self.wanted_on,
            customer_ref=self.customer_ref,
            note_to_customer=self.note_to_customer,
            note_to_us=self.note_to_us,
        )


class LinePacksBody(Body):
    position: Position = Field(description="The line of the quote, or of the draft, from 1")
    packs: Count


class SalesOrderLineBody(Body):
    product: Code
    packs: Packs
    pack: Code | None = Field(default=None, description="Default: the product's sales pack")
    unit_price: PriceIn | None = Field(
        default=None, description="Default: what the customer's price list says"
    )
    discount_percent: PercentIn | None = None
    tax: Code | None = Field(default=None, description="Default: the company's tax")
    note: Line = ""

    def line(self) -> OrderedLine:
        return OrderedLine(
            product=self.product,
            packs=self.packs,
            pack=self.pack,
            price=self.unit_price.price() if self.unit_price else None,
            discount=Rate.parse(self.discount_percent) if self.discount_percent else NOTHING,
            tax_code=self.tax,
            note=self.note,
        )


class SalesOrderBody(DeliveringBody):
    """From an accepted quote (`quote`, and `packs` where not all of it), or without one (`customer`, `lines`)."""

    quote: Code | None = None
    packs: list[LinePacksBody] | None = Field(
        default=None,
        max_length=MOST_LINES,
        description="Of the quote's lines; default: all that was accepted and is not ordered yet",
    )
    customer: Code | None = Field(default=None, description="Without a quote")
    lines: list[SalesOrderLineBody] = Field(default=[], max_length=MOST_LINES)

    def from_quote(self) -> OrderFromQuote | None:
        if self.quote is None:
            return None
        packs = None if self.packs is None else {one.position: one.packs for one in self.packs}
        return OrderFromQuote(quote=self.quote, packs=packs, delivering=self.delivering())

    def plain(self) -> DraftSalesOrder:
        return DraftSalesOrder(
            customer=self.customer or "",
            lines=tuple(line.line() for line in self.lines),
            delivering=self.delivering(),
        )


class SalesOrderChangeBody(DeliveringBody):
    version: int | None = Field(default=None, ge=1, description="Refused when it was changed since")
    packs: list[LinePacksBody] | None = Field(default=None, max_length=MOST_LINES)
    add_lines: list[SalesOrderLineBody] = Field(
        default=[], max_length=MOST_LINES, description="Priced as in a new order"
    )
    join_quotes: list[Code] = Field(
        default=[],
        max_length=20,
        description="Accepted quotes of the customer: what is left to order of them comes along",
    )

    def command(self, number: str) -> ChangeSalesOrder:
        packs = None if self.packs is None else {one.position: one.packs for one in self.packs}
        return ChangeSalesOrder(
            number=number,
            version=self.version,
            packs=packs,
            delivering=self.delivering(),
            added=tuple(line.line() for line in self.add_lines),
            joined=tuple(self.join_quotes),
        )


class AnotherLotBody(Body):
    position: Position
    instead_of: Code = Field(description="The lot that was to be taken")
    lot: Code = Field(description="The lot that is taken, at the same place")
    why: Line

    def command(self, number: str) -> TakeAnotherLot:
        return TakeAnotherLot(
            order=number,
            position=self.position,
            instead_of=self.instead_of,
            lot=self.lot,
            why=self.why,
        )


class ConfirmBody(Body):
    version: int | None = Field(default=None, ge=1)
    send: bool = Field(default=True, description="Mail it, where the customer has an address")
    beyond_credit: bool = Field(
        default=False, description="Confirm it although the customer's credit limit is passed"
    )


class CloseOrderBody(Body):
    position: Position | None = Field(default=None, description="Default: all that is left")


class SalesOrderQuery(ListQuery):
    status: SalesOrderStatus | None = None
    customer: str | None = Field(default=None, max_length=64)
    quote: str | None = Field(default=None, max_length=64)
    text: str = Field(default="", max_length=200)


class SalesOrderRowShape(Shape):
    number: str
    status: SalesOrderStatus
    customer: str
    customer_ref: str
    quote: str | None
    site: str
    wanted_on: Day | None
    drafted_at: Moment
    confirmed_at: Moment | None
    waiting_lines: int
    totals: TotalsShape

    @classmethod
    def of(cls, row: SalesOrderRow) -> Self:
        return cls(
            number=row.number,
            status=row.status,
            customer=row.customer,
            customer_ref=row.customer_ref,
            quote=row.quote,
            site=row.site,
            wanted_on=row.wanted_on,
            drafted_at=row.drafted_at,
            confirmed_at=row.confirmed_at,
            waiting_lines=row.waiting,
            totals=totals_of(row.net, row.tax, row.gross),
        )


class SalesOrderLineShape(Shape):
    position: int
    product: str
    pack: str
    packs: int
    shipped: int
    reserved: QuantityOut
    waiting: int = Field(description="Packs to ship that no goods are reserved for")
    closed: bool
    quote_line: int | None
    unit_price: MoneyOut
    discount_percent: str
    tax_code: str
    tax_percent: str
    tax_category: TaxCategory = Field(description=CATEGORY)
    tax_detail: str = Field(description=DETAIL)
    tax_reason: str = Field(description="Why this tax; empty where somebody chose it")
    net: MoneyOut
    note: str
    wanted_on: Day | None = Field(description="Where it is another day than the order's")

    @classmethod
    def of(cls, line: OrderLineRow) -> Self:
        return cls(
            position=line.position,
            product=line.product,
            pack=line.pack,
            packs=line.packs,
            shipped=line.shipped,
            reserved=QuantityOut.of(line.reserved),
            waiting=line.waiting,
            closed=line.closed,
            quote_line=line.quote_position,
            unit_price=MoneyOut.of(line.price),
            discount_percent=line.discount.percent,
            tax_code=line.tax_code,
            tax_percent=line.tax.percent,
            tax_category=line.tax_category,
            tax_detail=line.tax_detail,
            tax_reason=line.tax_reason,
            net=MoneyOut.of(line.net),
            note=line.note,
            wanted_on=line.wanted_on,
        )


class SalesOrderShape(Shape):
    number: str
    status: SalesOrderStatus
    version: int
    customer: str
    customer_ref: str
    quote: str | None
    site: str
    deliver_to: str
    wanted_on: Day | None
    note_to_customer: str
    note_to_us: str
    drafted_at: Moment
    confirmed_at: Moment | None
    lines: list[SalesOrderLineShape]
    totals: TotalsShape
    shipments: list[str]
    returns: list[str]

    @classmethod
    def of(cls, page: SalesOrderPage) -> Self:
        return cls(
            number=page.number,
            status=page.status,
            version=page.version,
            customer=page.customer,
            customer_ref=page.customer_ref,
            quote=page.quote,
            site=page.site,
            deliver_to=page.deliver_to,
            wanted_on=page.wanted_on,
            note_to_customer=page.note_to_customer,
            note_to_us=page.note_to_us,
            drafted_at=page.drafted_at,
            confirmed_at=page.confirmed_at,
            lines=[SalesOrderLineShape.of(line) for line in page.lines],
            totals=totals_of(page.net, page.tax, page.gross),
            shipments=[one.number for one in page.shipments],
            returns=[one.number for one in page.returns],
        )


def totals_of(net: Money, tax: Money, gross: Money) -> TotalsShape:
    return TotalsShape(net=MoneyOut.of(net), tax=MoneyOut.of(tax), gross=MoneyOut.of(gross))

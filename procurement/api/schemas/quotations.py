"""Requests for quotation and their answers."""

from decimal import Decimal
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
    Packs,
    PriceIn,
    Prose,
    QuantityOut,
    Shape,
)
from procurement.kernel.quantity import plain
from procurement.purchasing.operations.awarding import Award, AwardRequest
from procurement.purchasing.operations.bidding import NewAnswer, NewBid
from procurement.purchasing.operations.requesting import SaveRequest, WantedLine
from procurement.purchasing.terms.quotations import (
    BidRow,
    InvitationRow,
    RequestLineRow,
    RequestPage,
    RequestRow,
    RequestStatus,
)

_PLACES = Decimal("0.0001")


class WantedLineBody(Body):
    product: Code
    packs: Packs
    pack: Code | None = Field(default=None, description="Default: the product's sales pack")
    wanted_by: Day | None = None


class RequestBody(Body):
    answer_by: Day = Field(description="The last day counts")
    lines: list[WantedLineBody] = Field(min_length=1, max_length=200)
    suppliers: list[Code] = Field(min_length=1, max_length=20)
    title: Line = ""
    note: Prose = ""
    deliver_to: Code | None = None

    def command(self) -> SaveRequest:
        return SaveRequest(
            answer_by=self.answer_by,
            lines=tuple(
                WantedLine(
                    product=line.product,
                    packs=line.packs,
                    pack=line.pack,
                    wanted_by=line.wanted_by,
                )
                for line in self.lines
            ),
            suppliers=tuple(self.suppliers),
            title=self.title,
            note=self.note,
            deliver_to=self.deliver_to,
        )


class BreakBody(Body):
    from_packs: int = Field(ge=2, le=1_000_000)
    unit_price: PriceIn


class BidBody(Body):
    position: int = Field(ge=1, le=200, description="The line of the request")
    price: PriceIn = Field(description="Of one pack, in the supplier's currency")
    pack: Code | None = Field(default=None, description="Default: the pack asked for")
    moq: Packs = 1
    lead_time_days: int = Field(ge=0, le=365)
    breaks: list[BreakBody] = Field(default=[], max_length=10)
    remark: Line = ""

    def bid(self) -> NewBid:
        return NewBid(
            position=self.position,
            price=self.price.price(),
            pack=self.pack,
            moq=self.moq,
            lead_time_days=self.lead_time_days,
            breaks=tuple((one.from_packs, one.unit_price.price()) for one in self.breaks),
            remark=self.remark,
        )


class AnswerBody(Body):
    supplier: Code
    lines: list[BidBody] = Field(max_length=200, description="Lines not offered are left out")
    valid_until: Day | None = None
    remark: Prose = ""

    def answer(self) -> NewAnswer:
        return NewAnswer(
            bids=tuple(line.bid() for line in self.lines),
            valid_until=self.valid_until,
            remark=self.remark,
        )


class AwardLineBody(Body):
    position: int = Field(ge=1, le=200)
    supplier: Code
    packs: Packs = Field(description="In the pack that was offered")


class AwardBody(Body):
    awards: list[AwardLineBody] = Field(min_length=1, max_length=1000)
    update_items: bool = Field(default=False, description="Keep the prices that won")
    tell_others: bool = False

    def command(self, number: str) -> AwardRequest:
        return AwardRequest(
            number=number,
            awards=tuple(Award(one.position, one.supplier, one.packs) for one in self.awards),
            update_items=self.update_items,
            tell_others=self.tell_others,
        )


class WantedLineShape(Shape):
    position: int
    product: str
    pack: str
    packs: int
    quantity: QuantityOut
    wanted_by: Day | None

    @classmethod
    def of(cls, row: RequestLineRow) -> Self:
        return cls(
            position=row.position,
            product=row.product,
            pack=row.pack,
            packs=row.packs,
            quantity=QuantityOut.of(row.quantity),
            wanted_by=row.wanted_by,
        )


class BreakShape(Shape):
    from_packs: int
    unit_price: MoneyOut


class BidShape(Shape):
    position: int
    pack: str
    price: MoneyOut | None
    breaks: list[BreakShape]
    moq: int
    lead_time_days: int
    remark: str
    packs: int = Field(description="That cover what is wanted")
    net: MoneyOut | None
    unit_cost: str | None = Field(
        description="Of a litre, kilogram or piece, in the company's currency; null without a rate"
    )
    is_cheapest: bool
    is_fastest: bool
    awarded: int

    @classmethod
    def of(cls, row: BidRow) -> Self:
        cost = row.unit_cost
        return cls(
            position=row.position,
            pack=row.pack,
            price=MoneyOut.of(row.price) if row.price else None,
            breaks=[
                BreakShape(from_packs=one.from_packs, unit_price=MoneyOut.of(one.price))
                for one in row.breaks
            ],
            moq=row.moq,
            lead_time_days=row.lead_time_days,
            remark=row.remark,
            packs=row.packs,
            net=MoneyOut.of(row.net) if row.net else None,
            unit_cost=None if cost is None else plain(cost.quantize(_PLACES)),
            is_cheapest=row.is_cheapest,
            is_fastest=row.is_fastest,
            awarded=row.awarded,
        )


class InvitationShape(Shape):
    supplier: str
    currency: str
    mailed_at: Moment | None
    answered_at: Moment | None
    answered_by: str
    is_late: bool
    declined: bool
    valid_until: Day | None
    remark: str
    bids: list[BidShape]
    purchase_order: str | None

    @classmethod
    def of(cls, row: InvitationRow) -> Self:
        return cls(
            supplier=row.supplier,
            currency=row.currency,
            mailed_at=row.mailed_at,
            answered_at=row.answered_at,
            answered_by=row.answered_by,
            is_late=row.is_late,
            declined=row.declined,
            valid_until=row.valid_until,
            remark=row.remark,
            bids=[BidShape.of(bid) for bid in row.bids],
            purchase_order=row.order,
        )


class RequestShape(Shape):
    number: str
    status: RequestStatus
    title: str
    note: str
    answer_by: Day
    deliver_to: str | None
    sent_at: Moment | None
    lines: list[WantedLineShape]
    invitations: list[InvitationShape]

    @classmethod
    def of(cls, page: RequestPage) -> Self:
        return cls(
            number=page.number,
            status=page.status,
            title=page.title,
            note=page.note,
            answer_by=page.answer_by,
            deliver_to=page.deliver_to,
            sent_at=page.sent_at,
            lines=[WantedLineShape.of(line) for line in page.lines],
            invitations=[InvitationShape.of(one) for one in page.invitations],
        )


class RequestRowShape(Shape):
    number: str
    status: RequestStatus
    title: str
    answer_by: Day
    lines: int
    asked: int
    answered: int

    @classmethod
    def of(cls, row: RequestRow) -> Self:
        return cls(
            number=row.number,
            status=row.status,
            title=row.title,
            answer_by=row.answer_by,
            lines=row.lines,
            asked=row.asked,
            answered=row.answered,
        )


class RequestQuery(ListQuery):
    status: RequestStatus | None = None
    text: str = Field(default="", max_length=200)

"""What suppliers answer to orders."""

from typing import Self

from pydantic import Field

from procurement.api.schemas.values import Body, Day, Line, Moment, Name, Prose, Shape
from procurement.purchasing.operations.confirming import SupplierSays
from procurement.purchasing.terms import (
    AnsweredBy,
    ConfirmationRow,
    ConfirmedLine,
    LineAnswer,
    SupplierAnswer,
)

LARGEST_DOCUMENT = 900_000


class LineAnswerBody(Body):
    position: int = Field(ge=1, le=100_000)
    packs: int | None = Field(
        default=None, ge=0, le=1_000_000, description="0 refuses the line; default: as ordered"
    )
    due_on: Day | None = Field(default=None, description="Default: the day asked for")
    remark: Line = ""

    def line(self) -> LineAnswer:
        return LineAnswer(self.position, self.packs, self.due_on, self.remark)


class ConfirmationBody(Body):
    said_by: Name = Field(description="Who of the supplier")
    lines: list[LineAnswerBody] = Field(
        default_factory=list, max_length=1000, description="Others are accepted as ordered"
    )
    message: Prose = ""
    supplier_order: Line = Field(default="", description="The number they gave the order")
    only_received: bool = Field(default=False, description="It has arrived; nothing is promised")

    def says(self) -> SupplierSays:
        return SupplierSays(
            said_by=self.said_by,
            lines=tuple(line.line() for line in self.lines),
            message=self.message,
            supplier_order=self.supplier_order,
            only_received=self.only_received,
        )


class OrderResponseBody(Body):
    document: str = Field(
        min_length=1, max_length=LARGEST_DOCUMENT, description="The UBL 2.1 OrderResponse as text"
    )


class ConfirmedLineShape(Shape):
    position: int
    answer: SupplierAnswer
    packs_asked: int
    packs: int
    asked_for: Day | None
    due_on: Day | None
    remark: str

    @classmethod
    def of(cls, line: ConfirmedLine) -> Self:
        return cls(
            position=line.position,
            answer=line.answer,
            packs_asked=line.packs_asked,
            packs=line.packs,
            asked_for=line.asked_for,
            due_on=line.due_on,
            remark=line.remark,
        )


class ConfirmationShape(Shape):
    order: str
    revision: int
    answer: SupplierAnswer
    answered_by: AnsweredBy
    said_by: str
    recorded_at: Moment
    recorded_by: str = Field(description="Empty when the supplier's link was used")
    message: str
    document: str = Field(description="The number of the order response")
    supplier_order: str
    lines: list[ConfirmedLineShape]

    @classmethod
    def of(cls, row: ConfirmationRow) -> Self:
        return cls(
            order=row.order,
            revision=row.revision,
            answer=row.answer,
            answered_by=row.answered_by,
            said_by=row.said_by,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
            message=row.message,
            document=row.document,
            supplier_order=row.supplier_order,
            lines=[ConfirmedLineShape.of(line) for line in row.lines],
        )


class SendAgainBody(Body):
    recipient: Line = Field(default="", description="Default: the supplier's address")
    message: Prose = ""


class SentShape(Shape):
    order: str

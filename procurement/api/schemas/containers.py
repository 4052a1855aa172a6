"""Opened containers and write-offs."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from procurement.api.schemas.stock import PostingRowShape
from procurement.api.schemas.values import (
    Body,
    Code,
    Day,
    ListQuery,
    Moment,
    Prose,
    QuantityIn,
    QuantityOut,
    Shape,
)
from procurement.kernel.quantity import Quantity
from procurement.stock.operations.containers.decanting import Decant, Fill
from procurement.stock.queries.container_list import ContainerRow, ContainerState
from procurement.stock.rules.amounts import Reading
from procurement.stock.terms import Cause, LotStatus, Rest, Told

Times = Annotated[int, Field(ge=0, le=10_000)]


class OpenBody(Body):
    """A container from the shelf of a room. No lot: FEFO; no pack: the one the lot came in."""

    location: Code
    product: Code
    lot: Code | None = None
    pack: Code | None = None
    quantity: QuantityIn | None = Field(
        default=None, description="Where it is not what the pack says"
    )
    opened_on: Day | None = Field(default=None, description="The true day, when it was earlier")
    note: Prose = ""


class UseBody(Body):
    """Nothing said: one dose."""

    quantity: QuantityIn | None = None
    doses: Times | None = None
    strokes: Times | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(one is not None for one in (self.quantity, self.doses, self.strokes)) > 1:
            raise ValueError("Say it in one way: quantity, doses or strokes.")
        return self

    def reading(self) -> Reading | None:
        if self.quantity is not None:
            return Reading(Told.USED, self.quantity.value().steps)
        if self.strokes is not None:
            return Reading(Told.STROKES, self.strokes)
        return None if self.doses is None else Reading(Told.DOSES, self.doses)

    def quantity_said(self) -> Quantity | None:
        return None if self.quantity is None else self.quantity.value()


class ReadingBody(Body):
    """What is left: so much, so many quarters by eye, or what the scale says with the container on it, in g."""

    left: QuantityIn | None = None
    quarters: Annotated[int, Field(ge=0, le=4)] | None = None
    weight: QuantityIn | None = None
    correction: Prose = Field(default="", description="Why the book was wrong; empty: it was used")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(one is not None for one in (self.left, self.quarters, self.weight)) != 1:
            raise ValueError("Say it in one way: left, quarters or weight.")
        return self

    def reading(self) -> Reading:
        if self.left is not None:
            return Reading(Told.LEFT, self.left.value().steps)
        if self.weight is not None:
            return Reading(Told.SCALE, self.weight.value().steps)
        return Reading(Told.EYE, self.quarters or 0)

    def quantity_said(self) -> Quantity | None:
        return None if self.left is None else self.left.value()


class FinishBody(Body):
    rest: Rest = Field(default=Rest.USED, strict=False)
    open_next: bool = False
    note: Prose = ""


class DiscardBody(Body):
    cause: Cause = Field(strict=False)
    quantity: QuantityIn | None = Field(default=None, description="All of it when not said")
    note: Prose = ""


class MoveContainerBody(Body):
    to: Code


class OpeningDayBody(Body):
    opened_on: Day


class FillBody(Body):
    bottles: Annotated[int, Field(ge=1, le=200)]
    each: QuantityIn
    pack: Code | None = None


class DecantBody(Body):
    fills: list[FillBody] = Field(min_length=1, max_length=50)
    to: Code | None = None
    expires_on: Day | None = Field(default=None, description="An earlier date for the bottles")
    loss: QuantityIn | None = None
    cause: Cause = Field(default=Cause.LEFTOVER, strict=False, description="Of what is lost")
    finish: bool = Field(default=False, description="What is left then is lost too")
    note: Prose = ""

    def command(self, number: str) -> Decant:
        return Decant(
            number,
            tuple(Fill(fill.bottles, fill.each.value(), fill.pack) for fill in self.fills),
            to=self.to,
            expires_on=self.expires_on,
            loss=self.loss.value() if self.loss else None,
            cause=self.cause,
            finish=self.finish,
            note=self.note,
        )


class TakeBackBody(Body):
    """The postings of one step, as the step answered them."""

    postings: list[Code] = Field(min_length=1, max_length=10)
    why: Prose = "Taken back"


class ContainerShape(Shape):
    number: str
    product: str
    location: str | None
    lot: str = Field(description="The lot or container it was opened or filled from")
    pack: str | None
    status: LotStatus
    opened_at: Moment
    decanted_at: Moment | None
    finished_at: Moment | None
    expires_on: date | None
    use_by: date | None
    left: QuantityOut
    filled: QuantityOut
    state: ContainerState

    @classmethod
    def of(cls, row: ContainerRow) -> Self:
        return cls(
            number=row.number,
            product=row.product,
            location=row.location,
            lot=row.lot,
            pack=row.pack,
            status=row.status,
            opened_at=row.opened_at,
            decanted_at=row.decanted_at,
            finished_at=row.finished_at,
            expires_on=row.expires_on,
            use_by=row.use_by,
            left=QuantityOut.of(row.left),
            filled=QuantityOut.of(row.filled),
            state=row.state,
        )


class DoneShape(Shape):
    """The containers a step was about or made, and its postings: to be taken back together."""

    containers: list[ContainerShape]
    postings: list[str]


class ContainerQuery(ListQuery):
    product: str | None = Field(default=None, max_length=64)
    location: str | None = Field(default=None, max_length=64)
    site: str | None = Field(default=None, max_length=64)
    finished: Literal["yes", "no"] | None = None


class WriteOffMoveBody(Body):
    product: Code
    source: Code = Field(alias="from")
    quantity: QuantityIn
    lot: Code | None = None


class WriteOffBody(Body):
    cause: Cause = Field(strict=False)
    moves: list[WriteOffMoveBody] = Field(min_length=1, max_length=500)
    occurred_at: Moment | None = None
    note: Prose = ""


WriteOffShape = PostingRowShape

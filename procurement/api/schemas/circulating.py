"""Tools and linen."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field

from procurement.api.schemas.values import Body, Code, Day, ListQuery, Moment, Prose, Shape
from procurement.stock.operations.tools import TagTool
from procurement.stock.queries.linen import LinenRow
from procurement.stock.queries.tools import ToolRow
from procurement.stock.terms import Cause

Times = Annotated[int, Field(ge=1, le=1000)]


class TagBody(Body):
    """One piece of a tool on a shelf gets a number of its own."""

    location: Code
    product: Code
    lot: Code | None = None
    serial: Code | None = None
    warranty_until: Day | None = None
    clean_every_days: int | None = Field(default=None, ge=1, le=3650)

    def command(self) -> TagTool:
        return TagTool(
            self.location,
            self.product,
            self.lot,
            self.serial,
            self.warranty_until,
            self.clean_every_days,
        )


class MoveToolBody(Body):
    to: Code


class CleanToolBody(Body):
    note: Prose = ""


class RetireToolBody(Body):
    cause: Literal["worn_out", "damaged", "lost", "other"]
    note: Prose = ""


class ToolShape(Shape):
    """`location` is null once it was written off."""

    number: str
    product: str
    serial: str | None
    location: str | None
    last_cleaned_at: Moment | None
    cleaning_due: date | None
    warranty_until: date | None

    @classmethod
    def of(cls, row: ToolRow) -> Self:
        return cls(
            number=row.number,
            product=row.product,
            serial=row.serial,
            location=row.location,
            last_cleaned_at=row.last_cleaned_at,
            cleaning_due=row.cleaning_due,
            warranty_until=row.warranty_until,
        )


class ToolEventShape(Shape):
    at: Moment
    who: str
    what: Literal["moved", "cleaned", "written_off"]
    to: str
    cause: Cause | None


class ToolPageShape(ToolShape):
    from_lot: str
    events: list[ToolEventShape]


class ToolQuery(ListQuery):
    site: Code | None = None
    location: Code | None = None


class LinenQuery(ListQuery):
    site: Code


class LinenRuleBody(Body):
    site: Code
    product: Code
    turns_a_day: Times
    pieces_a_turn: Times
    days: Times


class LinenShape(Shape):
    """Pieces; `why` is the sum that makes `par`."""

    product: str
    clean: int
    in_rooms: int
    at_laundry: int
    par: int | None
    short: int
    why: str

    @classmethod
    def of(cls, row: LinenRow) -> Self:
        return cls(
            product=row.product,
            clean=row.clean,
            in_rooms=row.in_rooms,
            at_laundry=row.at_laundry,
            par=row.par.pieces if row.par else None,
            short=row.short,
            why=row.par.why if row.par else "",
        )

"""Orders that come again."""

from typing import Literal, Self

from pydantic import Field

from procurement.api.schemas.values import Body, Code, Day, Moment, MoneyOut, Name, Shape
from procurement.purchasing.operations.standing import BeginStanding
from procurement.purchasing.terms import (
    Every,
    StandingRow,
    TemplateLineRow,
    TemplatePage,
    TemplateRow,
)

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class TemplateBody(Body):
    order: Code = Field(description="The order whose lines are kept")
    name: Name


class TemplateRowShape(Shape):
    number: str
    name: str
    supplier: str
    deliver_to: str | None
    made_at: Moment
    made_by: str
    active: bool
    lines: int
    next_on: Day | None = Field(description="When it is drafted by itself")

    @classmethod
    def of(cls, row: TemplateRow) -> Self:
        return cls(
            number=row.number,
            name=row.name,
            supplier=row.supplier,
            deliver_to=row.deliver_to,
            made_at=row.made_at,
            made_by=row.made_by,
            active=row.active,
            lines=row.lines,
            next_on=row.next_on,
        )


class TemplateLineShape(Shape):
    position: int
    product: str
    pack: str
    packs: int
    unit_price: MoneyOut | None = Field(description="Today's, where the supplier's is on file")

    @classmethod
    def of(cls, row: TemplateLineRow) -> Self:
        return cls(
            position=row.position,
            product=row.product,
            pack=row.pack,
            packs=row.packs,
            unit_price=MoneyOut.of(row.price) if row.price else None,
        )


class TemplateShape(Shape):
    template: TemplateRowShape
    note_to_supplier: str
    note_to_us: str
    lines: list[TemplateLineShape]
    standing_orders: list[str]

    @classmethod
    def of(cls, page: TemplatePage) -> Self:
        return cls(
            template=TemplateRowShape.of(page.row),
            note_to_supplier=page.note_to_supplier,
            note_to_us=page.note_to_us,
            lines=[TemplateLineShape.of(line) for line in page.lines],
            standing_orders=[row.number for row in page.rhythms],
        )


class StandingBody(Body):
    template: Code
    every: int = Field(ge=1, le=52)
    unit: Every
    weekday: Weekday = Field(description="In months: the first such day of the month")
    start: Day | None = Field(default=None, description="Default: today")
    until: Day | None = None

    def command(self) -> BeginStanding:
        return BeginStanding(
            template=self.template,
            every=self.every,
            unit=self.unit,
            weekday=_DAYS.index(self.weekday),
            start=self.start,
            until=self.until,
        )


class StandingShape(Shape):
    number: str
    template: str
    every: int
    unit: Every
    weekday: str
    until: Day | None
    next_on: Day | None = Field(description="Null when it has ended")
    paused: bool
    begun_by: str
    problem: str = Field(description="Why the last one could not be drafted")
    last_order: str | None
    last_for: Day | None

    @classmethod
    def of(cls, row: StandingRow) -> Self:
        return cls(
            number=row.number,
            template=row.template,
            every=row.every,
            unit=row.unit,
            weekday=_DAYS[row.weekday],
            until=row.until,
            next_on=row.next_on,
            paused=row.paused,
            begun_by=row.begun_by,
            problem=row.problem,
            last_order=row.last_order,
            last_for=row.last_for,
        )

"""Win and loss."""

from datetime import timedelta
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from procurement.api.schemas.values import Day, MoneyOut, Shape
from procurement.sales.queries.outcomes import WinLoss
from procurement.sales.rules.outcomes import Tally


class OutcomeQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    since: Day | None = Field(default=None, description="Issued from; default: a year ago")
    until: Day | None = Field(default=None, description="Issued to; default: today")
    currency: str | None = Field(
        default=None, pattern="^[A-Z]{3}$", description="Default: the company's"
    )
    person: str = Field(default="", max_length=200, description="Who drafted them")


class TallyShape(Shape):
    name: str
    won: int
    lost: int
    open: int
    won_percent: str | None = Field(description="Of what is decided")
    won_net: MoneyOut
    lost_net: MoneyOut
    open_net: MoneyOut
    median_seconds_to_answer: int | None

    @classmethod
    def of(cls, row: Tally) -> Self:
        waited = row.median
        return cls(
            name=row.label,
            won=row.won,
            lost=row.lost,
            open=row.open,
            won_percent=row.rate.percent if row.rate else None,
            won_net=MoneyOut.of(row.won_value),
            lost_net=MoneyOut.of(row.lost_value),
            open_net=MoneyOut.of(row.open_value),
            median_seconds_to_answer=None if waited is None else waited // timedelta(seconds=1),
        )


class WinLossShape(Shape):
    since: Day
    until: Day
    currency: str
    total: TallyShape
    by_month: list[TallyShape]
    by_person: list[TallyShape]
    by_family: list[TallyShape]
    by_discount: list[TallyShape]
    by_reason: list[TallyShape]

    @classmethod
    def of(cls, told: WinLoss) -> Self:
        return cls(
            since=told.since,
            until=told.until,
            currency=told.currency,
            total=TallyShape.of(told.total),
            by_month=[TallyShape.of(row) for row in told.months],
            by_person=[TallyShape.of(row) for row in told.people],
            by_family=[TallyShape.of(row) for row in told.families],
            by_discount=[TallyShape.of(row) for row in told.bands],
            by_reason=[TallyShape.of(row) for row in told.reasons],
        )

"""Needs, and what is drafted from them."""

from datetime import date
from typing import Literal, Self

from pydantic import Field

from procurement.api.schemas.values import (
    Body,
    Code,
    Day,
    Line,
    ListQuery,
    Moment,
    QuantityOut,
    Shape,
)
from procurement.planning.operations.snoozing import SnoozeNeed
from procurement.planning.terms import Drafted, Need, Snooze


class NeedQuery(ListQuery):
    site: str | None = Field(default=None, max_length=64)
    snoozed: Literal["true", "false"] = Field(
        default="false", description="Those that somebody has put aside."
    )


class SnoozeBody(Body):
    location: Code
    product: Code
    until: Day = Field(description="The day on which it comes back.")
    note: Line = ""
    unless_worse: bool = Field(
        default=True, description="Come back earlier when less is there and coming than now."
    )

    def to_command(self) -> SnoozeNeed:
        return SnoozeNeed(
            location=self.location,
            product=self.product,
            until=self.until,
            note=self.note,
            unless_worse=self.unless_worse,
        )


class WakeBody(Body):
    location: Code
    product: Code


class SnoozeShape(Shape):
    until: date
    unless_worse: bool
    note: str
    by: str
    at: Moment

    @classmethod
    def of(cls, snooze: Snooze) -> Self:
        return cls(
            until=snooze.until,
            unless_worse=snooze.unless_worse,
            note=snooze.note,
            by=snooze.by,
            at=snooze.at,
        )


class NeedShape(Shape):
    location: str
    product: str
    on_hand: QuantityOut
    on_order: QuantityOut
    par_level: QuantityOut
    reorder_point: QuantityOut
    short: QuantityOut
    transfer_from: str | None
    transfer: QuantityOut
    supplier: str | None
    pack: str | None
    packs: int
    blanket_order: str | None = Field(description="The blanket order whose price it has")
    available: QuantityOut
    expiring: QuantityOut = Field(description="Of the available: past its use-by before it is used")
    for_rooms: QuantityOut
    backordered: QuantityOut = Field(description="Customers' orders wait for it")
    covered: QuantityOut = Field(description="On order for it already")
    to_buy: QuantityOut
    used_per_week: QuantityOut = Field(description="As measured; nothing where it was not")
    follows_use: bool
    wanted_by: date
    most: QuantityOut | None = Field(description="What can be used of it before it expires")
    deliver_to: str
    snooze: SnoozeShape | None
    why: list[str]

    @classmethod
    def of(cls, need: Need) -> Self:
        return cls(
            location=need.location,
            product=need.product,
            on_hand=QuantityOut.of(need.on_hand),
            on_order=QuantityOut.of(need.on_order),
            par_level=QuantityOut.of(need.par_level),
            reorder_point=QuantityOut.of(need.reorder_point),
            short=QuantityOut.of(need.short),
            transfer_from=need.transfer_from,
            transfer=QuantityOut.of(need.transfer),
            supplier=need.supplier,
            pack=need.pack,
            packs=need.packs,
            blanket_order=need.blanket or None,
            available=QuantityOut.of(need.available),
            expiring=QuantityOut.of(need.expiring),
            for_rooms=QuantityOut.of(need.for_rooms),
            backordered=QuantityOut.of(need.backordered),
            covered=QuantityOut.of(need.covered),
            to_buy=QuantityOut.of(need.to_buy),
            used_per_week=QuantityOut.of(need.per_week),
            follows_use=need.follows_use,
            wanted_by=need.wanted_by,
            most=None if need.most is None else QuantityOut.of(need.most),
            deliver_to=need.deliver_to,
            snooze=None if need.snooze is None else SnoozeShape.of(need.snooze),
            why=list(need.why),
        )


class DraftOrdersBody(Body):
    site: Code | None = None


class DraftedShape(Shape):
    purchase_orders: list[str]
    transfers: list[str]

    @classmethod
    def of(cls, drafted: Drafted) -> Self:
        return cls(purchase_orders=list(drafted.purchase_orders), transfers=list(drafted.transfers))


class SnoozedShape(Shape):
    location: str
    product: str
    snoozed: bool

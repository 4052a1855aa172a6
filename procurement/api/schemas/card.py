"""The stock card, and closed periods."""

from datetime import date
from typing import Self

from pydantic import Field

from procurement.api.schemas.values import Body, Day, ListQuery, Moment, QuantityOut, Shape
from procurement.stock.queries.card import CardRow, StockCard
from procurement.stock.terms import Cause, Reason


class CardQuery(ListQuery):
    product: str = Field(max_length=64, examples=["ALM-500"])
    lot: str | None = Field(default=None, max_length=64)
    location: str | None = Field(default=None, max_length=64)
    since: str | None = Field(
        default=None, alias="from", max_length=40, description="A moment, or a date: its beginning"
    )
    at: str | None = Field(default=None, max_length=40, description="A moment, or a date: its end")


class CardLineShape(Shape):
    ref: str
    occurred_at: Moment
    actor: str
    reason: Reason
    cause: Cause | None
    note: str
    document: str | None
    lot: str
    source: str = Field(serialization_alias="from")
    destination: str = Field(serialization_alias="to")
    quantity: QuantityOut
    change: QuantityOut
    balance: QuantityOut
    is_reversed: bool

    @classmethod
    def of(cls, row: CardRow) -> Self:
        line = row.movement
        return cls(
            ref=line.ref,
            occurred_at=line.occurred_at,
            actor=line.actor,
            reason=line.reason,
            cause=line.cause,
            note=line.note,
            document=line.document,
            lot=line.lot,
            source=line.source,
            destination=line.destination,
            quantity=QuantityOut.of(line.quantity),
            change=QuantityOut.of(row.change),
            balance=QuantityOut.of(row.balance),
            is_reversed=line.is_reversed,
        )


class CardShape(Shape):
    """`balance` is what was there after the first line, `brought_forward` what was there before the last."""

    product: str
    balance: QuantityOut
    brought_forward: QuantityOut
    items: list[CardLineShape]
    next: str | None

    @classmethod
    def of(cls, card: StockCard) -> Self:
        return cls(
            product=card.product,
            balance=QuantityOut.of(card.balance),
            brought_forward=QuantityOut.of(card.brought_forward),
            items=[CardLineShape.of(row) for row in card.page.items],
            next=card.page.next,
        )


class PeriodBody(Body):
    last_day: Day


class PeriodShape(Shape):
    last_day: date
    closed_at: Moment
    closed_by: str

"""Transfers."""

from datetime import date
from typing import Any, Literal, Self

from pydantic import Field

from procurement.api.schemas.values import (
    Body,
    Code,
    ListQuery,
    Moment,
    Prose,
    QuantityIn,
    QuantityOut,
    Shape,
)
from procurement.stock.operations.arrivals import ArrivedLine, ArriveTransfer, Missing
from procurement.stock.operations.transfers import DraftTransfer, TransferItem
from procurement.stock.queries.transfers import (
    TransferEvent,
    TransferItemRow,
    TransferPage,
    TransferRow,
    WishRow,
)
from procurement.stock.terms import Cause, Difference, TransferStatus


class TransferLineBody(Body):
    product: Code
    quantity: QuantityIn
    lot: Code | None = Field(default=None, description="Not said: FEFO. An opened container: whole")


class TransferBody(Body):
    """A draft reserves its goods; with `request` it only asks for them."""

    source: Code = Field(alias="from")
    destination: Code = Field(alias="to")
    lines: list[TransferLineBody] = Field(min_length=1, max_length=500)
    via: Code | None = Field(default=None, description="The laundry that linen passes")
    request: bool = False
    note: Prose = ""

    def command(self) -> DraftTransfer:
        items = tuple(
            TransferItem(line.product, line.quantity.value(), line.lot) for line in self.lines
        )
        return DraftTransfer(self.source, self.destination, items, self.via, self.note)


class MissingBody(Body):
    """What did not arrive, and why; what was left behind goes back to where it came from."""

    cause: Difference = Field(strict=False)
    quantity: QuantityIn


class ArrivedLineBody(Body):
    position: int = Field(ge=1, le=100_000)
    arrived: QuantityIn
    missing: list[MissingBody] = Field(default=[], max_length=4)


class ArrivalBody(Body):
    """No lines: all that is under way has arrived. What a line does not name stays under way."""

    lines: list[ArrivedLineBody] = Field(default=[], max_length=500)
    note: Prose = ""

    def command(self, number: str) -> ArriveTransfer:
        lines = tuple(
            ArrivedLine(
                line.position,
                line.arrived.value(),
                tuple(Missing(one.cause, one.quantity.value()) for one in line.missing),
            )
            for line in self.lines
        )
        return ArriveTransfer(number, lines, self.note)


class TransferLineShape(Shape):
    position: int
    product: str
    lot: str
    use_by: date | None
    quantity: QuantityOut
    sent: QuantityOut
    arrived: QuantityOut
    explained: QuantityOut
    why: str

    @classmethod
    def of(cls, row: TransferItemRow) -> Self:
        return cls(
            position=row.position,
            product=row.product,
            lot=row.lot,
            use_by=row.use_by,
            quantity=QuantityOut.of(row.quantity),
            sent=QuantityOut.of(row.sent),
            arrived=QuantityOut.of(row.arrived),
            explained=QuantityOut.of(row.explained),
            why=row.why,
        )


class WishShape(Shape):
    product: str
    quantity: QuantityOut

    @classmethod
    def of(cls, row: WishRow) -> Self:
        return cls(product=row.product, quantity=QuantityOut.of(row.quantity))


class TransferPostingShape(Shape):
    ref: str
    occurred_at: Moment
    cause: Cause | None
    lines: int

    @classmethod
    def of(cls, event: TransferEvent) -> Self:
        return cls(
            ref=event.ref, occurred_at=event.occurred_at, cause=event.cause, lines=event.lines
        )


class TransferRowShape(Shape):
    number: str
    status: TransferStatus
    source: str = Field(alias="from")
    destination: str = Field(alias="to")
    via: str | None
    run: str | None
    note: str
    drafted_at: Moment
    drafted_by: str
    sent_at: Moment | None
    done_at: Moment | None

    @classmethod
    def head(cls, row: TransferRow) -> Self:
        return cls(**_head(row))


class TransferShape(TransferRowShape):
    """`asked` is what a request named, `lines` the lots picked for it."""

    asked: list[WishShape]
    lines: list[TransferLineShape]
    postings: list[TransferPostingShape]

    @classmethod
    def of(cls, page: TransferPage) -> Self:
        return cls(
            **_head(page.head),
            asked=[WishShape.of(wish) for wish in page.wishes],
            lines=[TransferLineShape.of(item) for item in page.items],
            postings=[TransferPostingShape.of(event) for event in page.events],
        )


def _head(row: TransferRow) -> dict[str, Any]:
    return {
        "number": row.number,
        "status": row.status,
        "source": row.source,
        "destination": row.destination,
        "via": row.via,
        "run": row.run,
        "note": row.note,
        "drafted_at": row.drafted_at,
        "drafted_by": row.drafted_by,
        "sent_at": row.sent_at,
        "done_at": row.done_at,
    }


class TransferQuery(ListQuery):
    status: (
        Literal["requested", "draft", "in_transit", "partly_arrived", "done", "cancelled"] | None
    ) = None
    location: Code | None = None
    to_site: Code | None = None

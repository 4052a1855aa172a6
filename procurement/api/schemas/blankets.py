"""Blanket orders."""

from datetime import datetime
from typing import Self

from pydantic import Field

from procurement.api.schemas.purchasing import OrderLineBody
from procurement.api.schemas.values import (
    Body,
    Code,
    Day,
    Line,
    MoneyOut,
    Packs,
    PriceIn,
    Prose,
    Shape,
)
from procurement.purchasing.operations.agreed_changes import ChangeBlanket, ChangedLine
from procurement.purchasing.operations.blankets import AgreeBlanket, CallOff, CallOffLine
from procurement.purchasing.terms import (
    BlanketLineRow,
    BlanketPage,
    BlanketRevisionRow,
    BlanketRow,
)


class BlanketBody(Body):
    supplier: Code
    name: Line = ""
    valid_from: Day
    valid_until: Day = Field(description="The last day an order is placed on it")
    lines: list[OrderLineBody] = Field(min_length=1, max_length=1000)
    note: Prose = ""

    def command(self) -> AgreeBlanket:
        return AgreeBlanket(
            supplier=self.supplier,
            name=self.name,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            lines=tuple(line.line() for line in self.lines),
            note=self.note,
        )


class CallOffLineBody(Body):
    position: int = Field(ge=1, le=1000)
    packs: Packs


class CallOffBody(Body):
    lines: list[CallOffLineBody] = Field(min_length=1, max_length=1000)
    deliver_to: Code | None = Field(default=None, description="Default: the first storeroom")

    def command(self, number: str) -> CallOff:
        return CallOff(
            number=number,
            deliver_to=self.deliver_to,
            lines=tuple(CallOffLine(line.position, line.packs) for line in self.lines),
        )


class ChangedLineBody(Body):
    position: int = Field(ge=1, le=1000)
    packs: Packs | None = None
    unit_price: PriceIn | None = None


class ChangeBlanketBody(Body):
    why: Line
    valid_from: Day | None = None
    valid_until: Day | None = None
    lines: list[ChangedLineBody] = Field(default_factory=list, max_length=1000)
    revision: int | None = Field(
        default=None, ge=0, le=1_000_000, description="The revision that was read; another is 409"
    )

    def command(self, number: str) -> ChangeBlanket:
        return ChangeBlanket(
            number=number,
            why=self.why,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            revision=self.revision,
            lines=tuple(
                ChangedLine(
                    position=line.position,
                    packs=line.packs,
                    unit_price=line.unit_price.price() if line.unit_price else None,
                )
                for line in self.lines
            ),
        )


class BlanketRevisionShape(Shape):
    number: int
    why: str
    changed: list[str]
    changed_at: datetime
    changed_by: str

    @classmethod
    def of(cls, row: BlanketRevisionRow) -> Self:
        return cls(
            number=row.number,
            why=row.why,
            changed=list(row.changed),
            changed_at=row.at,
            changed_by=row.by,
        )


class BlanketRowShape(Shape):
    number: str
    name: str
    supplier: str
    valid_from: Day
    valid_until: Day
    closed: bool
    packs: int
    drawn: int

    @classmethod
    def of(cls, row: BlanketRow) -> Self:
        return cls(
            number=row.number,
            name=row.name,
            supplier=row.supplier,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            closed=row.closed,
            packs=row.packs,
            drawn=row.drawn,
        )


class BlanketLineShape(Shape):
    position: int
    product: str
    pack: str
    packs: int
    unit_price: MoneyOut
    drawn: int
    left: int

    @classmethod
    def of(cls, row: BlanketLineRow) -> Self:
        return cls(
            position=row.position,
            product=row.product,
            pack=row.pack,
            packs=row.packs,
            unit_price=MoneyOut.of(row.price),
            drawn=row.drawn,
            left=row.left,
        )


class BlanketShape(Shape):
    blanket: BlanketRowShape
    note: str
    lines: list[BlanketLineShape]
    orders: list[str]
    revision: int = Field(description="0 as it was agreed")
    revisions: list[BlanketRevisionShape]

    @classmethod
    def of(cls, page: BlanketPage) -> Self:
        return cls(
            blanket=BlanketRowShape.of(page.row),
            note=page.note,
            lines=[BlanketLineShape.of(line) for line in page.lines],
            orders=[row.order for row in page.orders],
            revision=page.revision,
            revisions=[BlanketRevisionShape.of(row) for row in page.revisions],
        )

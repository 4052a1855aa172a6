"""Changes of placed orders."""

from typing import Self

from pydantic import Field

from procurement.api.schemas.purchasing import OrderLineBody
from procurement.api.schemas.values import Body, Day, Moment, MoneyOut, Packs, PriceIn, Prose, Shape
from procurement.purchasing.operations.amended_lines import AmendedLine
from procurement.purchasing.operations.amending import AmendOrder
from procurement.purchasing.rules.amending import words_of
from procurement.purchasing.terms import ChangeKind, ChangeRow, RevisionRow, RevisionStatus


class AmendedLineBody(Body):
    position: int = Field(ge=1, le=1_000_000)
    packs: Packs | None = None
    unit_price: PriceIn | None = None
    wanted_by: Day | None = None
    close: bool = Field(default=False, description="What has not come is no longer ordered")

    def line(self) -> AmendedLine:
        return AmendedLine(
            position=self.position,
            packs=self.packs,
            unit_price=self.unit_price.price() if self.unit_price else None,
            wanted_by=self.wanted_by,
            close=self.close,
        )


class AmendBody(Body):
    """Lines not named stay, and so does what a line leaves out."""

    lines: list[AmendedLineBody] = Field(default_factory=list, max_length=1000)
    added: list[OrderLineBody] = Field(default_factory=list, max_length=1000)
    due_on: Day | None = None
    why: Prose = Field(default="", description="For the supplier")
    version: int | None = Field(
        default=None, ge=0, le=10**9, description="The order's that was read"
    )

    def command(self, number: str) -> AmendOrder:
        return AmendOrder(
            number=number,
            version=self.version,
            lines=tuple(line.line() for line in self.lines),
            added=tuple(line.line() for line in self.added),
            due_on=self.due_on,
            why=self.why,
        )


class ChangeShape(Shape):
    kind: ChangeKind
    position: int
    product: str
    pack: str
    packs_before: int
    packs_after: int
    price_before: MoneyOut
    price_after: MoneyOut
    wanted_before: Day | None
    wanted_after: Day | None
    words: str

    @classmethod
    def of(cls, row: ChangeRow) -> Self:
        return cls(
            kind=row.kind,
            position=row.position,
            product=row.product,
            pack=row.pack,
            packs_before=row.packs_before,
            packs_after=row.packs_after,
            price_before=MoneyOut.of(row.price_before),
            price_after=MoneyOut.of(row.price_after),
            wanted_before=row.wanted_before,
            wanted_after=row.wanted_after,
            words=words_of(row),
        )


class RevisionShape(Shape):
    number: int | None = Field(
        description="0 as it was placed; null while it waits, or was not sent"
    )
    status: RevisionStatus
    why: str
    due_on: Day | None
    proposed_at: Moment
    proposed_by: str
    decided_at: Moment | None
    decided_by: str | None
    refused_why: str
    before: MoneyOut
    after: MoneyOut
    changes: list[ChangeShape]

    @classmethod
    def of(cls, row: RevisionRow) -> Self:
        return cls(
            number=row.number,
            status=row.status,
            why=row.why,
            due_on=row.due_on,
            proposed_at=row.proposed_at,
            proposed_by=row.proposed_by,
            decided_at=row.decided_at,
            decided_by=row.decided_by,
            refused_why=row.refused_why,
            before=MoneyOut.of(row.before),
            after=MoneyOut.of(row.after),
            changes=[ChangeShape.of(change) for change in row.changes],
        )


class RevisionsShape(Shape):
    items: list[RevisionShape] = Field(description="What waits first, then the latest")

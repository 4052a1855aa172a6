"""Stock counts over the wire."""

from datetime import date
from typing import Literal, Self
from uuid import UUID

from pydantic import Field

from procurement.api.schemas.values import (
    Body,
    Code,
    Day,
    ListQuery,
    Moment,
    MoneyOut,
    Prose,
    QuantityIn,
    QuantityOut,
    Shape,
)
from procurement.stock.operations.counting.deciding import Choice
from procurement.stock.operations.counting.entering import EnterCounted, Entered, Entry, Outcome
from procurement.stock.queries.counting.counts import CountRow
from procurement.stock.queries.counting.review import CountLine, EntryRow
from procurement.stock.terms import CountCause, CountConflict, CountStatus, How


class StartCountBody(Body):
    location: Code
    blind: bool = Field(default=False, description="Nobody is told what is expected")
    due_only: bool = Field(default=False, description="Only what the count plan says is due")


class CountQuery(ListQuery):
    status: CountStatus | None = None
    location: str | None = Field(default=None, max_length=64)


class EntryBody(Body):
    id: UUID = Field(strict=False, description="Made by you, once: sent again it changes nothing")
    product: Code
    lot: Code | None = None
    supplier_lot: Code | None = Field(default=None, description="Of something found")
    expires_on: Day | None = None
    quantity: QuantityIn
    counted_at: Moment
    how: Literal["scanned", "tapped", "typed"] = "typed"
    recount: bool = Field(default=False, description="Counted a second time")
    supersedes: list[UUID] = Field(default_factory=list, max_length=50, strict=False)
    note: Prose = ""

    def entry(self) -> Entry:
        return Entry(
            uid=str(self.id),
            product=self.product,
            quantity=self.quantity.value(),
            counted_at=self.counted_at,
            lot=self.lot,
            supplier_lot=self.supplier_lot,
            expires_on=self.expires_on,
            how=How(self.how),
            again=self.recount,
            supersedes=tuple(str(one) for one in self.supersedes),
            note=self.note,
        )


class EntriesBody(Body):
    device_now: Moment | None = Field(
        default=None, description="Your clock as you send; ours corrects counted_at by it"
    )
    entries: list[EntryBody] = Field(min_length=1, max_length=500)

    def command(self, number: str) -> EnterCounted:
        entries = tuple(body.entry() for body in self.entries)
        return EnterCounted(number, entries, self.device_now)


class DecideBody(Body):
    line: int = Field(ge=1, le=1_000_000)
    choice: Choice = Field(strict=False)
    seen: list[UUID] = Field(
        min_length=1, max_length=50, strict=False, description="The line's current entries"
    )
    take: UUID | None = Field(default=None, strict=False)


class LeaveOutBody(Body):
    line: int = Field(ge=1, le=1_000_000)
    left_out: bool = True


class CauseBody(Body):
    line: int = Field(ge=1, le=1_000_000)
    cause: CountCause | None = Field(strict=False)


class CausesBody(Body):
    causes: list[CauseBody] = Field(min_length=1, max_length=500)


class PostCountBody(Body):
    entries_seen: int | None = Field(
        default=None, ge=0, le=10_000_000, description="Current entries you decided on; others: 409"
    )


class CountShape(Shape):
    number: str
    location: str
    status: CountStatus
    blind: bool
    due_only: bool
    started_at: Moment
    started_by: str
    submitted_at: Moment | None
    closed_at: Moment | None
    posting: str | None
    lines: int
    counted: int

    @classmethod
    def of(cls, row: CountRow) -> Self:
        return cls(
            number=row.number,
            location=row.place.code,
            status=row.status,
            blind=row.blind,
            due_only=row.due_only,
            started_at=row.started_at,
            started_by=row.started_by,
            submitted_at=row.submitted_at,
            closed_at=row.closed_at,
            posting=row.posting,
            lines=row.lines,
            counted=row.counted,
        )


class CountEntryShape(Shape):
    id: str
    quantity: QuantityOut
    counted_at: Moment
    counted_by: str
    how: How
    note: str

    @classmethod
    def of(cls, entry: EntryRow) -> Self:
        return cls(
            id=entry.uid,
            quantity=QuantityOut.of(entry.quantity),
            counted_at=entry.counted_at,
            counted_by=entry.counted_by,
            how=entry.how,
            note=entry.note,
        )


class CountLineShape(Shape):
    """`expected`, `difference` and `value` stay null in a blind count until it is handed in."""

    line: int
    product: str
    lot: str | None
    supplier_lot: str | None
    expires_on: date | None
    found: bool
    left_out: bool
    entries: list[CountEntryShape]
    counted: QuantityOut | None
    expected: QuantityOut | None
    difference: QuantityOut | None
    value: MoneyOut | None = Field(description="For those who may see what goods cost")
    cause: CountCause | None
    conflict: CountConflict | None

    @classmethod
    def of(cls, line: CountLine, *, tells: bool, sees_cost: bool) -> Self:
        difference = line.difference
        return cls(
            line=line.position,
            product=line.product,
            lot=line.lot,
            supplier_lot=line.supplier_lot,
            expires_on=line.expires_on,
            found=line.found,
            left_out=line.left_out,
            entries=[CountEntryShape.of(entry) for entry in line.entries],
            counted=QuantityOut.of(line.counted) if line.counted else None,
            expected=QuantityOut.of(line.expected) if line.expected and tells else None,
            difference=QuantityOut.of(difference) if difference and tells else None,
            value=MoneyOut.of(line.value) if line.value and tells and sees_cost else None,
            cause=line.cause,
            conflict=line.conflict,
        )


class CountSheetShape(CountShape):
    sheet: list[CountLineShape]


class EnteredShape(Shape):
    """What became of an entry; `field` and `message` say why it was refused."""

    id: str
    result: Outcome
    line: int | None
    counted_at: Moment | None
    field: str | None
    message: str | None

    @classmethod
    def of(cls, answer: Entered) -> Self:
        return cls(
            id=answer.uid,
            result=answer.outcome,
            line=answer.line,
            counted_at=answer.counted_at,
            field=answer.fault.field if answer.fault else None,
            message=answer.fault.message if answer.fault else None,
        )


class EntriesShape(Shape):
    count: CountShape
    results: list[EnteredShape]

"""What a person decides in a count: which figure holds, what is left out, why it differs, that the rest is zero."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.stock.errors import CountChanged, CountClosed
from procurement.stock.models import (
    StockCount,
    StockCountCorrection,
    StockCountEntry,
    StockCountLine,
)
from procurement.stock.operations.counting.entering import count_for_update
from procurement.stock.queries.counting.counts import count_of
from procurement.stock.queries.counting.review import CountLine, EntryRow, count_lines
from procurement.stock.terms import CountCause, CountStatus, How


class Choice(StrEnum):
    TAKE = "take"  # this one figure holds
    ADD = "add"  # they counted different shelves: the sum holds


@dataclass(frozen=True, slots=True)
class DecideLine:
    """`seen` are the ids of the entries the person looked at; `take` one of them."""

    number: str
    line: int
    choice: Choice
    seen: tuple[str, ...]
    take: str | None = None


def decide_line(session: Session, command: DecideLine, *, actor: Actor, at: datetime) -> None:
    """Put an entry in the place of those that disagree, or of one far off. Raises CountChanged, CountClosed."""
    actor.require(Permission.ADJUST_STOCK)
    count = active_count(session, command.number)
    line = _line(session, command.number, command.line)
    current = {entry.uid: entry for entry in line.entries}
    if not current:
        raise Conflict("Nobody has counted it yet.", field="line")
    if set(command.seen) != set(current):
        raise CountChanged("Somebody counted it meanwhile; look again.", field="seen")
    chosen = _chosen(command, current)
    steps = sum(entry.quantity.steps for entry in current.values())
    entry_id = session.scalar(
        insert(StockCountEntry).returning(StockCountEntry.id),
        _row(
            count,
            line,
            actor,
            steps=steps if command.choice is Choice.ADD else chosen.quantity.steps,
            counted_at=chosen.counted_at,
            how=How.DECIDED,
            at=at,
        ),
    )
    session.execute(
        insert(StockCountCorrection),
        [
            {"count_id": count.id, "superseded": uid, "entry_id": entry_id}
            for uid in sorted(current)
        ],
    )
    record(session, "decide count line", count.number, line.label, actor=actor, at=at)


def _chosen(command: DecideLine, current: Mapping[str, EntryRow]) -> EntryRow:
    """The entry whose moment holds: the one taken, or of a sum the last."""
    if command.choice is Choice.ADD:
        if len(current) == 1:
            raise Invalid("There is only one figure.", field="choice")
        return max(current.values(), key=lambda entry: entry.counted_at)
    entry = current.get(command.take or "")
    if entry is None:
        raise Invalid("Choose one of the figures.", field="take")
    return entry


def leave_out(
    session: Session, number: str, line: int, *, out: bool, actor: Actor, at: datetime
) -> None:
    """The line's difference is not posted (or is after all): its balance stays as it is."""
    actor.require(Permission.ADJUST_STOCK)
    count = active_count(session, number)
    row = _lines_at(session, count, [line])[line]
    if row.left_out != out:
        row.left_out = out
        action = "leave out count line" if out else "take in count line"
        record(session, action, number, f"line {line}", actor=actor, at=at)


def say_causes(
    session: Session,
    number: str,
    causes: Mapping[int, CountCause | None],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Why lines differ: said while the count is looked at, or found out after it was posted."""
    count = count_for_update(session, number)
    if count.status is CountStatus.CANCELLED:
        raise CountClosed(f"{number} is cancelled.")
    posted = count.status is CountStatus.POSTED
    actor.require(Permission.ADJUST_STOCK if posted else Permission.COUNT_STOCK)
    rows = _lines_at(session, count, list(causes))
    changed = [line for line, cause in causes.items() if rows[line].cause is not cause]
    for line in changed:
        rows[line].cause = causes[line]
    if changed:
        words = ", ".join(f"line {line}: {causes[line] or 'none'}" for line in changed[:20])
        record(session, "say causes of count", number, words, actor=actor, at=at)


def count_rest_as_zero(session: Session, number: str, *, actor: Actor, at: datetime) -> int:
    """Nothing is there of what nobody counted; how many lines that were."""
    actor.require(Permission.COUNT_STOCK)
    count = active_count(session, number)
    rest = [line for line in count_lines(session, count_of(session, number)) if not line.entries]
    if rest:
        session.execute(
            insert(StockCountEntry),
            [
                _row(count, line, actor, steps=0, counted_at=at, how=How.REST_IS_ZERO, at=at)
                for line in rest
            ],
        )
        record(session, "count rest as zero", number, f"{len(rest)} lines", actor=actor, at=at)
    return len(rest)


def active_count(session: Session, number: str) -> StockCount:
    """Open or in review, and locked. Raises NotFound, CountClosed."""
    count = count_for_update(session, number)
    if not count.status.is_active:
        raise CountClosed(f"{number} is {count.status} already.")
    return count


def _row(
    count: StockCount,
    line: CountLine,
    actor: Actor,
    *,
    steps: int,
    counted_at: datetime,
    how: How,
    at: datetime,
) -> dict[str, object]:
    return {
        "uid": str(uuid4()),
        "count_id": count.id,
        "line_id": line.id,
        "product_id": line.product_id,
        "lot_said": line.lot or line.supplier_lot,
        "quantity": steps,
        "counted_at": counted_at,
        "counted_by": actor.name,
        "actor_id": actor.id,
        "how": how,
        "again": False,
        "note": "",
        "received_at": at,
    }


def _line(session: Session, number: str, position: int) -> CountLine:
    lines = count_lines(session, count_of(session, number))
    found = next((line for line in lines if line.position == position), None)
    if found is None:
        raise NotFound(f"{number} has no line {position}.", field="line")
    return found


def _lines_at(
    session: Session, count: StockCount, positions: Sequence[int]
) -> dict[int, StockCountLine]:
    found = session.scalars(
        select(StockCountLine).where(
            StockCountLine.count_id == count.id, StockCountLine.position.in_(positions)
        )
    )
    rows = {line.position: line for line in found}
    if missing := sorted(set(positions) - rows.keys()):
        raise NotFound(f"{count.number} has no line {missing[0]}.", field="line")
    return rows

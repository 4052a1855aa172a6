"""The end of a count: handed in for review, posted as one posting, or cancelled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.permissions import Permission
from procurement.stock import ledger
from procurement.stock.errors import CountChanged, CountUndecided
from procurement.stock.models import Lot, StockCount, StockCountLine
from procurement.stock.operations.counting.deciding import active_count
from procurement.stock.operations.lots import NewLot, open_lots
from procurement.stock.queries.counting.counts import CountRow, count_of
from procurement.stock.queries.counting.review import CountLine, count_lines
from procurement.stock.queries.places import place_of_kind
from procurement.stock.rules.counting import needs_approval
from procurement.stock.terms import CountStatus, LocationKind, Place, Posted, Reason

_NAMED = 5  # so many undecided lines are called by their names


def submit_count(session: Session, number: str, *, actor: Actor, at: datetime) -> StockCount:
    """The people who counted are through; in review already is no matter. Raises CountClosed."""
    actor.require(Permission.COUNT_STOCK)
    count = active_count(session, number)
    if count.status is CountStatus.OPEN:
        count.status = CountStatus.REVIEW
        count.submitted_at = at
        count.submitted_by = actor.name
        record(session, "submit count", number, actor=actor, at=at)
    return count


@dataclass(frozen=True, slots=True)
class PostCount:
    """`seen`: how many entries the page showed that was decided on; None: whatever is there now."""

    number: str
    seen: int | None = None


def post_count(
    session: Session, command: PostCount, *, actor: Actor, at: datetime
) -> Posted | None:
    """Put every difference into the ledger, as one posting; None when there is none.

    Raises CountUndecided, CountChanged, CountClosed, Forbidden (worth more than the limit), PeriodClosed.
    """
    actor.require(Permission.COUNT_STOCK)
    count = active_count(session, command.number)
    head = count_of(session, command.number)
    _name_found(session, count)
    ledger.hold(session, head.place, _lots_of(session, count))
    lines = count_lines(session, head)
    if command.seen is not None and command.seen != sum(len(line.entries) for line in lines):
        raise CountChanged("Somebody counted meanwhile; look at the differences again.")
    _require_decided(lines)
    settled = [line for line in lines if line.difference is not None and not line.left_out]
    off = [line for line in settled if line.is_off]
    values = [line.value.minor if line.value else None for line in off]
    if needs_approval(values, count.approval_minor):
        actor.require(Permission.ADJUST_STOCK)
    posted = _post(session, head, off, actor, at) if off else None
    _write_down(session, settled)
    count.status = CountStatus.POSTED
    count.posting_id = posted.id if posted else None
    count.closed_at, count.closed_by = at, actor.name
    record(session, "post count", count.number, f"{len(off)} differences", actor=actor, at=at)
    return posted


def cancel_count(session: Session, number: str, *, actor: Actor, at: datetime) -> StockCount:
    """Nothing is posted; what was counted stays readable. One's own count, or with Adjust stock anybody's."""
    actor.require(Permission.COUNT_STOCK)
    count = active_count(session, number)
    # Two people may have one name: whose it is, the account says.
    if count.started_by_id is None or count.started_by_id != actor.id:
        actor.require(Permission.ADJUST_STOCK)
    count.status = CountStatus.CANCELLED
    count.closed_at, count.closed_by = at, actor.name
    record(session, "cancel count", number, actor=actor, at=at)
    return count


def _require_decided(lines: Sequence[CountLine]) -> None:
    undecided = [line for line in lines if line.conflict]
    if not undecided:
        return
    names = "; ".join(line.label for line in undecided[:_NAMED])
    more = f" and {len(undecided) - _NAMED} more" if len(undecided) > _NAMED else ""
    raise CountUndecided(f"First decide: {names}{more}.", field="lines")


def _name_found(session: Session, count: StockCount) -> None:
    """What was found without a lot may have been received since: then it is that lot."""
    nameless = session.scalars(
        select(StockCountLine).where(
            StockCountLine.count_id == count.id,
            StockCountLine.lot_id.is_(None),
            StockCountLine.supplier_lot.is_not(None),
        )
    ).all()
    if not nameless:
        return
    names = {(line.product_id, line.supplier_lot) for line in nameless}
    found = session.scalars(select(Lot).where(tuple_(Lot.product_id, Lot.number).in_(names)))
    lots = {(lot.product_id, lot.number): lot for lot in found}
    for line in nameless:
        lot = lots.get((line.product_id, line.supplier_lot or ""))
        if lot is not None and lot.expires_on == (line.expires_on or lot.expires_on):
            line.lot_id = lot.id
    session.flush()  # the figures are read by lot


def _lots_of(session: Session, count: StockCount) -> dict[int, int]:
    rows = session.execute(
        select(StockCountLine.lot_id, StockCountLine.product_id).where(
            StockCountLine.count_id == count.id, StockCountLine.lot_id.is_not(None)
        )
    )
    return {lot_id: product_id for lot_id, product_id in rows if lot_id is not None}


def _post(
    session: Session, head: CountRow, off: Sequence[CountLine], actor: Actor, at: datetime
) -> Posted:
    adjustment = place_of_kind(session, LocationKind.ADJUSTMENT)
    lots = _lots(session, head.place, off, at)
    return ledger.post(
        session,
        Reason.COUNT,
        [_move(line, head.place, adjustment, lots[line.id]) for line in off],
        actor=actor,
        at=at,
        document=head.number,
    )


def _move(line: CountLine, place: Place, adjustment: Place, lot: Lot) -> ledger.Move:
    steps = line.difference.steps if line.difference else 0
    source, destination = (adjustment, place) if steps > 0 else (place, adjustment)
    name = f"lines.{line.position}"
    return ledger.Move(line.product_id, abs(steps), source, destination, lot, name)


def _lots(session: Session, place: Place, off: Sequence[CountLine], at: datetime) -> dict[int, Lot]:
    """The lots of the lines; what was found without one gets a lot of its own."""
    ids = {line.lot_id for line in off if line.lot_id is not None}
    known = {lot.id: lot for lot in session.scalars(select(Lot).where(Lot.id.in_(ids)))}
    found = [line for line in off if line.lot_id is None]
    day = today_in(place.time_zone or "UTC", at)
    new = [
        NewLot(
            product_id=line.product_id,
            received_on=day,
            supplier_lot=line.supplier_lot,
            expires_on=line.expires_on,
            line=f"lines.{line.position}",
        )
        for line in found
    ]
    opened = open_lots(session, new, at=at) if new else []
    lots = {line.id: known[line.lot_id] for line in off if line.lot_id is not None}
    lots |= {line.id: lot for line, lot in zip(found, opened, strict=True)}
    return lots


def _write_down(session: Session, settled: Sequence[CountLine]) -> None:
    """Keep what was counted beside what was expected: later bookings do not change it."""
    if settled:
        session.execute(
            update(StockCountLine),
            [
                {
                    "id": line.id,
                    "counted": line.counted.steps if line.counted else 0,
                    "expected": line.expected.steps if line.expected else 0,
                    "value_minor": line.value.minor if line.value else None,
                }
                for line in settled
            ],
        )

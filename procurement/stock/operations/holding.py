"""Holding lots back and letting them go again, with everything opened or filled from them; what their labels name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.permissions import Permission
from procurement.stock import ledger
from procurement.stock.models import (
    Location,
    Lot,
    Recall,
    RecallLot,
    Reservation,
    Transfer,
    TransferLine,
)
from procurement.stock.queries.lots import lot_key, lots_named
from procurement.stock.queries.traces import family_of
from procurement.stock.terms import LotStatus, TransferStatus


@dataclass(frozen=True, slots=True)
class Promised:
    """What was promised of a lot when it was held; a draft transfer and a customer's order gave it up."""

    demand: str
    location: str
    steps: int
    was_released: bool


def hold_lot(
    session: Session, name: str, why: str, *, actor: Actor, at: datetime
) -> tuple[Promised, ...]:
    """Put a lot ("SKU/NUMBER") and what was made from it into quarantine; answers what was promised of it.

    Raises NotFound, Invalid (no reason), Conflict (held or recalled already).
    """
    actor.require(Permission.HOLD_LOTS)
    why = _reason(why)
    lot = session.get_one(Lot, lot_key(session, name))
    family = freeze(session, [lot.id])
    session.refresh(lot)
    if lot.status is not LotStatus.AVAILABLE:
        raise Conflict(f"Lot {lot.number} is in {lot.status} already.")
    _mark(session, family, LotStatus.QUARANTINE, why, only=LotStatus.AVAILABLE)
    promised = give_up_promises(session, family, f"Lot {lot.number} is held", at=at)
    record(session, "hold lot", name, why, actor=actor, at=at)
    return promised


def release_lot(session: Session, name: str, why: str, *, actor: Actor, at: datetime) -> None:
    """Let a lot and what was made from it be used again. What an open recall names stays held.

    Raises NotFound, Invalid, Conflict (not held; its own lot is held; a recall is open).
    """
    actor.require(Permission.HOLD_LOTS)
    why = _reason(why)
    lot = session.get_one(Lot, lot_key(session, name))
    family = freeze(session, [lot.id])
    session.refresh(lot)
    if lot.status is LotStatus.AVAILABLE:
        raise Conflict(f"Lot {lot.number} is not held.")
    parent = session.get(Lot, lot.parent_id, populate_existing=True) if lot.parent_id else None
    if parent is not None and parent.status is not LotStatus.AVAILABLE:
        raise Conflict(f"It came out of {parent.number}, which is held; release that.")
    if number := _open_recall(session, family):
        raise Conflict(f"Recall {number} is open; what it names stays held.")
    _mark(session, family, LotStatus.AVAILABLE, None)
    record(session, "release lot", name, why, actor=actor, at=at)


def say_what_labels_name(
    session: Session, names: Sequence[str], told: bool | None, *, actor: Actor, at: datetime
) -> int:
    """Note whether the labels of lots name the allergens of Regulation (EU) 2023/1545; None: not known after all.

    What was opened or filled from a lot bears the same label. Answers how many lots were named.
    """
    actor.require_any(Permission.HOLD_LOTS, Permission.RECEIVE_GOODS)
    if not names:
        raise Invalid("Say which lots.", field="lots")
    keys = lots_named(session, names)
    family = family_of(session, keys.values())
    _set(session, family, names_allergens=told)
    words = {True: "names the allergens", False: "labelled the old way", None: "not known"}
    for name in keys:
        record(session, "read label", name, words[told], actor=actor, at=at)
    return len(keys)


def freeze(session: Session, roots: Iterable[int]) -> list[int]:
    """Lock the balances of lots and of all made from them; answers that family, complete.

    Transfers that promise some of it are locked first, as they lock themselves before what they touch. A container
    opened while this waited belongs to the family: it is looked for until nothing new is found.
    """
    family = family_of(session, roots)
    _lock_drafts(session, family)
    while True:
        ledger.hold_everywhere(session, family)
        grown = family_of(session, roots)
        if grown == family:
            return family
        family = grown


def recall_lots(session: Session, family: Iterable[int], why: str) -> None:
    """Mark frozen lots as recalled."""
    _mark(session, family, LotStatus.RECALLED, why)


def give_up_promises(
    session: Session, family: Iterable[int], note: str, *, at: datetime
) -> tuple[Promised, ...]:
    """Of frozen lots: draft transfers lose their lines, or are cancelled; what is under way stays promised there.

    A customer's order waits for other lots: nothing of these may be kept from being put aside.
    """
    keys = set(family)
    rows = session.execute(
        select(Reservation, Location.code)
        .join(Location, Location.id == Reservation.location_id)
        .where(Reservation.lot_id.in_(keys), Reservation.released_at.is_(None))
        .order_by(Reservation.id)
    ).all()
    drafts = {one.number: one for one in _lock_drafts(session, keys)}
    for transfer in drafts.values():
        _take_off(session, transfer, keys, note, at)
    demands = {one.demand for one, _ in rows}
    carried = set(session.scalars(select(Transfer.number).where(Transfer.number.in_(demands))))
    ledger.release(session, [one for one, _ in rows if one.demand not in carried], at=at)
    return tuple(
        Promised(one.demand, code, one.quantity, one.demand in drafts or one.demand not in carried)
        for one, code in rows
    )


def _take_off(
    session: Session, transfer: Transfer, lots: set[int], note: str, at: datetime
) -> None:
    lines = [line for line in transfer.lines if line.lot_id in lots]
    ids = {line.reservation_id for line in lines}
    promised = session.scalars(select(Reservation).where(Reservation.id.in_(ids))).all()
    ledger.release(session, promised, at=at)
    transfer.note = f"{transfer.note}\n{note}: taken off.".strip()
    if len(lines) == len(transfer.lines):
        transfer.become(TransferStatus.CANCELLED)
        return
    for line in lines:
        session.delete(line)


def _lock_drafts(session: Session, family: Iterable[int]) -> list[Transfer]:
    """The draft transfers that promise something of the lots, with their lines."""
    return list(
        session.scalars(
            select(Transfer)
            .where(
                Transfer.status == TransferStatus.DRAFT,
                Transfer.id.in_(
                    select(TransferLine.transfer_id).where(TransferLine.lot_id.in_(set(family)))
                ),
            )
            .options(selectinload(Transfer.lines))
            .order_by(Transfer.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _mark(
    session: Session,
    family: Iterable[int],
    status: LotStatus,
    why: str | None,
    *,
    only: LotStatus | None = None,
) -> None:
    _set(session, family, only=only, status=status, held_because=why)


def _set(
    session: Session, family: Iterable[int], *, only: LotStatus | None = None, **values: object
) -> None:
    statement = update(Lot).where(Lot.id.in_(set(family)))
    if only is not None:
        statement = statement.where(Lot.status == only)
    session.execute(statement.values(**values).execution_options(synchronize_session="fetch"))


def _open_recall(session: Session, family: Iterable[int]) -> str | None:
    number: str | None = session.scalar(
        select(Recall.number)
        .join(RecallLot, RecallLot.recall_id == Recall.id)
        .where(
            RecallLot.lot_id.in_(set(family)),
            Recall.closed_at.is_(None),
            Recall.is_drill.is_(False),
        )
        .limit(1)
    )
    return number


def _reason(why: str) -> str:
    said = text.prose(why, "why").strip()
    if not said:
        raise Invalid("Say why.", field="why")
    return said

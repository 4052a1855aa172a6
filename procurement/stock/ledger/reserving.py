"""Promising stock to a document, and giving it free again."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.stock import balances
from procurement.stock.balances import Delta, Key
from procurement.stock.ledger.moves import Promise
from procurement.stock.ledger.picking import (
    Shelf,
    has_numbered,
    locked_shelves,
    on_shelf,
    sealed,
    too_little,
)
from procurement.stock.models import Reservation
from procurement.stock.rules.fefo import pick


def reserve(
    session: Session, promises: Sequence[Promise], *, demand: str, at: datetime
) -> list[list[Reservation]]:
    """Promise stock to a document, lots picked by FEFO; for each promise its reservations, in its order.

    Raises InsufficientStock when it is not all there.
    """
    shelves = locked_shelves(session, {p.place for p in promises}, {p.product_id for p in promises})
    made = [_promised(session, shelves, promise, demand=demand, at=at) for promise in promises]
    rows = [row for several in made for row in several]
    balances.add(session, _deltas(rows, sign=1))
    session.add_all(rows)
    session.flush()  # callers keep the reservations' ids
    return made


def release(session: Session, reservations: Iterable[Reservation], *, at: datetime) -> None:
    """Give promised stock free again; released ones are passed over."""
    open_ones = [r for r in reservations if r.released_at is None]
    deltas = _deltas(open_ones, sign=-1)
    balances.lock(session, deltas)
    balances.add(session, deltas)
    for reservation in open_ones:
        reservation.released_at = at


def _promised(
    session: Session, shelves: dict[Key, Shelf], promise: Promise, *, demand: str, at: datetime
) -> list[Reservation]:
    """The reservations of one promise, taken off the shelves so that the next one sees less."""
    if promise.lot_id is None:
        candidates = sealed(shelves, promise.place, promise.product_id, at)
    else:  # named: also past its date or held, to be carried to where it is put aside or thrown away
        there = on_shelf(shelves, promise.place, promise.product_id)
        candidates = [one for one in there if one.lot_id == promise.lot_id]
    picks = pick(candidates, promise.quantity)
    if picks is None:
        left = sum(candidate.free for candidate in candidates)
        numbered = has_numbered(shelves, promise.place, promise.product_id)
        raise too_little(
            session, promise.line, promise.product_id, promise.place, left, numbered=numbered
        )
    for taken in picks:
        shelves[promise.place.id, taken.candidate.lot_id].free -= taken.quantity
    return [
        Reservation(
            location_id=promise.place.id,
            lot_id=taken.candidate.lot_id,
            quantity=taken.quantity,
            demand=demand,
            made_at=at,
        )
        for taken in picks
    ]


def _deltas(reservations: Iterable[Reservation], *, sign: int) -> dict[Key, Delta]:
    """What the reservations change, key by key in sorted order; their balance rows exist already."""
    changes: Counter[Key] = Counter()
    for reservation in reservations:
        changes[reservation.location_id, reservation.lot_id] += sign * reservation.quantity
    return {key: Delta(0, 0, changes[key]) for key in sorted(changes)}

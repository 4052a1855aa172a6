"""The ledger: the only writer of postings, movements, balances and reservations.

A posting is written in a fixed order, learned by trying:
1. the posting itself claims its idempotency key and asks whether the period is closed;
2. the movements;
3. balance rows are made where there are none, then locked in key order;
4. one conditional update adds the deltas; a key it leaves out has too little, and that names the line.
The CHECKs of the balance table are the net below. A single upsert with a negative delta would be wrong on both
databases: the CHECK sees the proposed row before the conflict is resolved.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Insert, bindparam, exists, insert, select
from sqlalchemy.orm import Session

from procurement.catalogue.models import Product
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import MAX_STEPS
from procurement.kernel.errors import Invalid
from procurement.kernel.identifiers import uuid7
from procurement.kernel.quantity import Quantity
from procurement.stock import balances
from procurement.stock.balances import Delta, Key
from procurement.stock.errors import (
    AlreadyReversed,
    BelongsToDocument,
    InsufficientStock,
    LotNotUsable,
    PeriodClosed,
)
from procurement.stock.models import Balance, Lot, Movement, Period, Posting, Reservation
from procurement.stock.queries.places import places_by_id
from procurement.stock.rules.fefo import Candidate, pick
from procurement.stock.rules.shelf_life import is_usable
from procurement.stock.terms import LocationKind, Place, Posted, PostedMove, Reason

# What leaves for one of these is used or sold: it must be usable on that day.
_USED_AT = frozenset({LocationKind.CONSUMED, LocationKind.CUSTOMER})


@dataclass(frozen=True, slots=True)
class Move:
    """A quantity (in steps) of a product from one place to another.

    Without a lot the ledger picks by FEFO; from a virtual place the lot must be named. `line` is the caller's
    name for it ("moves.0"), given back in refusals and in the result.
    """

    product_id: int
    quantity: int
    source: Place
    destination: Place
    lot: Lot | None = None
    line: str = ""


def post(  # noqa: PLR0913 (keywords, each said once)
    session: Session,
    reason: Reason,
    moves: Sequence[Move],
    *,
    actor: Actor,
    at: datetime,
    occurred_at: datetime | None = None,
    key: str | None = None,
    releases: Sequence[Reservation] = (),
    note: str = "",
    document: str | None = None,
) -> Posted:
    """Write one business event, whole or not at all. `releases` are open reservations that it fulfils.

    Raises InsufficientStock, LotNotUsable, PeriodClosed, Conflict (key used before), Invalid.
    """
    happened = occurred_at or at
    _require_sound(moves, happened, at)
    posting_id, ref = _insert_posting(
        session,
        reason,
        actor=actor,
        at=at,
        happened=happened,
        key=key,
        note=note,
        document=document,
    )
    named = _name_lots(session, moves, releases, happened)
    posted = _write(session, posting_id, named, releases, happened, at)
    return Posted(posting_id, ref, reason, happened, posted)


def reverse(
    session: Session,
    posting: Posting,
    *,
    actor: Actor,
    at: datetime,
    why: str,
    document: str | None = None,
) -> Posted:
    """Take a posting back by one that moves everything the other way; `posting.movements` must be loaded.

    A posting made by a document is reversed by that document's operation only, which names itself.
    """
    if posting.document != document:
        raise BelongsToDocument(f"{posting.document} made this posting; take it back there.")
    if posting.reason is Reason.REVERSAL:
        raise AlreadyReversed("This is a reversal itself; post what is right instead.")
    posting_id, ref = _insert_posting(
        session,
        Reason.REVERSAL,
        actor=actor,
        at=at,
        happened=at,
        note=why,
        document=document,
        reverses_id=posting.id,
    )
    places = places_by_id(
        session, {m.from_id for m in posting.movements} | {m.to_id for m in posting.movements}
    )
    lots = _lots(session, {m.lot_id for m in posting.movements})
    back = [
        Move(
            m.product_id,
            m.quantity,
            places[m.to_id],
            places[m.from_id],
            lots[m.lot_id],
            line=f"moves.{index}",
        )
        for index, m in enumerate(posting.movements)
    ]
    return Posted(
        posting_id, ref, Reason.REVERSAL, at, _write(session, posting_id, back, (), at, at)
    )


@dataclass(frozen=True, slots=True)
class Promise:
    """So many steps of a product at a place, promised to a demand."""

    product_id: int
    quantity: int
    place: Place
    line: str = ""


def reserve(
    session: Session, promises: Sequence[Promise], *, demand: str, at: datetime
) -> list[list[Reservation]]:
    """Promise stock to a document, lots picked by FEFO; for each promise its reservations, in its order.

    Raises InsufficientStock when it is not all there.
    """
    shelves = _locked_shelves(
        session, {p.place for p in promises}, {p.product_id for p in promises}
    )
    made: list[list[Reservation]] = []
    deltas: dict[Key, Delta] = {}
    for promise in promises:
        candidates = _usable(shelves, promise.place, promise.product_id, at)
        picks = pick(candidates, promise.quantity)
        if picks is None:
            left = sum(candidate.free for candidate in candidates)
            raise _too_little(session, promise.line, promise.product_id, promise.place, left)
        rows = []
        for taken in picks:
            shelf_key = (promise.place.id, taken.candidate.lot_id)
            shelves[shelf_key].free -= taken.quantity
            before = deltas.get(shelf_key)
            deltas[shelf_key] = Delta(
                promise.product_id, 0, taken.quantity + (before.reserved if before else 0)
            )
            rows.append(
                Reservation(
                    location_id=promise.place.id,
                    lot_id=taken.candidate.lot_id,
                    quantity=taken.quantity,
                    demand=demand,
                    made_at=at,
                )
            )
        made.append(rows)
    balances.add(session, deltas)
    session.add_all(row for rows in made for row in rows)
    session.flush()  # callers keep the reservations' ids
    return made


def release(session: Session, reservations: Iterable[Reservation], *, at: datetime) -> None:
    """Give promised stock free again; released ones are passed over."""
    open_ones = [r for r in reservations if r.released_at is None]
    deltas: dict[Key, Delta] = {}
    for r in open_ones:
        before = deltas.get((r.location_id, r.lot_id))
        deltas[r.location_id, r.lot_id] = Delta(
            0, 0, (before.reserved if before else 0) - r.quantity
        )
    balances.lock(session, deltas)
    balances.add(session, deltas)
    for r in open_ones:
        r.released_at = at


def _require_sound(moves: Sequence[Move], happened: datetime, at: datetime) -> None:
    if not moves:
        raise Invalid("A posting moves something.", field="moves")
    if happened > at:
        raise Invalid("A posting cannot lie in the future.", field="occurred_at")
    for move in moves:
        if not 0 < move.quantity <= MAX_STEPS:
            raise Invalid("The quantity must be more than nothing.", field=f"{move.line}.quantity")


def _posting_unless_closed() -> Insert:
    table = Posting.metadata.tables["posting"]
    columns = [column for column in table.c if column.name != "id"]
    row = select(*(bindparam(column.name, type_=column.type) for column in columns)).where(
        ~exists().where(
            Period.closed_until >= bindparam("occurred_at", type_=table.c.occurred_at.type)
        )
    )
    return insert(table).from_select([c.name for c in columns], row).returning(table.c.id)


# Built once, as _INSERT_MOVEMENTS: every posting sends these two.
_INSERT_POSTING = _posting_unless_closed()
_MOVEMENT = Movement.metadata.tables["movement"]
_INSERT_MOVEMENTS = insert(_MOVEMENT).returning(_MOVEMENT.c.id, sort_by_parameter_order=True)


def _insert_posting(  # noqa: PLR0913 (the columns of the row)
    session: Session,
    reason: Reason,
    *,
    actor: Actor,
    at: datetime,
    happened: datetime,
    key: str | None = None,
    note: str = "",
    document: str | None = None,
    reverses_id: int | None = None,
) -> tuple[int, str]:
    values = {
        "ref": str(uuid7(at)),
        "reason": reason,
        "occurred_at": happened,
        "recorded_at": at,
        "actor_id": actor.id,
        "actor_name": actor.name,
        "note": note,
        "document": document,
        "idempotency_key": key,
        "reverses_id": reverses_id,
    }
    posting_id = session.execute(_INSERT_POSTING, values).scalar_one_or_none()
    if posting_id is None:
        raise PeriodClosed("The books are closed for that day.", field="occurred_at")
    return posting_id, str(values["ref"])


def _write(
    session: Session,
    posting_id: int,
    moves: Sequence[Move],
    releases: Sequence[Reservation],
    happened: datetime,
    at: datetime,
) -> tuple[PostedMove, ...]:
    """Movements and balances of a posting whose moves all name their lot."""
    rows = [
        {
            "posting_id": posting_id,
            "product_id": move.product_id,
            "lot_id": _lot_of(move).id,
            "from_id": move.source.id,
            "to_id": move.destination.id,
            "quantity": move.quantity,
            "occurred_at": happened,
        }
        for move in moves
    ]
    ids = session.scalars(_INSERT_MOVEMENTS, rows).all()

    deltas = _deltas(moves, releases)
    balances.ensure(session, deltas)
    balances.lock(session, deltas)
    short = balances.add(session, deltas)
    if short:
        raise _insufficient(session, moves, short)
    for reservation in releases:
        reservation.released_at = at
    if happened < at:
        _require_never_negative_since(session, deltas, happened)
    return tuple(
        PostedMove(
            movement_id,
            move.product_id,
            _lot_of(move).id,
            _lot_of(move).number,
            move.source.code,
            move.destination.code,
            move.quantity,
            move.line,
        )
        for movement_id, move in zip(ids, moves, strict=True)
    )


def _deltas(moves: Sequence[Move], releases: Sequence[Reservation]) -> dict[Key, Delta]:
    on_hand: defaultdict[Key, int] = defaultdict(int)
    reserved: defaultdict[Key, int] = defaultdict(int)
    product_of: dict[int, int] = {}
    for move in moves:
        lot = _lot_of(move)
        product_of[lot.id] = move.product_id
        if move.source.is_physical:
            on_hand[move.source.id, lot.id] -= move.quantity
        if move.destination.is_physical:
            on_hand[move.destination.id, lot.id] += move.quantity
    for reservation in releases:
        reserved[reservation.location_id, reservation.lot_id] -= reservation.quantity
    return {
        key: Delta(product_of.get(key[1], 0), on_hand[key], reserved[key])
        for key in sorted(on_hand.keys() | reserved.keys())
    }


def _lot_of(move: Move) -> Lot:
    if move.lot is None:
        raise Invalid("From there the lot must be named.", field=f"{move.line}.lot")
    return move.lot


def _name_lots(
    session: Session, moves: Sequence[Move], releases: Sequence[Reservation], happened: datetime
) -> list[Move]:
    """Check the lots that are named and pick the others by FEFO, under lock."""
    open_moves = [m for m in moves if m.lot is None and m.source.is_physical]
    shelves: dict[Key, _Shelf] = {}
    if open_moves:
        # Both ends are locked in one sorted pass, or two rooms swapping stock would wait for each other for ever.
        places = {m.source for m in open_moves} | {m.destination for m in open_moves}
        shelves = _locked_shelves(session, places, {m.product_id for m in open_moves})
        for reservation in releases:
            if shelf := shelves.get((reservation.location_id, reservation.lot_id)):
                shelf.free += reservation.quantity
    named: list[Move] = []
    for move in moves:
        if move.lot is not None or not move.source.is_physical:
            _require_usable(move, happened)
            named.append(move)
            continue
        candidates = (
            _all(shelves, move.source, move.product_id)
            if move.destination.kind is LocationKind.ADJUSTMENT
            else _usable(shelves, move.source, move.product_id, happened)
        )
        picks = pick(candidates, move.quantity)
        if picks is None:
            left = sum(candidate.free for candidate in candidates)
            raise _too_little(session, move.line, move.product_id, move.source, left)
        for taken in picks:
            shelf = shelves[move.source.id, taken.candidate.lot_id]
            shelf.free -= taken.quantity
            named.append(
                Move(
                    move.product_id,
                    taken.quantity,
                    move.source,
                    move.destination,
                    shelf.lot,
                    move.line,
                )
            )
    return named


def _require_usable(move: Move, happened: datetime) -> None:
    if move.lot is None or move.destination.kind not in _USED_AT:
        return
    day = today_in(move.source.time_zone or "UTC", happened)
    if not is_usable(move.lot.status, move.lot.use_by, day):
        past = move.lot.use_by is not None and move.lot.use_by < day
        state = f"past its use-by of {move.lot.use_by}" if past else f"in {move.lot.status}"
        raise LotNotUsable(f"Lot {move.lot.number} is {state}.", field=f"{move.line}.lot")


@dataclass(slots=True)
class _Shelf:
    """A locked balance with its lot; `free` goes down while lots are picked."""

    lot: Lot
    free: int


def _locked_shelves(
    session: Session, places: Iterable[Place], products: Iterable[int]
) -> dict[Key, _Shelf]:
    rows = session.execute(
        select(Balance.location_id, Balance.on_hand - Balance.reserved, Lot)
        .join(Lot, Lot.id == Balance.lot_id)
        .where(
            Balance.location_id.in_({p.id for p in places if p.is_physical}),
            Balance.product_id.in_(set(products)),
        )
        .order_by(Balance.location_id, Balance.lot_id)
        .with_for_update(of=Balance)
    )
    return {(location_id, lot.id): _Shelf(lot, free) for location_id, free, lot in rows}


def _all(shelves: dict[Key, _Shelf], place: Place, product_id: int) -> list[Candidate]:
    return [
        Candidate(lot_id, shelf.lot.number, shelf.lot.use_by, shelf.lot.received_on, shelf.free)
        for (location_id, lot_id), shelf in shelves.items()
        if location_id == place.id and shelf.lot.product_id == product_id
    ]


def _usable(
    shelves: dict[Key, _Shelf], place: Place, product_id: int, at: datetime
) -> list[Candidate]:
    day = today_in(place.time_zone or "UTC", at)
    return [
        candidate
        for candidate in _all(shelves, place, product_id)
        if is_usable(shelves[place.id, candidate.lot_id].lot.status, candidate.use_by, day)
    ]


def _lots(session: Session, ids: Iterable[int]) -> dict[int, Lot]:
    return {lot.id: lot for lot in session.scalars(select(Lot).where(Lot.id.in_(set(ids))))}


def _too_little(
    session: Session, line: str, product_id: int, place: Place, left: int, lot: str = ""
) -> InsufficientStock:
    """The refusal that names the line and what could be taken."""
    product = session.get_one(Product, product_id)
    there = str(Quantity(left, product.unit)) if left > 0 else "nothing"
    return InsufficientStock(
        f"{place.name} has {there} of {product.name}{f', lot {lot},' if lot else ''} left to take.",
        field=f"{line}.quantity" if line else "",
        left=max(left, 0),
    )


def _insufficient(
    session: Session, moves: Sequence[Move], short: Sequence[Key]
) -> InsufficientStock:
    """Name the first line that has too little, and what is left for it."""
    for move in moves:
        key = (move.source.id, _lot_of(move).id)
        if key in short:
            return _too_little(
                session,
                move.line,
                move.product_id,
                move.source,
                balances.free(session, key),
                _lot_of(move).number,
            )
    return InsufficientStock("There is not enough there.")


def _require_never_negative_since(
    session: Session, deltas: dict[Key, Delta], happened: datetime
) -> None:
    """A back-dated posting must leave every later moment with enough: walk back from today's balance."""
    for key, delta in deltas.items():
        if delta.on_hand < 0 and balances.lowest_since(session, key, happened) < 0:
            raise InsufficientStock(
                "On that day or later there was not enough there.", field="occurred_at"
            )

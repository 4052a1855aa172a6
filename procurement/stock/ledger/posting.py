"""Writing a posting, whole or not at all, and taking one back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Insert, bindparam, exists, insert, select
from sqlalchemy.orm import Session

from procurement.kernel.actor import Actor
from procurement.kernel.db import MAX_STEPS
from procurement.kernel.errors import Invalid
from procurement.kernel.identifiers import uuid7
from procurement.stock import balances
from procurement.stock.balances import Delta, Key
from procurement.stock.errors import (
    AlreadyReversed,
    BelongsToDocument,
    InsufficientStock,
    PeriodClosed,
)
from procurement.stock.ledger.containers import keep_containers
from procurement.stock.ledger.guarding import require_not_held
from procurement.stock.ledger.moves import Move
from procurement.stock.ledger.picking import name_lots, too_little
from procurement.stock.models import Lot, Movement, Period, Posting, Reservation
from procurement.stock.queries.places import places_by_id
from procurement.stock.terms import Cause, Posted, PostedMove, Reason


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
    cause: Cause | None = None,
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
        cause=cause,
        document=document,
    )
    named = name_lots(session, moves, releases, happened)
    posted = _write(session, posting_id, named, releases, happened, at, reason=reason)
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
    back = _the_other_way(session, posting.movements)
    return Posted(
        posting_id, ref, Reason.REVERSAL, at, _write(session, posting_id, back, (), at, at)
    )


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
    cause: Cause | None = None,
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
        "cause": cause,
        "document": document,
        "idempotency_key": key,
        "reverses_id": reverses_id,
    }
    posting_id = session.execute(_INSERT_POSTING, values).scalar_one_or_none()
    if posting_id is None:
        raise PeriodClosed("The books are closed for that day.", field="occurred_at")
    return posting_id, str(values["ref"])


def _the_other_way(session: Session, movements: Sequence[Movement]) -> list[Move]:
    places = places_by_id(session, {m.from_id for m in movements} | {m.to_id for m in movements})
    lots = _lots(session, {m.lot_id for m in movements})
    return [
        Move(
            m.product_id,
            m.quantity,
            places[m.to_id],
            places[m.from_id],
            lots[m.lot_id],
            f"moves.{index}",
        )
        for index, m in enumerate(movements)
    ]


def _write(
    session: Session,
    posting_id: int,
    moves: Sequence[Move],
    releases: Sequence[Reservation],
    happened: datetime,
    at: datetime,
    *,
    reason: Reason = Reason.REVERSAL,
) -> tuple[PostedMove, ...]:
    """Movements and balances of a posting whose moves all name their lot."""
    ids = _insert_movements(session, posting_id, moves, happened)
    deltas = _deltas(moves, releases)
    balances.ensure(session, deltas)
    balances.lock(session, deltas)
    if reason is not Reason.REVERSAL:  # what went back is where it was, held or not
        require_not_held(session, reason, moves)
    short = balances.add(session, deltas)
    if short:
        raise _insufficient(session, moves, short)
    for reservation in releases:
        reservation.released_at = at
    keep_containers(session, [_lot_of(move) for move in moves], at)
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


def _insert_movements(
    session: Session, posting_id: int, moves: Sequence[Move], happened: datetime
) -> Sequence[int]:
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
    if len(rows) > 1 and session.get_bind().dialect.name == "sqlite":
        # RETURNING in order would be one statement for each row there; rows inserted in turn have rising ids.
        session.execute(insert(_MOVEMENT), rows)
        return session.scalars(
            select(_MOVEMENT.c.id)
            .where(_MOVEMENT.c.posting_id == posting_id)
            .order_by(_MOVEMENT.c.id)
        ).all()
    return session.scalars(_INSERT_MOVEMENTS, rows).all()


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


def _lots(session: Session, ids: Iterable[int]) -> dict[int, Lot]:
    return {lot.id: lot for lot in session.scalars(select(Lot).where(Lot.id.in_(set(ids))))}


def _insufficient(
    session: Session, moves: Sequence[Move], short: Sequence[Key]
) -> InsufficientStock:
    """Name the first line that has too little, and what is left for it."""
    for move in moves:
        key = (move.source.id, _lot_of(move).id)
        if key in short:
            return too_little(
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

"""Which lots a move takes: named ones are checked, the others picked by FEFO under lock."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.catalogue.models import Product
from procurement.kernel.clock import today_in
from procurement.kernel.quantity import Quantity
from procurement.stock.balances import Key
from procurement.stock.errors import InsufficientStock, LotNotUsable
from procurement.stock.ledger.moves import Move
from procurement.stock.models import Balance, Lot, Reservation, Tool
from procurement.stock.rules.fefo import Candidate, pick
from procurement.stock.rules.labelling import OLD_STOCK_UNTIL, is_sellable
from procurement.stock.rules.shelf_life import is_usable
from procurement.stock.terms import LocationKind, Place

# What leaves for one of these is used or sold: it must be usable on that day.
_USED_AT = frozenset({LocationKind.CONSUMED, LocationKind.CUSTOMER})


@dataclass(slots=True)
class Shelf:
    """A locked balance with its lot; `free` goes down while lots are picked."""

    lot: Lot
    free: int
    is_numbered: bool = False  # one tool with a number on it


def name_lots(
    session: Session, moves: Sequence[Move], releases: Sequence[Reservation], happened: datetime
) -> list[Move]:
    """The moves with every lot named; one without may become several."""
    open_moves = [move for move in moves if _is_open(move)]
    shelves: dict[Key, Shelf] = {}
    if open_moves:
        # Both ends are locked in one sorted pass, or two rooms swapping stock would wait for each other for ever.
        places = {m.source for m in open_moves} | {m.destination for m in open_moves}
        shelves = locked_shelves(session, places, {m.product_id for m in open_moves})
        for reservation in releases:
            if shelf := shelves.get((reservation.location_id, reservation.lot_id)):
                shelf.free += reservation.quantity
    named: list[Move] = []
    for move in moves:
        if _is_open(move):
            named += _picked(session, shelves, move, happened)
        else:
            _require_usable(session, move, happened)
            named.append(move)
    return named


def _is_open(move: Move) -> bool:
    return move.lot is None and move.source.is_physical


def _picked(
    session: Session, shelves: dict[Key, Shelf], move: Move, happened: datetime
) -> Iterator[Move]:
    """One move for each lot taken; what is written off may be past its date."""
    if move.destination.kind is LocationKind.ADJUSTMENT:
        candidates = unasked(shelves, move.source, move.product_id)
    elif move.destination.kind is LocationKind.CONSUMED:
        candidates = usable(shelves, move.source, move.product_id, happened)
    else:  # what is open is used up where it stands; it is moved by its own number
        candidates = sealed(shelves, move.source, move.product_id, happened)
    if move.destination.kind is LocationKind.CUSTOMER:
        candidates = _sellable(session, shelves, candidates, move, happened)
    picks = pick(candidates, move.quantity)
    if picks is None:
        left = sum(candidate.free for candidate in candidates)
        numbered = has_numbered(shelves, move.source, move.product_id)
        raise too_little(session, move.line, move.product_id, move.source, left, numbered=numbered)
    for taken in picks:
        shelf = shelves[move.source.id, taken.candidate.lot_id]
        shelf.free -= taken.quantity
        yield replace(move, quantity=taken.quantity, lot=shelf.lot)


def _sellable(
    session: Session,
    shelves: dict[Key, Shelf],
    candidates: list[Candidate],
    move: Move,
    happened: datetime,
) -> list[Candidate]:
    """Without the lots whose label may no longer be sold."""
    day = today_in(move.source.time_zone or "UTC", happened)
    kind = session.get_one(Product, move.product_id).kind
    lots = {one.lot_id: shelves[move.source.id, one.lot_id].lot for one in candidates}
    return [
        one
        for one in candidates
        if is_sellable(kind, lots[one.lot_id].names_allergens, one.received_on, day)
    ]


def _require_sellable(session: Session, lot: Lot, line: str, day: date) -> None:
    kind = session.get_one(Product, lot.product_id).kind
    if not is_sellable(kind, lot.names_allergens, lot.received_on, day):
        raise LotNotUsable(
            f"Lot {lot.number} is labelled the old way; it could be sold until {OLD_STOCK_UNTIL}.",
            field=f"{line}.lot",
        )


def _require_usable(session: Session, move: Move, happened: datetime) -> None:
    if move.lot is None or move.destination.kind not in _USED_AT:
        return
    day = today_in(move.source.time_zone or "UTC", happened)
    if move.destination.kind is LocationKind.CUSTOMER:
        _require_sellable(session, move.lot, move.line, day)
    if not is_usable(move.lot.status, move.lot.use_by, day):
        past = move.lot.use_by is not None and move.lot.use_by < day
        state = f"past its use-by of {move.lot.use_by}" if past else f"in {move.lot.status}"
        raise LotNotUsable(f"Lot {move.lot.number} is {state}.", field=f"{move.line}.lot")


def locked_shelves(
    session: Session, places: Iterable[Place], products: Iterable[int]
) -> dict[Key, Shelf]:
    rows = session.execute(
        select(Balance.location_id, Balance.on_hand - Balance.reserved, Lot, Tool.lot_id)
        .join(Lot, Lot.id == Balance.lot_id)
        .outerjoin(Tool, Tool.lot_id == Balance.lot_id)
        .where(
            Balance.location_id.in_({p.id for p in places if p.is_physical}),
            Balance.product_id.in_(set(products)),
        )
        .order_by(Balance.location_id, Balance.lot_id)
        .with_for_update(of=Balance)
    ).all()
    if session.get_bind().dialect.name == "postgresql" and rows:
        # The lots were read before the wait for their balances: somebody may have held one meanwhile.
        fresh = select(Lot).where(Lot.id.in_({lot.id for _, _, lot, _ in rows}))
        session.scalars(fresh.execution_options(populate_existing=True)).all()
    return {
        (location_id, lot.id): Shelf(lot, free, tool is not None)
        for location_id, free, lot, tool in rows
    }


def on_shelf(shelves: dict[Key, Shelf], place: Place, product_id: int) -> list[Candidate]:
    """Every lot of a product at a place, whatever its state."""
    return [
        Candidate(
            lot_id,
            shelf.lot.number,
            shelf.lot.use_by,
            shelf.lot.received_on,
            shelf.free,
            shelf.lot.parent_id is not None,
        )
        for (location_id, lot_id), shelf in shelves.items()
        if location_id == place.id and shelf.lot.product_id == product_id
    ]


def unasked(shelves: dict[Key, Shelf], place: Place, product_id: int) -> list[Candidate]:
    """The lots that may be taken without being named: not a tool with a number, which is somebody's own."""
    return [
        one
        for one in on_shelf(shelves, place, product_id)
        if not shelves[place.id, one.lot_id].is_numbered
    ]


def usable(
    shelves: dict[Key, Shelf], place: Place, product_id: int, at: datetime
) -> list[Candidate]:
    day = today_in(place.time_zone or "UTC", at)
    return [
        candidate
        for candidate in unasked(shelves, place, product_id)
        if is_usable(shelves[place.id, candidate.lot_id].lot.status, candidate.use_by, day)
    ]


def sealed(
    shelves: dict[Key, Shelf], place: Place, product_id: int, at: datetime
) -> list[Candidate]:
    """What may be used and was never opened: only that is promised, sent away or sold unasked."""
    return [one for one in usable(shelves, place, product_id, at) if not one.is_open]


def has_numbered(shelves: dict[Key, Shelf], place: Place, product_id: int) -> bool:
    """Whether tools with a number of this product stand there, to be taken by it."""
    return any(
        shelf.is_numbered and location_id == place.id and shelf.lot.product_id == product_id
        for (location_id, _), shelf in shelves.items()
        if shelf.free > 0
    )


def too_little(
    session: Session,
    line: str,
    product_id: int,
    place: Place,
    left: int,
    lot: str = "",
    *,
    numbered: bool = False,
) -> InsufficientStock:
    """The refusal that names the line and what could be taken."""
    product = session.get_one(Product, product_id)
    there = str(Quantity(left, product.unit)) if left > 0 else "nothing"
    return InsufficientStock(
        f"{place.name} has {there} of {product.name}{f', lot {lot},' if lot else ''} left to take."
        + (" A tool with a number is taken by that number." if numbered else ""),
        field=f"{line}.quantity" if line else "",
        left=max(left, 0),
    )

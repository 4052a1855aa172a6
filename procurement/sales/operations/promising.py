"""Goods for an order: promised by FEFO when it is confirmed and when more arrives, given free when it ends."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.models import Pack, Product
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict
from procurement.kernel.permissions import Permission
from procurement.sales.errors import WrongStatus
from procurement.sales.models import SalesOrder, SalesOrderLine, SalesReservation
from procurement.sales.queries.sales_orders import open_reservations, order_for_update
from procurement.sales.rules.allotting import Stand, allot, piece_of
from procurement.sales.rules.orders import ORDER_WORDS
from procurement.sales.terms.orders import TO_SHIP
from procurement.stock import ledger
from procurement.stock.models import Location, Lot, Reservation
from procurement.stock.queries.places import places_by_id
from procurement.stock.rules.labelling import is_sellable
from procurement.stock.rules.shelf_life import is_usable
from procurement.stock.terms import LocationKind, Place


def reserve_order(session: Session, number: str, *, actor: Actor, at: datetime) -> SalesOrder:
    """Promise what is free now to the lines that wait; lots that may no longer be sold are given up for others.

    Raises WrongStatus; Conflict when there was nothing to reserve.
    """
    actor.require_any(Permission.SELL, Permission.SHIP_GOODS)
    order = order_for_update(session, number)
    if order.status not in TO_SHIP:
        raise WrongStatus(f"{number} is {ORDER_WORDS[order.status]}; nothing of it is to ship.")
    if not top_up(session, order, at=at):
        raise Conflict("Nothing of what it waits for is free to reserve.")
    record(session, "reserve for order", number, actor=actor, at=at)
    return order


def top_up(session: Session, order: SalesOrder, *, at: datetime) -> bool:
    """Give up promises of lots that may not be sold, and promise free ones in whole packs. True: something changed."""
    lines = [line for line in order.lines if line.is_goods and line.outstanding]
    if not lines:
        return False
    kept = open_reservations(session, order)
    stores = _storerooms(session, order.site_id)
    elsewhere = {row.location_id for rows in kept.values() for row in rows} - set(stores)
    places = stores | places_by_id(session, elsewhere)
    shelves = ledger.locked_shelves(session, places.values(), {line.product_id for line in lines})
    kinds = _kinds(session, lines)
    days = {key: today_in(place.time_zone or "UTC", at) for key, place in places.items()}
    bad = [
        row
        for rows in kept.values()
        for row in rows
        if not _is_sellable(shelves, row, kinds, days[row.location_id])
    ]
    ledger.release(session, bad, at=at)
    promises: list[ledger.Promise] = []
    for_lines: list[SalesOrderLine] = []
    sizes = _sizes(session, shelves)
    for line in lines:
        held = sum(row.quantity for row in kept.get(line.id, ()) if row.released_at is None)
        wanted = line.outstanding * line.pack_steps - held
        stands = [
            _stand(shelf, place_id, line.pack_steps, sizes)
            for (place_id, _), shelf in shelves.items()
            if place_id in stores and _may_be_promised(shelf, line, kinds, days[place_id])
        ]
        for stand, steps in allot(stands, wanted, pack_steps=line.pack_steps, kept=held):
            shelves[stand.place_id, stand.lot_id].free -= steps
            place = stores[stand.place_id]
            field = f"lines.{line.position - 1}"
            promises.append(ledger.Promise(line.product_id, steps, place, field, stand.lot_id))
            for_lines.append(line)
    if promises:
        made = ledger.reserve(session, promises, demand=order.number, at=at)
        session.add_all(
            SalesReservation(reservation_id=row.id, line_id=line.id)
            for line, rows in zip(for_lines, made, strict=True)
            for row in rows
        )
        session.flush()  # what is reserved is read again at once
    return bool(promises or bad)


def release_lines(
    session: Session, order: SalesOrder, lines: Iterable[SalesOrderLine], *, at: datetime
) -> None:
    """Give everything free that is promised to some lines."""
    kept = open_reservations(session, order)
    rows = [row for line in lines for row in kept.get(line.id, ())]
    if rows:
        ledger.release(session, rows, at=at)


def _storerooms(session: Session, site_id: int) -> dict[int, Place]:
    ids = session.scalars(
        select(Location.id).where(
            Location.site_id == site_id,
            Location.kind == LocationKind.STOREROOM,
            Location.active,
        )
    ).all()
    return places_by_id(session, ids)


def _kinds(session: Session, lines: Iterable[SalesOrderLine]) -> dict[int, Product]:
    ids = {line.product_id for line in lines}
    return {one.id: one for one in session.scalars(select(Product).where(Product.id.in_(ids)))}


def _sizes(session: Session, shelves: Mapping[tuple[int, int], ledger.Shelf]) -> dict[int, int]:
    """How much a container of each kind holds, by the pack's key."""
    ids = {shelf.lot.container_pack_id for shelf in shelves.values()} - {None}
    rows = session.execute(select(Pack.id, Pack.size_steps).where(Pack.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def _stand(shelf: ledger.Shelf, place_id: int, pack_steps: int, sizes: Mapping[int, int]) -> Stand:
    lot = shelf.lot
    container = sizes.get(lot.container_pack_id or 0)
    piece = piece_of(pack_steps, container)
    return Stand(place_id, lot.id, lot.use_by, lot.received_on, shelf.free, piece)


def _may_be_promised(
    shelf: ledger.Shelf, line: SalesOrderLine, kinds: Mapping[int, Product], day: date
) -> bool:
    """Sealed goods of the product that may be sold that day."""
    lot = shelf.lot
    return (
        lot.product_id == line.product_id
        and lot.parent_id is None
        and shelf.free > 0
        and _lot_is_sellable(lot, kinds, day)
    )


def _is_sellable(
    shelves: Mapping[tuple[int, int], ledger.Shelf],
    row: Reservation,
    kinds: Mapping[int, Product],
    day: date,
) -> bool:
    shelf = shelves.get((row.location_id, row.lot_id))
    return shelf is None or _lot_is_sellable(shelf.lot, kinds, day)


def _lot_is_sellable(lot: Lot, kinds: Mapping[int, Product], day: date) -> bool:
    kind = kinds[lot.product_id].kind
    return is_usable(lot.status, lot.use_by, day) and is_sellable(
        kind, lot.names_allergens, lot.received_on, day
    )

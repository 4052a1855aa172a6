"""Opening a bottle, jug or jar: its content goes on as a lot of its own, with a clock of its own."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.catalogue.models import Pack, Product
from procurement.catalogue.terms import Kind
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.kernel.serial import Series, next_number
from procurement.stock import ledger
from procurement.stock.errors import LotNotUsable
from procurement.stock.models import Lot
from procurement.stock.queries.containers import container_for_update
from procurement.stock.queries.places import place_of_kind, places_by_code
from procurement.stock.rules.fefo import Candidate, pick
from procurement.stock.rules.shelf_life import is_usable, use_by
from procurement.stock.terms import Done, LocationKind, Place, Reason

_NEVER_OPENED = frozenset({Kind.TOOL, Kind.LINEN, Kind.SERVICE, Kind.RETAIL_SET})


@dataclass(frozen=True, slots=True)
class OpenContainer:
    """A container from the shelf of a room. No lot: the one to be used first. No pack: the one the lot stands in.

    `opened_on` is the day it was truly opened, when that was earlier; `quantity` what it holds, where that is not
    what the pack says.
    """

    location: str
    product: str
    lot: str | None = None
    pack: str | None = None
    quantity: Quantity | None = None
    opened_on: date | None = None
    idempotency_key: str | None = None
    note: str = ""


def open_container(session: Session, command: OpenContainer, *, actor: Actor, at: datetime) -> Done:
    """Take one container out of its lot and start its clock. Raises Invalid, InsufficientStock, LotNotUsable."""
    actor.require(Permission.USE_STOCK)
    product, place = _named(session, command)
    shelves = ledger.locked_shelves(session, {place}, {product.id})
    shelf = _chosen(session, command, shelves, product, place, at)
    opened_at = _moment(command.opened_on, place, shelf.lot, at)
    pack = _pack(session, command, product, shelf.lot)
    quantity = _content(command, product, pack, shelf.free)
    number = next_number(session, Series.CONTAINER, today_in(place.time_zone or "UTC", at))
    container = a_container_of(shelf.lot, number, quantity, pack.id if pack else None)
    container.opened_at = opened_at
    container.use_by = _use_by(container, product, place)
    session.add(container)
    session.flush()  # movements need the lot's id
    conversion = place_of_kind(session, LocationKind.CONVERSION)
    posted = ledger.post(
        session,
        Reason.OPEN,
        [
            ledger.Move(product.id, quantity, place, conversion, shelf.lot, "container"),
            ledger.Move(product.id, quantity, conversion, place, container, "container"),
        ],
        actor=actor,
        at=at,
        key=command.idempotency_key,
        note=command.note,
        document=number,
    )
    container.made_by_id = posted.id
    return Done((number,), (posted,))


def a_container_of(parent: Lot, number: str, filled: int, pack_id: int | None) -> Lot:
    """A lot of its own that keeps what its parent's label says, and what it cost for each step."""
    return Lot(
        product_id=parent.product_id,
        number=number,
        status=parent.status,
        parent_id=parent.id,
        container_pack_id=pack_id,
        supplier_lot=parent.supplier_lot,
        received_on=parent.received_on,
        expires_on=parent.expires_on,
        opened_at=parent.opened_at,
        use_by=parent.use_by,
        filled=filled,
        names_allergens=parent.names_allergens,
        cost_minor=parent.cost_minor,
        cost_currency=parent.cost_currency,
        cost_steps=parent.cost_steps,
    )


def correct_opening_day(
    session: Session, number: str, opened_on: date, *, actor: Actor, at: datetime
) -> date | None:
    """It was opened earlier than somebody said. Answers its use-by, which never becomes later by this."""
    actor.require(Permission.USE_STOCK)
    held = container_for_update(session, number)
    if held.lot.decanted_at is not None:
        raise Conflict("It was filled from another container; that one's opening day counts.")
    before = held.lot.opened_at
    opened_at = _moment(opened_on, held.place, held.lot, at)
    zone = held.place.time_zone or "UTC"
    if before is not None and opened_on > today_in(zone, before):
        raise Invalid(
            "It is known to have been opened before that day; an opening day only becomes earlier.",
            field="opened_on",
        )
    if before is None or opened_at < before:
        held.lot.opened_at = opened_at
    held.lot.use_by = _use_by(held.lot, held.product, held.place)
    for daughter in session.scalars(select(Lot).where(Lot.parent_id == held.lot.id)):
        daughter.opened_at = held.lot.opened_at
        daughter.use_by = _earlier(daughter.use_by, held.lot.use_by)
    return held.lot.use_by


def _named(session: Session, command: OpenContainer) -> tuple[Product, Place]:
    product = session.scalar(select(Product).where(Product.sku == command.product))
    if product is None:
        raise Invalid(f"There is no product {command.product}.", field="product")
    if product.kind in _NEVER_OPENED:
        raise Invalid(f"{product.name} is nothing one opens.", field="product")
    place = places_by_code(session, {command.location}).get(command.location)
    if place is None or not place.is_physical:
        raise Invalid(f"There is no room {command.location}.", field="location")
    return product, place


def _chosen(
    session: Session,
    command: OpenContainer,
    shelves: dict[tuple[int, int], ledger.Shelf],
    product: Product,
    place: Place,
    at: datetime,
) -> ledger.Shelf:
    """The shelf whose lot is opened: the one named, or by FEFO the first with anything left."""
    if command.lot is not None:
        named = [s for s in shelves.values() if s.lot.number == command.lot and s.free > 0]
        if not named:
            raise ledger.too_little(session, "container", product.id, place, 0, command.lot)
        _require_sealed(named[0].lot, place, at)
        return named[0]
    first = pick(ledger.sealed(shelves, place, product.id, at), 1)
    if first is None:
        raise ledger.too_little(session, "container", product.id, place, 0)
    candidate: Candidate = first[0].candidate
    return shelves[place.id, candidate.lot_id]


def _require_sealed(lot: Lot, place: Place, at: datetime) -> None:
    if lot.parent_id is not None:
        raise Conflict(f"{lot.number} is open already.", field="lot")
    if not is_usable(lot.status, lot.use_by, today_in(place.time_zone or "UTC", at)):
        raise LotNotUsable(f"Lot {lot.number} may not be used, so it is not opened.", field="lot")


def _moment(opened_on: date | None, place: Place, lot: Lot, at: datetime) -> datetime:
    """When it was opened: now, or at the beginning of an earlier day. Not in the future, not before it came."""
    zone = place.time_zone or "UTC"
    today = today_in(zone, at)
    if opened_on is None or opened_on == today:
        return at
    if opened_on > today:
        raise Invalid("That day is still to come.", field="opened_on")
    if lot.received_on is not None and opened_on < lot.received_on:
        raise Invalid(f"It came on {lot.received_on}, after that day.", field="opened_on")
    return datetime.combine(opened_on, time(), ZoneInfo(zone)).astimezone(at.tzinfo)


def _use_by(container: Lot, product: Product, place: Place) -> date | None:
    opened_at = container.opened_at
    opened_on = today_in(place.time_zone or "UTC", opened_at) if opened_at else None
    by_label = use_by(container.expires_on, opened_on, product.period_after_opening_months)
    return _earlier(container.use_by, by_label)


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def _pack(session: Session, command: OpenContainer, product: Product, lot: Lot) -> Pack | None:
    """The container: the pack named, the one the lot came in, or the one it is sold in."""
    if command.pack is not None:
        named = session.scalar(
            select(Pack).where(Pack.product_id == product.id, Pack.code == command.pack)
        )
        if named is None:
            raise Invalid(f"{product.sku} has no pack {command.pack}.", field="pack")
        return named
    if lot.container_pack_id is not None:
        return session.get_one(Pack, lot.container_pack_id)
    return session.scalar(
        select(Pack)
        .where(Pack.product_id == product.id)
        .order_by(Pack.is_sales_pack.desc(), Pack.id)
    )


def _content(command: OpenContainer, product: Product, pack: Pack | None, free: int) -> int:
    """What is in it: as said, or as the pack holds; the last of a lot may be less."""
    if command.quantity is not None:
        if command.quantity.unit is not product.unit or command.quantity.steps <= 0:
            raise Invalid(f"More than nothing, counted in {product.unit}.", field="quantity")
        return command.quantity.steps
    if pack is None:
        raise Invalid(
            f"{product.name} has no pack; say how much the container holds.", field="quantity"
        )
    return min(pack.size_steps, free)

"""Another lot of what is promised to an order: the picker stands before the shelf and takes what is there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.models import Product
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Invalid
from procurement.kernel.permissions import Permission
from procurement.sales.errors import LotRefused, WrongStatus
from procurement.sales.models import SalesOrder, SalesOrderLine, SalesReservation
from procurement.sales.queries.sales_orders import open_reservations, order_for_update
from procurement.sales.rules.orders import ORDER_WORDS
from procurement.sales.terms.orders import TO_SHIP
from procurement.stock import ledger
from procurement.stock.models import Lot, Reservation
from procurement.stock.queries.places import places_by_id
from procurement.stock.rules.labelling import is_sellable
from procurement.stock.rules.shelf_life import state_of
from procurement.stock.terms import LotState, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeAnotherLot:
    """Of line `position`: `lot` in place of `instead_of`, at the same place; `why` is kept with the order."""

    order: str
    position: int
    instead_of: str
    lot: str
    why: str


def take_another_lot(
    session: Session, command: TakeAnotherLot, *, actor: Actor, at: datetime
) -> int:
    """Promise another lot, as many whole packs as are free of it; gives how many.

    Raises WrongStatus, Invalid (no such line or lot), LotRefused (recalled, held, expired, opened, none free).
    """
    actor.require(Permission.SHIP_GOODS)
    why = text.name(command.why, "why")
    order = order_for_update(session, command.order)
    if order.status not in TO_SHIP:
        raise WrongStatus(
            f"{order.number} is {ORDER_WORDS[order.status]}; nothing of it is to ship."
        )
    line = next((one for one in order.lines if one.position == command.position), None)
    if line is None:
        raise Invalid(f"{order.number} has no line {command.position}.", field="position")
    old, row = _promised(session, order, line, command.instead_of)
    place = places_by_id(session, {row.location_id})[row.location_id]
    new, free = _wanted(session, place, line, command.lot, at)
    if new.id == old.id:
        raise Invalid("That is the lot that is to be taken.", field="lot")
    steps = min(free, row.quantity) // line.pack_steps * line.pack_steps
    if not steps:
        raise LotRefused(f"No whole pack of lot {new.number} is free at {place.name}.", field="lot")
    _promise_again(session, order, line, row, place, new, steps, at)
    packs = steps // line.pack_steps
    detail = f"line {line.position}: {packs} of lot {new.number} for {old.number}: {why}"
    record(session, "take another lot", order.number, detail[:500], actor=actor, at=at)
    session.flush()  # whoever asked reads the order again
    return packs


def _promised(
    session: Session, order: SalesOrder, line: SalesOrderLine, number: str
) -> tuple[Lot, Reservation]:
    """The largest promise of the lot to the line."""
    rows = open_reservations(session, order).get(line.id, [])
    lots = {
        lot.id: lot
        for lot in session.scalars(select(Lot).where(Lot.id.in_({row.lot_id for row in rows})))
    }
    mine = [row for row in rows if lots[row.lot_id].number == number]
    if not mine:
        raise Invalid(
            f"Nothing of lot {number[:64]} is promised to line {line.position}.", field="instead_of"
        )
    row = max(mine, key=lambda one: one.quantity)
    return lots[row.lot_id], row


def _wanted(
    session: Session, place: Place, line: SalesOrderLine, number: str, at: datetime
) -> tuple[Lot, int]:
    """The lot as it stands on the locked shelf, and how much of it is free."""
    shelves = ledger.locked_shelves(session, [place], {line.product_id})
    found = [shelf for shelf in shelves.values() if shelf.lot.number == number]
    if not found:
        raise Invalid(f"There is no lot {number[:64]} of it at {place.name}.", field="lot")
    shelf, today = found[0], today_in(place.time_zone or "UTC", at)
    lot = shelf.lot
    state = state_of(lot.status, lot.use_by, today)
    if state is not LotState.AVAILABLE:
        raise LotRefused(
            f"Lot {lot.number} is {_WORDS.get(state, state.value)}: leave it there.", field="lot"
        )
    kind = session.get_one(Product, line.product_id).kind
    if lot.parent_id is not None or not is_sellable(
        kind, lot.names_allergens, lot.received_on, today
    ):
        raise LotRefused(f"Lot {lot.number} may not be sold: leave it there.", field="lot")
    return lot, shelf.free


def _promise_again(
    session: Session,
    order: SalesOrder,
    line: SalesOrderLine,
    row: Reservation,
    place: Place,
    new: Lot,
    steps: int,
    at: datetime,
) -> None:
    """The old promise is given up; what the new lot does not hold of it is promised again as it was."""
    ledger.release(session, [row], at=at)
    field = f"lines.{line.position - 1}"
    promises = [ledger.Promise(line.product_id, steps, place, field, new.id)]
    if row.quantity > steps:
        rest = row.quantity - steps
        promises.append(ledger.Promise(line.product_id, rest, place, field, row.lot_id))
    made = ledger.reserve(session, promises, demand=order.number, at=at)
    session.add_all(
        SalesReservation(reservation_id=one.id, line_id=line.id) for rows in made for one in rows
    )


_WORDS = {LotState.QUARANTINE: "held", LotState.EXPIRED: "past its use-by"}

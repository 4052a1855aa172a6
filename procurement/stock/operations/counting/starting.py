"""Starting a count: the sheet of a place is written down, what is there and what should be."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.settings.queries import get_company
from procurement.stock.errors import CountRunning
from procurement.stock.models import StockCount, StockCountLine
from procurement.stock.operations.counting.entering import key_of_line
from procurement.stock.queries.counting.counts import active_counts
from procurement.stock.queries.counting.plan import due_products
from procurement.stock.queries.counting.sheets import what_to_count
from procurement.stock.queries.places import places_by_code
from procurement.stock.terms import CountStatus, Place


@dataclass(frozen=True, slots=True)
class StartCount:
    """`blind`: nobody is told what is expected. `due_only`: the sheet holds what the plan says is due."""

    location: str
    blind: bool = False
    due_only: bool = False


def start_count(session: Session, command: StartCount, *, actor: Actor, at: datetime) -> StockCount:
    """Raises Invalid (no such place), CountRunning, Conflict (nothing to count)."""
    actor.require(Permission.COUNT_STOCK)
    place = places_by_code(session, {command.location}).get(command.location)
    if place is None or not place.is_physical:
        raise Invalid(f"There is no room or storeroom {command.location}.", field="location")
    if running := active_counts(session, location=place.code):
        number = running[0].number
        raise CountRunning(f"{place.name} is being counted already: {number}.", number)
    only = due_products(session, place, at=at) if command.due_only else None
    things = what_to_count(session, place, at=at, only=only)
    if command.due_only and not things:
        raise Conflict(f"Nothing in {place.name} is due to be counted.", field="due_only")
    count = _written(session, command, place, actor, at)
    if things:
        session.execute(
            insert(StockCountLine),
            [
                {
                    "count_id": count.id,
                    "position": position,
                    "key": key_of_line(thing.product_id, thing.lot_id),
                    "product_id": thing.product_id,
                    "lot_id": thing.lot_id,
                    "at_start": thing.on_hand,
                    "found": False,
                    "left_out": False,
                }
                for position, thing in enumerate(things, start=1)
            ],
        )
    record(session, "start count", count.number, place.name, actor=actor, at=at)
    return count


def _written(
    session: Session, command: StartCount, place: Place, actor: Actor, at: datetime
) -> StockCount:
    company = get_company(session)
    day = today_in(place.time_zone or "UTC", at)
    count = StockCount(
        number=next_number(session, Series.STOCK_COUNT, day),
        location_id=place.id,
        status=CountStatus.OPEN,
        blind=command.blind,
        due_only=command.due_only,
        currency=company.currency,
        tolerance_bp=company.count_tolerance_bp,
        tolerance_minor=company.count_tolerance_minor,
        approval_minor=company.count_approval_minor,
        started_at=at,
        started_by=actor.name,
        started_by_id=actor.id,
    )
    session.add(count)
    session.flush()  # its lines need its id
    return count

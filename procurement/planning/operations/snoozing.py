"""Putting a need aside until a day, or until it gets worse; and bringing it back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.models import Product
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.planning.models import NeedSnooze, PlanningRun
from procurement.planning.queries.needs import needs
from procurement.planning.terms import Need
from procurement.stock.models import Location, Site

LONGEST_DAYS = 366
LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeNeed:
    """`until` is the day on which it comes back; with `unless_worse` it does when less is there and coming than now."""

    location: str
    product: str
    until: date
    note: str = ""
    unless_worse: bool = True


def snooze_need(session: Session, command: SnoozeNeed, *, actor: Actor, at: datetime) -> None:
    """Leave a need alone for a while. Raises NotFound (there is no such need), Invalid (until, note)."""
    actor.require(Permission.SEE_PURCHASING)
    actor.require_any(Permission.DRAFT_ORDERS, Permission.MOVE_STOCK)
    place, product_id = _named(session, command.location, command.product)
    zone = session.scalar(select(Site.time_zone).where(Site.id == place.site_id)) or "UTC"
    today = today_in(zone, at)
    if not today < command.until <= today + timedelta(days=LONGEST_DAYS):
        raise Invalid("A day after today, at most a year away.", field="until")
    if len(command.note) > LONGEST_NOTE:
        raise Invalid(f"At most {LONGEST_NOTE} characters.", field="note")
    session.execute(select(PlanningRun).with_for_update())  # no run drafts it while it is put aside
    need = _need(session, command, at)
    there = need.lasting.steps + need.on_order.steps
    _forget(session, place.id, product_id)
    session.add(
        NeedSnooze(
            location_id=place.id,
            product_id=product_id,
            until=command.until,
            comes_back_below=max(there, 0) if command.unless_worse else None,
            note=command.note,
            snoozed_at=at,
            snoozed_by=actor.name,
        )
    )
    said = f"{command.product} at {command.location} until {command.until}. {command.note}".strip()
    record(session, "snooze a need", command.location, said, actor=actor, at=at)


def wake_need(session: Session, location: str, product: str, *, actor: Actor, at: datetime) -> None:
    """Bring a need back; one that nobody put aside is no matter. Raises NotFound."""
    actor.require(Permission.SEE_PURCHASING)
    actor.require_any(Permission.DRAFT_ORDERS, Permission.MOVE_STOCK)
    place, product_id = _named(session, location, product)
    if _forget(session, place.id, product_id):
        record(session, "bring a need back", location, product, actor=actor, at=at)


def _named(session: Session, location: str, product: str) -> tuple[Location, int]:
    place = session.scalar(select(Location).where(Location.code == location))
    product_id = session.scalar(select(Product.id).where(Product.sku == product))
    if place is None or not place.is_physical or product_id is None:
        raise NotFound(f"There is no need of {product} at {location}.")
    return place, product_id


def _need(session: Session, command: SnoozeNeed, at: datetime) -> Need:
    found = needs(session, at=at)
    for need in (*found.open, *found.waiting, *found.snoozed):
        if (need.location, need.product) == (command.location, command.product):
            return need
    raise NotFound(f"There is no need of {command.product} at {command.location}.")


def _forget(session: Session, location_id: int, product_id: int) -> bool:
    """Whether there was a snooze."""
    gone = session.execute(
        delete(NeedSnooze)
        .where(NeedSnooze.location_id == location_id, NeedSnooze.product_id == product_id)
        .returning(NeedSnooze.location_id)
    )
    return gone.first() is not None

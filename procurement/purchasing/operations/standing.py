"""Standing orders: a template drafted by itself in a rhythm, once for each day, catching up at most one."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.purchasing.models import OrderTemplate, PurchaseOrder, StandingOrder
from procurement.purchasing.operations.templating import draft_again
from procurement.purchasing.queries.templates import standing_for_update, template_for_update
from procurement.purchasing.rules.rhythm import Rhythm, first_on, next_after, words_of
from procurement.purchasing.terms import Every
from procurement.settings.queries import get_company
from procurement.stock.queries.places import places_by_id


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginStanding:
    """Draft a template every so many weeks or months on a weekday (Monday is 0), from a day on, until another."""

    template: str
    every: int
    unit: Every
    weekday: int
    start: date | None = None  # default: today
    until: date | None = None


def begin_standing(
    session: Session, command: BeginStanding, *, actor: Actor, at: datetime
) -> StandingOrder:
    """From now on drafted by itself. Who begins it counts as the drafter of its orders."""
    actor.require(Permission.DRAFT_ORDERS)
    template = template_for_update(session, command.template)
    if not template.active:
        raise Conflict(f"{template.number} is retired; nothing is drafted from it any more.")
    if not 1 <= command.every <= 52:
        raise Invalid("From every one to every 52.", field="every")
    if not 0 <= command.weekday <= 6:
        raise Invalid("A day of the week.", field="weekday")
    today = _today(session, template, at)
    start = command.start or today
    if start < today:
        raise Invalid("It begins today at the earliest.", field="start")
    rhythm = Rhythm(command.every, command.unit, command.weekday)
    first = first_on(rhythm, start)
    if command.until is not None and command.until < first:
        raise Invalid(f"It would first be drafted on {first}.", field="until")
    standing = StandingOrder(
        number=next_number(session, Series.STANDING_ORDER, today),
        template_id=template.id,
        every=command.every,
        unit=command.unit,
        weekday=command.weekday,
        until=command.until,
        next_on=first,
        begun_at=at,
        begun_by=actor.name,
        begun_by_id=actor.id,
    )
    session.add(standing)
    detail = f"{template.number} {words_of(rhythm)}"
    record(session, "begin standing order", standing.number, detail, actor=actor, at=at)
    return standing


def pause_standing(
    session: Session, number: str, *, paused: bool, actor: Actor, at: datetime
) -> StandingOrder:
    """Leave out what falls due, or go on with the next day that is not past."""
    actor.require(Permission.DRAFT_ORDERS)
    standing = _running(session, number)
    standing.paused = paused
    if not paused and standing.next_on is not None:
        today = _today(session, session.get_one(OrderTemplate, standing.template_id), at)
        if standing.next_on < today:
            _move_on(standing, today)
        standing.problem = ""
    what = "pause standing order" if paused else "resume standing order"
    record(session, what, number, actor=actor, at=at)
    return standing


def end_standing(session: Session, number: str, *, actor: Actor, at: datetime) -> StandingOrder:
    """Nothing is drafted by it any more; the drafts there are stay."""
    actor.require(Permission.DRAFT_ORDERS)
    standing = _running(session, number)
    standing.next_on, standing.problem = None, ""
    record(session, "end standing order", number, actor=actor, at=at)
    return standing


def draft_standing(
    session: Session, number: str, due: date, *, actor: Actor, at: datetime
) -> PurchaseOrder | None:
    """Draft what is due on a day; None when another has done it already. The database refuses a second one."""
    actor.require(Permission.DRAFT_ORDERS)
    standing = standing_for_update(session, number)
    if standing.paused or standing.next_on != due:
        return None
    template = template_for_update(session, _template_number(session, standing))
    drafter = Actor(standing.begun_by_id, standing.begun_by, frozenset({Permission.DRAFT_ORDERS}))
    order = draft_again(session, template, actor=drafter, at=at)
    order.standing_id, order.standing_for = standing.id, due
    standing.problem = ""
    _move_on(standing, _today(session, template, at))
    record(session, "draft standing order", number, f"{order.number} for {due}", actor=actor, at=at)
    return order


def skip_standing(
    session: Session, number: str, due: date, why: str, *, actor: Actor, at: datetime
) -> None:
    """What was due could not be drafted: say why where people see it, and go on with the next day."""
    actor.require(Permission.DRAFT_ORDERS)
    standing = standing_for_update(session, number)
    if standing.next_on != due:
        return
    standing.problem = f"{due}: {why}"
    template = session.get_one(OrderTemplate, standing.template_id)
    _move_on(standing, _today(session, template, at))
    record(session, "skip standing order", number, standing.problem, actor=actor, at=at)


def _running(session: Session, number: str) -> StandingOrder:
    standing = standing_for_update(session, number)
    if standing.next_on is None:
        raise Conflict(f"{number} has ended.")
    return standing


def _move_on(standing: StandingOrder, today: date) -> None:
    assert standing.next_on is not None
    rhythm = Rhythm(standing.every, standing.unit, standing.weekday)
    standing.next_on = next_after(rhythm, standing.next_on, today, standing.until)


def _template_number(session: Session, standing: StandingOrder) -> str:
    return session.get_one(OrderTemplate, standing.template_id).number


def _today(session: Session, template: OrderTemplate, at: datetime) -> date:
    places = places_by_id(session, [template.deliver_to_id] if template.deliver_to_id else [])
    zone = next((place.time_zone for place in places.values()), None)
    return today_in(zone or get_company(session).time_zone, at)

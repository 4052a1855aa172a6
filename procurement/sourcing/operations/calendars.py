"""Writing down when a supplier takes orders."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from zoneinfo import available_timezones

from sqlalchemy.orm import Session, selectinload

from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.permissions import Permission
from procurement.sourcing.errors import SupplierUnknown
from procurement.sourcing.models import SupplierCalendar, SupplierClosedDays
from procurement.sourcing.queries import supplier_for_update
from procurement.sourcing.rules.calendar import countries, subdivisions
from procurement.sourcing.terms import ClosedDays, OrderCalendar

MOST_CLOSED_DAYS = 92  # in one span; a year of them would leave no day to deliver on


@dataclass(frozen=True, slots=True)
class SaveCalendar:
    """A supplier's calendar as it should be; None forgets it."""

    supplier: str
    calendar: OrderCalendar | None


def save_calendar(session: Session, command: SaveCalendar, *, actor: Actor, at: datetime) -> None:
    """Write down when a supplier takes orders, or forget it."""
    actor.require(Permission.EDIT_SUPPLIERS)
    supplier = supplier_for_update(session, command.supplier)
    if supplier is None:
        raise SupplierUnknown(f"There is no supplier {command.supplier}.")
    kept = session.get(
        SupplierCalendar, supplier.id, options=[selectinload(SupplierCalendar.closed)]
    )
    wanted = command.calendar
    if wanted is None:
        if kept is not None:
            session.delete(kept)
        record(session, "forget order days", supplier.code, actor=actor, at=at)
        return
    if errors := tuple(_errors(wanted)):
        raise Invalid.of(errors)
    kept = kept or SupplierCalendar(supplier_id=supplier.id, closed=[])
    _write(kept, wanted)
    session.add(kept)
    record(session, "save order days", supplier.code, actor=actor, at=at)


def _write(kept: SupplierCalendar, wanted: OrderCalendar) -> None:
    kept.order_days = "".join(str(day) for day in sorted(wanted.order_days))
    cut_off = wanted.cut_off
    kept.cut_off_minute = None if cut_off is None else cut_off.hour * 60 + cut_off.minute
    kept.time_zone = wanted.time_zone
    kept.country, kept.subdivision = wanted.country, wanted.subdivision
    before = {days.first_on: days for days in kept.closed}
    kept.closed[:] = [
        before.get(days.first) or SupplierClosedDays(first_on=days.first) for days in wanted.closed
    ]
    for index, (days, said) in enumerate(zip(kept.closed, wanted.closed, strict=True)):
        days.last_on = said.last
        days.why = text.optional_line(said.why, f"closed.{index}.why")


def _errors(calendar: OrderCalendar) -> Iterator[FieldError]:
    if not calendar.order_days or not calendar.order_days <= set(range(1, 8)):
        yield FieldError("order_days", "Tick at least one day.")
    if calendar.time_zone not in available_timezones():
        yield FieldError("time_zone", "There is no such time zone.")
    parts = subdivisions(calendar.country)
    if calendar.country and calendar.country not in countries():
        yield FieldError("country", "The holidays of this country are not known.")
    elif calendar.subdivision and calendar.subdivision not in parts:
        known = f"Known are {', '.join(parts)}." if parts else "This country has none of its own."
        yield FieldError("subdivision", known)
    yield from _span_errors(calendar.closed)


def _span_errors(spans: tuple[ClosedDays, ...]) -> Iterator[FieldError]:
    for index, days in enumerate(spans):
        if days.last < days.first:
            yield FieldError(f"closed.{index}.last", "The last day comes before the first.")
        elif (days.last - days.first).days >= MOST_CLOSED_DAYS:
            yield FieldError(f"closed.{index}.last", f"At most {MOST_CLOSED_DAYS} days at once.")
    by_day = sorted(enumerate(spans), key=lambda one: one[1].first)
    for (_, before), (index, after) in pairwise(by_day):
        if after.first <= before.last:
            yield FieldError(f"closed.{index}.first", "These days are closed already.")

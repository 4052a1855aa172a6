"""When suppliers take orders."""

from collections import defaultdict
from collections.abc import Collection
from datetime import time

from sqlalchemy import select

from procurement.kernel.db import ReadSession
from procurement.sourcing.models import SupplierCalendar, SupplierClosedDays
from procurement.sourcing.terms import ClosedDays, OrderCalendar


def calendar_of(session: ReadSession, supplier_id: int) -> OrderCalendar | None:
    """A supplier's calendar; None where nobody has written it down, so that any day counts as an order day."""
    return calendars_of(session, {supplier_id}).get(supplier_id)


def calendars_of(session: ReadSession, supplier_ids: Collection[int]) -> dict[int, OrderCalendar]:
    """The calendars of suppliers by their ids, in two statements."""
    closed: defaultdict[int, list[ClosedDays]] = defaultdict(list)
    for days in session.scalars(
        select(SupplierClosedDays)
        .where(SupplierClosedDays.supplier_id.in_(supplier_ids))
        .order_by(SupplierClosedDays.first_on)
    ):
        closed[days.supplier_id].append(ClosedDays(days.first_on, days.last_on, days.why))
    rows = session.scalars(
        select(SupplierCalendar).where(SupplierCalendar.supplier_id.in_(supplier_ids))
    )
    return {
        row.supplier_id: OrderCalendar(
            time_zone=row.time_zone,
            order_days=frozenset(int(day) for day in row.order_days),
            cut_off=_time_of(row.cut_off_minute),
            country=row.country,
            subdivision=row.subdivision,
            closed=tuple(closed[row.supplier_id]),
        )
        for row in rows
    }


def _time_of(minute: int | None) -> time | None:
    return None if minute is None else time(minute // 60, minute % 60)

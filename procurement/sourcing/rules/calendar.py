"""On which day a supplier takes an order, and on which the goods come. Pure; days are the supplier's."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from procurement.sourcing.terms.calendars import MomentInZone, NextDelivery, OrderCalendar

# Nobody is closed for longer; a calendar that is answers with the day itself rather than never.
_LOOK_AHEAD = 400
_WEEKEND = frozenset({6, 7})


def next_order_day(calendar: OrderCalendar, at: datetime) -> date:
    """The day on which an order of this moment is taken: today until the cut-off, else the next order day."""
    local = at.astimezone(ZoneInfo(calendar.time_zone))
    first = local.date()
    if calendar.cut_off is not None and local.time() > calendar.cut_off:
        first += timedelta(days=1)
    return next((day for day in _days_from(first) if takes_orders_on(calendar, day)), first)


def delivery_on(calendar: OrderCalendar, ordered_at: datetime, lead_time_days: int) -> date:
    """The day the goods come: so many days after the order was taken, or the next working day."""
    due = next_order_day(calendar, ordered_at) + timedelta(days=lead_time_days)
    return next((day for day in _days_from(due) if delivers_on(calendar, day)), due)


def next_delivery(calendar: OrderCalendar, at: datetime, lead_time_days: int) -> NextDelivery:
    """Until when to order for the next delivery, and when that is."""
    day = next_order_day(calendar, at)
    order_by = MomentInZone(day, calendar.cut_off, calendar.time_zone)
    return NextDelivery(order_by, delivery_on(calendar, at, lead_time_days))


def takes_orders_on(calendar: OrderCalendar, day: date) -> bool:
    return day.isoweekday() in calendar.order_days and _is_open(calendar, day)


def delivers_on(calendar: OrderCalendar, day: date) -> bool:
    weekend = weekend_of(calendar.country)
    return day.isoweekday() not in weekend and _is_open(calendar, day)


def countries() -> frozenset[str]:
    """Codes of the countries whose holidays are known."""
    return frozenset(holidays.list_supported_countries(include_aliases=False))


def subdivisions(country: str) -> tuple[str, ...]:
    """Codes of the country's parts that have holidays of their own."""
    known = holidays.list_supported_countries(include_aliases=False)
    return tuple(known.get(country, ()))


@lru_cache(maxsize=300)
def holidays_in(country: str, subdivision: str, year: int) -> frozenset[date]:
    """The public holidays of a year; none for a country that is not known."""
    if country not in countries():
        return frozenset()
    part = subdivision if subdivision in subdivisions(country) else None
    found = holidays.country_holidays(country, subdiv=part, years=year, expand=False)
    return frozenset(found)


@lru_cache(maxsize=300)
def weekend_of(country: str) -> frozenset[int]:
    """ISO weekdays on which nobody delivers there."""
    if country not in countries():
        return _WEEKEND
    # The library counts Monday as 0.
    return frozenset(day + 1 for day in holidays.country_holidays(country).weekend)


def _is_open(calendar: OrderCalendar, day: date) -> bool:
    if any(closed.first <= day <= closed.last for closed in calendar.closed):
        return False
    return day not in holidays_in(calendar.country, calendar.subdivision, day.year)


def _days_from(first: date) -> Iterator[date]:
    return (first + timedelta(days=ahead) for ahead in range(_LOOK_AHEAD))

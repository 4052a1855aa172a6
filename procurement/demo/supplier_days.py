"""When the demo's suppliers take orders, by their own clocks and holidays."""

from datetime import date, datetime, time

from sqlalchemy.orm import Session

from procurement.demo.cast import Cast
from procurement.sourcing.operations.calendars import SaveCalendar, save_calendar
from procurement.sourcing.terms import ClosedDays, OrderCalendar

_DAILY = frozenset({1, 2, 3, 4, 5})
_CALENDARS = {
    "SALTMARSH": ("Europe/Dublin", _DAILY, time(15), "IE", ""),
    "VERDELAND": ("Europe/Berlin", frozenset({2, 4}), time(14), "DE", "BW"),
    "TARNSIDE": ("Europe/London", _DAILY, time(12), "GB", "ENG"),
    "FORKED": ("America/Los_Angeles", frozenset({2}), time(11), "US", "OR"),
    "LINHO": ("Europe/Lisbon", frozenset({1, 2, 3}), None, "PT", ""),
    "PAPERLEAF": ("Europe/Amsterdam", _DAILY, time(16, 30), "NL", ""),
}


def note_order_days(session: Session, cast: Cast, *, at: datetime) -> None:
    """One supplier keeps none, as one does; one closes between the years."""
    year = at.date().year + 1
    between = ClosedDays(date(year - 1, 12, 23), date(year, 1, 6), "Between the years")
    for code, (zone, days, cut_off, country, part) in _CALENDARS.items():
        closed = (between,) if code == "VERDELAND" else ()
        calendar = OrderCalendar(zone, days, cut_off, country, part, closed)
        save_calendar(session, SaveCalendar(code, calendar), actor=cast.purchaser, at=at)

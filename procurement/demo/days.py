"""Moments of the demo's past: local clock times of a house, as UTC."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from procurement.demo.house import DemoSite

HISTORY_DAYS = 91

# How busy a weekday is, in percent of a room's appointments, Monday first.
_RHYTHM = (60, 75, 85, 100, 120, 130, 95)


def moment(site: DemoSite, day: date, hour: int, minute: int = 0) -> datetime:
    """A clock time in the house's zone."""
    local = datetime.combine(day, time(hour, minute), ZoneInfo(site.time_zone))
    return local.astimezone(UTC)


def busy(day: date) -> int:
    """Percent of a full day."""
    return _RHYTHM[day.weekday()]

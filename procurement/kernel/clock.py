"""The time, asked for at the doors only; below them a moment is an argument."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def utc_now() -> datetime:
    return datetime.now(UTC)


def today_in(zone: str, at: datetime) -> date:
    """The business date at a moment, in a site's zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def start_of_day(day: date, zone: str) -> datetime:
    """The first moment of a day in a zone, as UTC."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def end_of_day(day: date, zone: str) -> datetime:
    """The last moment of a day in a zone, as UTC (right on days with a clock change)."""
    return start_of_day(day + timedelta(days=1), zone) - timedelta(microseconds=1)

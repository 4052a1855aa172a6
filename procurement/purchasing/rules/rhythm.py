"""On which days a standing order is drafted: a weekday every so many weeks, or the first such day of a month."""

from dataclasses import dataclass
from datetime import date, timedelta

from procurement.purchasing.terms import Every

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Monday is 0. In months: the first such weekday of every so many months."""

    every: int
    unit: Every
    weekday: int


def first_on(rhythm: Rhythm, start: date) -> date:
    """The first day of the rhythm that is not before `start`."""
    if rhythm.unit is Every.WEEKS:
        return start + timedelta(days=(rhythm.weekday - start.weekday()) % 7)
    here = _first_of_month(rhythm.weekday, start.year, start.month)
    return here if here >= start else _months_on(rhythm.weekday, start, 1)


def after(rhythm: Rhythm, day: date) -> date:
    """The day of the rhythm that follows one of its days."""
    if rhythm.unit is Every.WEEKS:
        return day + timedelta(weeks=rhythm.every)
    return _months_on(rhythm.weekday, day, rhythm.every)


def next_after(rhythm: Rhythm, drafted_for: date, today: date, until: date | None) -> date | None:
    """When the next one is due: days that were missed are not made up for; None when it ends."""
    following = after(rhythm, drafted_for)
    while following <= today:
        following = after(rhythm, following)
    return None if until is not None and following > until else following


def words_of(rhythm: Rhythm) -> str:
    day = WEEKDAYS[rhythm.weekday]
    if rhythm.unit is Every.WEEKS:
        return f"every {day}" if rhythm.every == 1 else f"every {rhythm.every} weeks on {day}"
    months = "every month" if rhythm.every == 1 else f"every {rhythm.every} months"
    return f"{months} on the first {day}"


def _months_on(weekday: int, day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return _first_of_month(weekday, year, month + 1)


def _first_of_month(weekday: int, year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7)

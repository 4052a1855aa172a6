"""Words of a supplier's order calendar."""

from dataclasses import dataclass
from datetime import date, time

WORKING_WEEK = frozenset({1, 2, 3, 4, 5})


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """The supplier is closed on these days, both inclusive."""

    first: date
    last: date
    why: str = ""


@dataclass(frozen=True, slots=True)
class OrderCalendar:
    """When a supplier takes orders and delivers.

    `order_days` are ISO weekdays (Monday is 1). What arrives after `cut_off` in `time_zone` waits for the next order
    day; None is the end of the day. `country` (ISO 3166-1) and `subdivision` (ISO 3166-2, without the country) say
    whose public holidays are kept; an empty country keeps none.
    """

    time_zone: str
    order_days: frozenset[int] = WORKING_WEEK
    cut_off: time | None = None
    country: str = ""
    subdivision: str = ""
    closed: tuple[ClosedDays, ...] = ()


@dataclass(frozen=True, slots=True)
class NextDelivery:
    """Ordered by that moment (in the supplier's zone), it comes on that day."""

    order_by: "MomentInZone"
    delivered_on: date


@dataclass(frozen=True, slots=True)
class MomentInZone:
    """A day and a time as the supplier's clock shows them; no time is the end of the day."""

    day: date
    at: time | None
    time_zone: str

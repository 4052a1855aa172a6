"""A supplier's order days in words, for its page."""

from dataclasses import dataclass
from datetime import date, datetime

from procurement.sourcing.rules.calendar import next_delivery
from procurement.sourcing.terms import MomentInZone, OrderCalendar, SupplierPage
from procurement.web.company import current_company

WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class DaysShown:
    """When they take orders, until when the next one is taken, and when what it asks for comes."""

    words: str
    order_by: MomentInZone
    first_on: date  # the quickest of their items
    last_on: date  # the slowest
    is_abroad: bool  # their clock is not ours


def days_shown(supplier: SupplierPage, at: datetime) -> DaysShown | None:
    calendar = supplier.calendar
    if calendar is None:
        return None
    times = [item.lead_time_days for item in supplier.items if item.active] or [0]
    quickest = next_delivery(calendar, at, min(times))
    slowest = next_delivery(calendar, at, max(times))
    return DaysShown(
        words=in_words(calendar),
        order_by=quickest.order_by,
        first_on=quickest.delivered_on,
        last_on=slowest.delivered_on,
        is_abroad=calendar.time_zone != current_company().time_zone,
    )


def in_words(calendar: OrderCalendar) -> str:
    """The order days as one says them: "Mondays and Thursdays until 14:00"."""
    if calendar.order_days == frozenset(range(1, 6)):
        days = "Monday to Friday"
    elif len(calendar.order_days) == 7:
        days = "Every day"
    else:
        *first, last = [f"{WEEK[day - 1]}s" for day in sorted(calendar.order_days)]
        days = f"{', '.join(first)} and {last}" if first else last
    return f"{days} until {calendar.cut_off:%H:%M}" if calendar.cut_off else days

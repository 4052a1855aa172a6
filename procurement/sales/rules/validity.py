"""How long an offer stands: to the end of its last valid day where the seller is."""

from datetime import date, datetime, timedelta

from procurement.kernel.clock import today_in
from procurement.sales.terms import QuoteStatus

LONGEST_DAYS = 366


def is_past(valid_until: date, zone: str, at: datetime) -> bool:
    """Whether the last valid day is over in the seller's zone. Days with a clock change are whole days, too."""
    return today_in(zone, at) > valid_until


def status_on(status: QuoteStatus, valid_until: date, today: date) -> QuoteStatus:
    """What a status means today: an issued quote past its last day has expired, whether swept yet or not."""
    if status is QuoteStatus.ISSUED and valid_until < today:
        return QuoteStatus.EXPIRED
    return status


def default_until(today: date, days: int) -> date:
    return today + timedelta(days=days)

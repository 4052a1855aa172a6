"""How long an order's private link leads somewhere, and its address."""

from datetime import date, timedelta

_DAYS = 60  # a link outlives the day of delivery, for what comes late


def last_day(issued_on: date, due_on: date | None) -> date:
    return max(issued_on, due_on or issued_on) + timedelta(days=_DAYS)


def link_of(public_url: str, token: str) -> str:
    """The address of an order for its supplier."""
    return f"{public_url.rstrip('/')}/o/{token}"

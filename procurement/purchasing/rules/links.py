"""The secret of an order's private link: 128 random bits for the supplier, their hash for us."""

import hashlib
import secrets
from datetime import date, timedelta

_BYTES = 16
_DAYS = 60  # a link outlives the day of delivery, for what comes late


def new_token() -> str:
    return secrets.token_urlsafe(_BYTES)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def last_day(issued_on: date, due_on: date | None) -> date:
    return max(issued_on, due_on or issued_on) + timedelta(days=_DAYS)


def link_of(public_url: str, token: str) -> str:
    """The address of an order for its supplier."""
    return f"{public_url.rstrip('/')}/o/{token}"

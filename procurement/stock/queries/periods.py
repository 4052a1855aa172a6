"""Which days are closed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from procurement.kernel.db import ReadSession
from procurement.stock.models import Period


@dataclass(frozen=True, slots=True)
class ClosingRow:
    """The books were closed up to and including `last_day`."""

    last_day: date
    closed_at: datetime
    closed_by: str


def closings(session: ReadSession) -> tuple[ClosingRow, ...]:
    """The latest first; the first one counts, and is the one that can be opened again."""
    rows = session.execute(
        select(Period.last_day, Period.closed_at, Period.closed_by).order_by(
            Period.closed_until.desc()
        )
    )
    return tuple(ClosingRow(*row) for row in rows)

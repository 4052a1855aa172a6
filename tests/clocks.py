"""A clock that stands still until it is told to move."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass
class FixedClock:
    moment: datetime = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def advance(self, **span: float) -> datetime:
        """Move on by so many days, hours, ... and say the new moment."""
        self.moment += timedelta(**span)
        return self.moment

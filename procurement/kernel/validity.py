"""Spans of days. `until` is the last valid day, inclusive."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Validity:
    """From a day until a day, either end open; both inclusive."""

    from_: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.from_ and self.until and self.until < self.from_:
            raise ValueError("The last valid day comes before the first.")

    def covers(self, day: date) -> bool:
        return (self.from_ is None or self.from_ <= day) and (
            self.until is None or day <= self.until
        )

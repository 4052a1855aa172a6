"""Words and figures by which one knows again whose something is."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Secrets:
    """Words and figures of somebody's. Prices begin with the same digits, and no two are the same."""

    name: str  # every word begins with it
    digits: int  # of prices in minor units, without the last three digits
    used: Iterator[int] = field(default_factory=lambda: itertools.count(101))

    def word(self, about: str) -> str:
        return f"{self.name}{about}"

    def email(self, who: str) -> str:
        return f"{self.name}{who}@rooms.example".lower()

    def price(self) -> str:
        minor = str(self.digits * 1_000 + next(self.used))
        return f"{minor[:-2]}.{minor[-2:]}"

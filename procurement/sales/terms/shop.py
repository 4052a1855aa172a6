"""Words of the shop that doors may see."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class VisitorPrices(StrEnum):
    """What people see who have not signed in."""

    NONE = "none"
    RETAIL = "retail"  # those of the retail list
    LIST = "list"  # those of the default list in the company's currency


@dataclass(frozen=True, slots=True)
class SampleRule:
    """Packs that cost a customer nothing: so many an order (None: any number), each again after so many days."""

    most: int | None = None
    days: int = 90


@dataclass(frozen=True, slots=True)
class ShopRow:
    """What the shop shows of prices."""

    visitor_prices: VisitorPrices = VisitorPrices.NONE
    retail_list_id: int | None = None
    retail_list: str | None = None  # its code
    may_collect: bool = False
    samples: SampleRule = SampleRule()


@dataclass(frozen=True, slots=True)
class SavedSearchRow:
    """A search a buyer keeps; what it finds is new where it came after `seen_at`."""

    id: int
    name: str
    query: str
    seen_at: datetime

"""What a shop says of a product's stock: enough, so many left, when the next comes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

FEW = 5  # packs: from here down a shop says how many are left


class Stock(StrEnum):
    IN = "in"
    LOW = "low"
    DUE = "due"  # nothing there, some on the way
    TO_ORDER = "to_order"  # ordered for whoever wants it
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Badge:
    """One product's stock in the eyes of a buyer."""

    stock: Stock
    packs: int = 0  # left, where few are
    due_on: date | None = None  # None where the day has passed or is not known
    days: int = 0  # from ordering, where it is ordered in


@dataclass(frozen=True, slots=True)
class Supply:
    """What a badge is made of, in steps."""

    pack: int  # the sales pack's size
    free: int = 0  # there and promised to nobody
    owed: int = 0  # sold before and not set aside yet: it goes first
    coming: Sequence[tuple[date | None, int]] = ()  # on placed orders, the earliest first
    lead_days: int | None = None


def badge_of(supply: Supply, today: date) -> Badge:
    """What is there beyond what is owed, else the day on which a pack is left over, else how long ordering takes."""
    left = supply.free - supply.owed
    packs = max(0, left) // supply.pack
    if packs > FEW:
        return Badge(Stock.IN)
    if packs:
        return Badge(Stock.LOW, packs=packs)
    for on, steps in supply.coming:
        left += steps
        if left >= supply.pack:
            return Badge(Stock.DUE, due_on=on if on and on >= today else None)
    if supply.lead_days is not None:
        return Badge(Stock.TO_ORDER, days=supply.lead_days)
    return Badge(Stock.NONE)

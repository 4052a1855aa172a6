"""The price for a customer, a pack, a number of packs and a day, with the reason in words.

Lists are tried in the order given: the customer's own, then the default list of the currency. The first list that is
valid on the day and has a price for the pack from that many packs decides. None has: a person is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from procurement.kernel.money import UnitPrice
from procurement.kernel.validity import Validity


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """From this many packs, one pack costs this."""

    from_packs: int
    price: UnitPrice


@dataclass(frozen=True, slots=True)
class ListedPrices:
    """What one price list says of one pack. `steps` may come in any order."""

    list_name: str
    validity: Validity
    steps: tuple[Step, ...]
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class NextBreak:
    """The next lower price, and how many packs are missing to it."""

    from_packs: int
    price: UnitPrice
    more: int


@dataclass(frozen=True, slots=True)
class PriceFound:
    """A price and why it is that; `steps` is the whole ladder, `standing` the step this quantity is on."""

    price: UnitPrice
    reason: str
    steps: tuple[Step, ...]
    standing: int
    next_break: NextBreak | None


def find_price(lists: Sequence[ListedPrices], packs: int, on: date) -> PriceFound | None:
    """The price of the first list that has one; None when no list has."""
    passed_over: list[str] = []
    for listed in lists:
        found = _on_list(listed, packs, on, "; ".join(passed_over))
        if found:
            return found
        passed_over.append(_why_not(listed, packs, on))
    return None


def _on_list(listed: ListedPrices, packs: int, on: date, before: str) -> PriceFound | None:
    if not listed.validity.covers(on):
        return None
    steps = tuple(sorted(listed.steps))
    standing = max((i for i, step in enumerate(steps) if step.from_packs <= packs), default=None)
    if standing is None:
        return None
    step = steps[standing]
    words = listed.list_name
    if step.from_packs > 1:
        words += f", from {step.from_packs:,} packs"
    if listed.validity.until:
        words += f", until {_day(listed.validity.until)}"
    return PriceFound(
        price=step.price,
        reason=f"{words} ({before})" if before else words,
        steps=steps,
        standing=standing,
        next_break=_next_break(steps, standing, packs),
    )


def _next_break(steps: tuple[Step, ...], standing: int, packs: int) -> NextBreak | None:
    """A later step only when it is cheaper: a ladder typed by people may go up again."""
    price = steps[standing].price
    for step in steps[standing + 1 :]:
        if step.price < price:
            return NextBreak(step.from_packs, step.price, step.from_packs - packs)
    return None


def _why_not(listed: ListedPrices, packs: int, on: date) -> str:
    name, validity = listed.list_name, listed.validity
    if not listed.steps:
        return f"not on {name}"
    if validity.until and validity.until < on:
        return f"{name} ended on {_day(validity.until)}"
    if not validity.covers(on):
        return f"{name} starts on {_day(validity.from_ or on)}"
    least = min(step.from_packs for step in listed.steps)
    return f"{name} prices it from {least:,} packs, not from {packs:,}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"

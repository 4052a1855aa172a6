"""What an amendment of a placed order may say, and how it is said in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from procurement.kernel.money import UnitPrice
from procurement.purchasing.terms import ChangeKind, ChangeRow


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line as it stands."""

    position: int
    packs: int
    received: int
    closed: bool
    price: UnitPrice
    wanted_by: date | None


@dataclass(frozen=True, slots=True)
class Wish:
    """A line as it shall be; None leaves what is. `close` takes away what has not come."""

    position: int
    packs: int | None = None
    price: UnitPrice | None = None
    wanted_by: date | None = None
    close: bool = False


def is_change(line: PlacedLine, wish: Wish) -> bool:
    return (
        wish.close
        or wish.packs not in {None, line.packs}
        or wish.price not in {None, line.price}
        or wish.wanted_by not in {None, line.wanted_by}
    )


def objection(line: PlacedLine, wish: Wish) -> tuple[str, str]:
    """The field and what stands against the wish; two empty texts when nothing does."""
    if line.closed:
        return "packs", f"Line {line.position} is closed; add a new line instead."
    if wish.close and line.received >= line.packs:
        return "close", f"Line {line.position} has been received; there is nothing to close."
    if wish.packs is not None and wish.packs < max(1, line.received):
        if line.received:
            return "packs", f"{line.received} were received already; not fewer than that."
        return "packs", "To order none, close the line."
    if line.received and wish.price not in {None, line.price}:
        return (
            "unit_price",
            f"{line.received} were received at {line.price.amount}: close the line and add a new one "
            "at the new price.",
        )
    return "", ""


def costs_more(before: int, after: int) -> bool:
    """Whether it is approved again: an order that costs the same or less was agreed to already."""
    return after > before


def words_of(change: ChangeRow) -> str:
    """A change in words fit for the supplier, with what it is about."""
    return f"{change.name}: {short_words(change)}"


def short_words(change: ChangeRow) -> str:
    """The same beside its line."""
    if change.kind is ChangeKind.CLOSED:
        came = f"{change.packs_after} came, the rest is " if change.packs_after else ""
        return f"{came}no longer ordered"
    if change.kind is ChangeKind.ADDED:
        return f"new, {change.packs_after} at {change.price_after.amount}"
    return ", ".join(_parts(change))


def _parts(change: ChangeRow) -> Iterator[str]:
    if change.packs_before != change.packs_after:
        yield f"{change.packs_after} instead of {change.packs_before}"
    if change.price_before != change.price_after:
        yield f"{change.price_after.amount} a pack instead of {change.price_before.amount}"
    if change.wanted_before != change.wanted_after and change.wanted_after:
        yield f"wanted by {change.wanted_after.day} {change.wanted_after:%B %Y}"

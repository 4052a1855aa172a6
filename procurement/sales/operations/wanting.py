"""What a customer wants at once: lines, when and where to each goes, and what goes to one address together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.money import UnitPrice
from procurement.sales.queries.baskets import BasketRow, basket_of, basket_rows

MOST_PARTS = 20  # addresses of one order


@dataclass(frozen=True, slots=True)
class WantedLine:
    """So many packs, at whatever they cost this customer. No pack: the sales pack.

    `wanted_on` and `address` where they are others than the order's. `believed` is what the customer's own system says
    a pack costs: ours stands, and where it is another, our people look first. `together`: how many of the pack are
    ordered at once, where several lines have it; they set its price.
    """

    product: str
    packs: int
    pack: str | None = None
    wanted_on: date | None = None
    address: int | None = None
    believed: UnitPrice | None = None
    together: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """When and where to (the key of an address of theirs) so many packs (none: all) of a basket's line go."""

    wanted_on: date | None = None
    address: int | None = None
    packs: int | None = None


Wishes = Mapping[tuple[str, str], Sequence[Wish]]  # of a basket's lines, by product and pack


@dataclass(frozen=True, slots=True)
class Part:
    """The lines that go to one of the customer's addresses (a key; none: the order's), each with its place."""

    address: int | None
    lines: tuple[tuple[int, WantedLine], ...]


def basket_lines(session: ReadSession, wishes: Wishes, *, actor: Actor) -> tuple[WantedLine, ...]:
    """The basket, each line in as many parts as is wished. Raises Invalid where parts and basket differ."""
    lines: list[WantedLine] = []
    errors: list[FieldError] = []
    for row in basket_rows(session, basket_of(session, actor=actor)):
        wished = wishes.get((row.product, row.pack)) or (Wish(),)
        parts = [_part(row, wish) for wish in wished]
        if problem := _differs(row, parts):
            errors.append(FieldError(f"lines.{len(lines)}.packs", problem))
        lines += parts
    if errors:
        raise Invalid.of(errors)
    return counted_together(lines)


def counted_together(lines: Sequence[WantedLine]) -> tuple[WantedLine, ...]:
    """Lines of the same pack know of each other: to several addresses it costs what all of it costs."""
    number = Counter[tuple[str, str | None]]()
    for line in lines:
        number[line.product, line.pack] += line.packs
    return tuple(replace(line, together=number[line.product, line.pack]) for line in lines)


def parts_of(wanted: Sequence[WantedLine]) -> list[Part]:
    """By address, those without one first; lines keep the place they were named at."""
    found: dict[int | None, list[tuple[int, WantedLine]]] = {}
    for index, line in enumerate(wanted):
        found.setdefault(line.address, []).append((index, line))
    if len(found) > MOST_PARTS:
        raise Invalid(f"To {MOST_PARTS} addresses at once at most.", field="lines")
    return [
        Part(address, tuple(lines))
        for address, lines in sorted(
            found.items(), key=lambda one: -1 if one[0] is None else one[0]
        )
    ]


def _part(row: BasketRow, wish: Wish) -> WantedLine:
    packs = row.packs if wish.packs is None else wish.packs
    return WantedLine(row.product, packs, row.pack, wish.wanted_on, wish.address)


def _differs(row: BasketRow, parts: Sequence[WantedLine]) -> str:
    if any(part.packs < 1 for part in parts):
        return "Each part has at least one pack."
    number = sum(part.packs for part in parts)
    return "" if number == row.packs else f"These come to {number:,}; the basket has {row.packs:,}."

"""Ranges of packs in which the cost of a way is a straight line: what a programme can add up."""

from collections.abc import Iterator
from dataclasses import dataclass

from procurement.kernel.money import PRICE_SCALE, minor_digits
from procurement.planning.rules.purchase.problem import Way
from procurement.sourcing.terms import BreakScheme


@dataclass(frozen=True, slots=True)
class Tier:
    """From `first` to `last` packs, in the supplier's steps, a line costs `fixed` + `each` x packs (in 1/10000)."""

    way: Way
    first: int
    last: int
    fixed: int
    each: int
    covers_alone: bool

    @property
    def minor_factor(self) -> float:
        """Minor units in 1/10000 of the currency: what turns `fixed` and `each` into minor units."""
        return float(10 ** minor_digits(self.way.supply.offer.currency)) / PRICE_SCALE


def tiers_of(way: Way, *, with_parts: bool, alone: int | None = None) -> Iterator[Tier]:
    """The tiers of a way, cut where it begins to cover the demand alone.

    Without `with_parts` only what covers alone is of use: there is nothing to mix it with. `alone` is the one amount
    that does so best, where the value of the order does not matter to the supplier.
    """
    if way.pinned is not None:
        yield from _cut(way, way.pinned, way.pinned, covers_alone=True)
        return
    if with_parts:
        yield from _cut(way, way.floor, min(way.least - way.step, way.most), covers_alone=False)
    if alone is None:
        yield from _cut(way, way.least, way.most, covers_alone=True)
    elif alone <= way.most:
        yield from _cut(way, alone, alone, covers_alone=True)


def _cut(way: Way, first: int, last: int, *, covers_alone: bool) -> Iterator[Tier]:
    offer = way.supply.offer
    step = 1 if way.pinned is not None else way.step
    breaks = sorted(offer.price_breaks, key=lambda one: one.from_packs)
    before = 0  # what the packs below this break cost when breaks are incremental
    for index, one in enumerate(breaks):
        start = one.from_packs if index else 1
        end = breaks[index + 1].from_packs - 1 if index + 1 < len(breaks) else last
        low = max(first, -(-start // step) * step)
        high = min(last, end // step * step)
        each = one.price.e4
        incremental = offer.scheme is BreakScheme.INCREMENTAL
        fixed = before - each * (start - 1) if incremental else 0
        if low <= high:
            yield Tier(way, low, high, fixed, each, covers_alone)
        before += each * (end - start + 1)

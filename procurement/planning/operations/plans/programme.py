"""A purchase as a mixed-integer programme for HiGHS.

Floating point ends here: the answer is rounded to whole packs and priced again exactly by `rules.purchase.pricing`.

For each demand and offer there is a binary for each tier of its price and the whole number of steps bought in it. A
tier that covers the demand alone counts in the demand's row by its binary, not by its packs: so no fraction of a far
price break looks cheap, which is what keeps the relaxation tight (docs/decisions/0013-the-planner.md).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import gcd

from procurement.kernel.money import RATE_SCALE
from procurement.planning.rules.purchase.pricing import OrderKey, Pricing
from procurement.planning.rules.purchase.problem import SCALE, Demand, SupplyKey, Way
from procurement.planning.rules.purchase.tiers import Tier, tiers_of
from procurement.planning.rules.purchase.usual import right_packs
from procurement.planning.rules.purchase.ways import shared_caps

_INFINITY = float("inf")


@dataclass(slots=True)
class Column:
    cost: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Bought:
    """The columns of one tier: whether it is used, and how many steps beyond its first pack."""

    tier: Tier
    used: int
    extra: int | None  # a tier of one quantity needs none

    @property
    def step(self) -> int:
        return self.tier.way.step if self.tier.way.pinned is None else 1


@dataclass(slots=True)
class Programme:
    """Minimise cost x columns, each row between its bounds; every column is a whole number."""

    columns: list[Column] = field(default_factory=list)
    rows: list[tuple[float, float, list[int], list[float]]] = field(default_factory=list)
    bought: list[Bought] = field(default_factory=list)
    left_out: dict[int, int] = field(default_factory=dict)  # demand -> its column

    def column(self, cost: float, upper: float = 1.0, lower: float = 0.0) -> int:
        self.columns.append(Column(cost, lower, upper))
        return len(self.columns) - 1

    def row(self, terms: dict[int, float], lower: float, upper: float = _INFINITY) -> None:
        self.rows.append((lower, upper, list(terms), list(terms.values())))


class _Builder:
    def __init__(self, pricing: Pricing, unmet: frozenset[int], *, may_leave_out: bool) -> None:
        self.pricing, self.problem = pricing, pricing.problem
        self.unmet, self.may_leave_out = unmet, may_leave_out
        self.made = Programme()
        # Goods of each order and of the whole plan, in minor units of the supplier's and of the plan's currency.
        self.goods: defaultdict[OrderKey, dict[int, float]] = defaultdict(dict)
        self.spent: dict[int, float] = {}
        self.lines: defaultdict[OrderKey, list[list[int]]] = defaultdict(list)
        self.is_ragged: set[OrderKey] = set()  # lines that are rounded to whole minor units

    def build(self) -> Programme:
        for place, ways in enumerate(self.pricing.ways):
            if place not in self.unmet:
                self._demand(self.problem.demands[place], place, ways)
        for key in sorted(self.goods):
            self._order(key)
        self._call_offs()
        budget = self.problem.rules.budget
        if budget is not None:
            self.made.row(self.spent, -_INFINITY, float(budget.minor))
        return self.made

    def _call_offs(self) -> None:
        """Of a blanket order not more than is left, by all demands together."""
        drawn: defaultdict[SupplyKey, dict[int, float]] = defaultdict(dict)
        for one in self.made.bought:
            supply = one.tier.way.supply
            if supply.left is not None:
                drawn[supply.key][one.used] = float(one.tier.first)
                if one.extra is not None:
                    drawn[supply.key][one.extra] = float(one.step)
        for key, amounts in sorted(drawn.items()):
            self.made.row(amounts, 0.0, float(self.pricing.supplies[key].left or 0))

    def _demand(self, demand: Demand, place: int, ways: Sequence[Way]) -> None:
        made = self.made
        covers: dict[int, float] = {}
        bought: list[Bought] = []
        for way in ways:
            tiers = tiers_of(way, with_parts=len(ways) > 1, alone=self._best_alone(way))
            mine = [self._tier(place, demand, tier) for tier in tiers]
            if len(mine) > 1:
                made.row({one.used: 1.0 for one in mine}, 0.0, 1.0)
            if mine:
                self.lines[way.supply.supplier, demand.deliver_to].append([b.used for b in mine])
            bought += mine
        made.bought += bought
        sizes = [self._steps(one, 1) * one.step for one in bought]
        sizes += [self._steps(one, one.tier.first) for one in bought]
        unit = gcd(*sizes) if sizes else 1
        need = -(-demand.steps // unit)
        for one in bought:
            covers |= self._share(one, need, unit)
        if self.may_leave_out:
            out = made.left_out[place] = made.column(0.0)
            for one in bought:
                made.row({one.used: 1.0, out: 1.0}, 0.0, 1.0)
            covers[out] = float(need)
        made.row(covers, float(need))
        self._round_up(covers, need, {int(n) for n in covers.values() if n < need})
        if any(way.pinned is not None for way in ways):
            return
        if demand.most is not None:
            self._at_most(demand.most, unit, bought)
        for cap, group in shared_caps(demand, ways):
            self._at_most(cap, unit, [one for one in bought if one.tier.way in group])

    def _at_most(self, steps: int, unit: int, bought: Sequence[Bought]) -> None:
        """Not more than can be used before it expires."""
        amounts: dict[int, float] = {}
        for one in bought:
            amounts[one.used] = self._steps(one, one.tier.first) / unit
            if one.extra is not None:
                amounts[one.extra] = self._steps(one, one.step) / unit
        if amounts:
            self.made.row(amounts, 0.0, float(steps // unit))

    def _round_up(self, covers: dict[int, float], need: int, sizes: set[int]) -> None:
        """The demand's row rounded up to whole packs of each size: what is left over a whole pack takes another.

        The mixed-integer rounding inequality (Nemhauser and Wolsey, A recursive procedure to generate all cuts for
        0-1 mixed integer programs, 1990), for the sum of a x >= b with whole x: with b / size = whole + rest,
        the sum of (floor(a / size) + min(1, part / rest)) x >= whole + 1.
        """
        for size in sorted(sizes):
            whole, rest = divmod(need, size)
            if rest:
                rounded = {
                    column: float(whole + 1)
                    if amount >= need
                    else amount // size + min(1.0, amount % size / rest)
                    for column, amount in covers.items()
                }
                self.made.row(rounded, float(whole + 1))

    def _best_alone(self, way: Way) -> int | None:
        """The one right amount, where neither a least value nor free freight can make more of it worth buying."""
        terms = self.problem.terms[way.supply.supplier]
        matters = terms.minimum.minor or (terms.freight.minor and terms.free_from is not None)
        return None if matters else right_packs(self.pricing, way)

    @staticmethod
    def _steps(one: Bought, packs: int) -> int:
        return packs * one.tier.way.supply.offer.pack.size.steps

    def _share(self, one: Bought, need: int, unit: int) -> dict[int, float]:
        if one.tier.covers_alone:
            return {one.used: float(need)}
        share = {one.used: self._steps(one, one.tier.first) / unit}
        if one.extra is not None:
            share[one.extra] = self._steps(one, one.step) / unit
        return share

    def _tier(self, place: int, demand: Demand, tier: Tier) -> Bought:
        supply, made = tier.way.supply, self.made
        worth = self.problem.worth[supply.offer.currency] / SCALE
        weight = self.pricing.weight(place, supply) / RATE_SCALE
        first = (tier.fixed + tier.each * tier.first) * tier.minor_factor
        step = tier.way.step if tier.way.pinned is None else 1
        each = tier.each * step * tier.minor_factor
        is_pinned = tier.way.pinned is not None and not self.may_leave_out
        used = made.column(first * worth * weight, lower=1.0 if is_pinned else 0.0)
        order = supply.supplier, demand.deliver_to
        self.goods[order][used] = first
        self.spent[used] = first * worth
        if (each % 1) or (first % 1):
            self.is_ragged.add(order)
        most = (tier.last - tier.first) // step
        if not most:
            return Bought(tier, used, None)
        extra = made.column(each * worth * weight, float(most))
        self.goods[order][extra] = each
        self.spent[extra] = each * worth
        made.row({extra: 1.0, used: -float(most)}, -_INFINITY, 0.0)
        return Bought(tier, used, extra)

    def _order(self, key: OrderKey) -> None:
        """Least value, freight, and from where there is none."""
        terms, made = self.problem.terms[key[0]], self.made
        if not terms.minimum.minor and not terms.freight.minor:
            return
        worth = self.problem.worth[terms.minimum.currency] / SCALE
        freight = float(terms.freight.minor)
        opened = made.column(freight * worth)
        self.spent[opened] = freight * worth
        for used in self.lines[key]:
            made.row({**dict.fromkeys(used, 1.0), opened: -1.0}, -_INFINITY, 0.0)
        # Lines are rounded to whole minor units afterwards; where they are not whole already, half of one each is kept.
        spare = len(self.lines[key]) / 2 if key in self.is_ragged else 0.0
        if terms.minimum.minor:
            made.row({**self.goods[key], opened: -(terms.minimum.minor + spare)}, 0.0)
        if freight and terms.free_from is not None:
            free = made.column(-freight * worth)
            self.spent[free] = -freight * worth
            made.row({free: 1.0, opened: -1.0}, -_INFINITY, 0.0)
            made.row({**self.goods[key], free: -(terms.free_from.minor + spare)}, 0.0)


def programme(pricing: Pricing, unmet: frozenset[int], *, may_leave_out: bool = False) -> Programme:
    """The programme of a problem; with `may_leave_out` a demand may stay unmet, at no cost yet."""
    return _Builder(pricing, unmet, may_leave_out=may_leave_out).build()


def choice_of(made: Programme, values: Sequence[float]) -> dict[tuple[int, SupplyKey], int]:
    """Whole packs from the solver's values."""
    choice: defaultdict[tuple[int, SupplyKey], int] = defaultdict(int)
    for one in made.bought:
        if values[one.used] > 0.5:
            extra = 0 if one.extra is None else round(values[one.extra])
            way = one.tier.way
            choice[way.demand, way.supply.key] += one.tier.first + extra * one.step
    return dict(choice)

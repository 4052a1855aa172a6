"""What an answer costs, to the last minor unit, by the rule that orders are priced with; and what it breaks."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from procurement.kernel.money import RATE_SCALE, Money, round_half_up
from procurement.planning.rules.purchase.problem import (
    SCALE,
    Choice,
    Demand,
    Problem,
    Supply,
    SupplyKey,
)
from procurement.planning.rules.purchase.ways import Ways, covers
from procurement.sourcing.rules.offers import total_at

OrderKey = tuple[str, str]  # supplier, place of delivery


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """So many packs for one demand, priced as its order will be."""

    place: int
    demand: Demand
    supply: Supply
    packs: int
    goods: Money


@dataclass(frozen=True, slots=True)
class PlannedOrder:
    """What one supplier would deliver to one place. Money is in the supplier's currency, `cost` in 1/SCALE."""

    supplier: str
    deliver_to: str
    lines: tuple[PlannedLine, ...]
    goods: Money
    freight: Money
    cost: int
    weighed: int  # the cost with what is not preferred made dearer, in 1/(SCALE x RATE_SCALE)

    @property
    def total(self) -> Money:
        return self.goods + self.freight


@dataclass(frozen=True, slots=True)
class Priced:
    """An answer with its exact cost."""

    orders: tuple[PlannedOrder, ...]

    @property
    def cost(self) -> int:
        return sum(order.cost for order in self.orders)

    @property
    def weighed(self) -> int:
        return sum(order.weighed for order in self.orders)

    def by_key(self) -> dict[OrderKey, PlannedOrder]:
        return {(order.supplier, order.deliver_to): order for order in self.orders}


class Pricing:
    """Prices answers to one problem; the weight of each way is worked out once."""

    def __init__(self, problem: Problem, ways: Ways) -> None:
        self.problem, self.ways = problem, ways
        self.supplies = {supply.key: supply for supply in problem.supplies}
        self._wants_preferred = {
            place for place, group in enumerate(ways) if any(way.supply.preferred for way in group)
        }

        self._goods: dict[tuple[SupplyKey, int], int] = {}

    def goods_of(self, supply: Supply, packs: int) -> int:
        """What so many packs cost, in minor units of the supplier's currency."""
        key = supply.key, packs
        if key not in self._goods:
            total = total_at(supply.offer.scheme, supply.offer.price_breaks, packs)
            self._goods[key] = total.minor if total else 0
        return self._goods[key]

    def weight(self, place: int, supply: Supply) -> int:
        """What a line's cost counts for, in basis points: more where a preferred item could be had."""
        if supply.preferred or place not in self._wants_preferred:
            return RATE_SCALE
        return RATE_SCALE + self.problem.rules.preference.basis_points

    def price(self, choice: Choice) -> Priced:
        lines: defaultdict[OrderKey, list[tuple[int, Supply, int]]] = defaultdict(list)
        for (place, key), packs in sorted(choice.items()):
            if packs:
                supply = self.supplies[key]
                order = supply.supplier, self.problem.demands[place].deliver_to
                lines[order].append((place, supply, packs))
        return Priced(tuple(self.order(key, group) for key, group in sorted(lines.items())))

    def order(self, key: OrderKey, lines: Iterable[tuple[int, Supply, int]]) -> PlannedOrder:
        """One order, priced as it will be drafted: each line rounded once, then freight on the goods."""
        supplier, deliver_to = key
        terms = self.problem.terms[supplier]
        planned = tuple(self._line(*line) for line in lines)
        goods = sum((line.goods for line in planned), Money(0, terms.minimum.currency))
        freight = terms.freight_on(goods)
        worth = self.problem.worth[goods.currency]
        weighed = sum(line.goods.minor * self.weight(line.place, line.supply) for line in planned)
        return PlannedOrder(
            supplier,
            deliver_to,
            planned,
            goods,
            freight,
            (goods + freight).minor * worth,
            (weighed + freight.minor * RATE_SCALE) * worth,
        )

    def _line(self, place: int, supply: Supply, packs: int) -> PlannedLine:
        goods = Money(self.goods_of(supply, packs), supply.offer.currency)
        return PlannedLine(place, self.problem.demands[place], supply, packs, goods)

    def money(self, cost: int) -> Money:
        """A cost in 1/SCALE as money of the plan's currency, rounded once."""
        return Money(round_half_up(Decimal(cost) / SCALE), self.problem.currency)


def overdrawn(pricing: Pricing, choice: Choice) -> Iterator[str]:
    """Blanket orders of which more is called off than is left."""
    drawn: defaultdict[SupplyKey, int] = defaultdict(int)
    for (_, key), packs in choice.items():
        drawn[key] += packs
    for key, packs in drawn.items():
        left = pricing.supplies[key].left
        if left is not None and packs > left:
            number = pricing.supplies[key].blanket
            yield f"More is called off {number} than is left of it: {left} packs."


def broken(pricing: Pricing, choice: Choice, unmet: Collection[int]) -> Iterator[str]:
    """Every rule an answer breaks, in words; `unmet` are the demands nothing is bought for."""
    problem = pricing.problem
    for place, ways in enumerate(pricing.ways):
        bought = [(way, choice.get((place, way.supply.key), 0)) for way in ways]
        bought = [(way, packs) for way, packs in bought if packs]
        name = problem.demands[place].product_name
        if (place in unmet) == bool(bought):
            yield f"{name} is {'bought although it is' if bought else ''} left out."
        elif bought and not covers(problem.demands[place], bought):
            yield f"{name} is not covered, or more is bought than can be used."
        for way, packs in bought:
            if not way.floor <= packs <= way.most or (packs % way.step and way.pinned is None):
                yield f"{packs} of {name} is not what {way.supply.supplier_name} sells."
    offered = {(place, way.supply.key) for place, ways in enumerate(pricing.ways) for way in ways}
    if any(packs and key not in offered for key, packs in choice.items()):
        yield "Something is bought where it may not be."
    yield from overdrawn(pricing, choice)
    priced = pricing.price(choice)
    for order in priced.orders:
        if order.goods.minor < problem.terms[order.supplier].minimum.minor:
            yield f"The order to {order.supplier} is below its least value."
    budget = problem.rules.budget
    if budget is not None and pricing.money(priced.cost).minor > budget.minor:
        yield "The plan is above the budget."

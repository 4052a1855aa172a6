"""The heuristic to fall back on: cheapest lines first, then lines move and orders fill while the whole gets cheaper."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from procurement.kernel.money import RATE_SCALE
from procurement.planning.rules.purchase.pricing import OrderKey, Pricing
from procurement.planning.rules.purchase.problem import Choice, SupplyKey, Way
from procurement.planning.rules.purchase.usual import line_cost, right_packs
from procurement.planning.rules.purchase.ways import covers
from procurement.sourcing.rules.offers import accepted_from

Packs = Mapping[SupplyKey, int]  # what meets one demand
Moved = dict[int, Packs]
_ROUNDS = 8
_MOST_MIXES = 200


def improved(pricing: Pricing) -> Choice:
    """What it gives keeps packs, dates and shelf life; a least value or the budget it may miss (`broken` tells)."""
    return _Improving(pricing).run()


class _Improving:
    def __init__(self, pricing: Pricing) -> None:
        self.pricing, self.problem = pricing, pricing.problem
        self.by_key = {
            (place, way.supply.key): way for place, ways in enumerate(pricing.ways) for way in ways
        }
        self.options = [self._options(place, ways) for place, ways in enumerate(pricing.ways)]
        self.left = {key: one.left for key, one in pricing.supplies.items() if one.left is not None}
        self.taken: Moved = {}
        for place, found in enumerate(self.options):
            fits = [option for option in found if self._is_left({place: option})]
            if fits:
                self.taken[place] = fits[0]
        self.orders: dict[OrderKey, dict[int, Packs]] = {}
        for place, packs in self.taken.items():
            for key, mine in self._by_order(place, packs).items():
                self.orders.setdefault(key, {})[place] = mine

    def run(self) -> Choice:
        for _ in range(_ROUNDS):
            if not self._round():
                break
        return {
            (place, key): packs
            for place, taken in sorted(self.taken.items())
            for key, packs in taken.items()
        }

    def _options(self, place: int, ways: Sequence[Way]) -> list[Packs]:
        """What may meet the demand, the cheapest first: one way in its right amount, or two where none does alone."""
        demand = self.problem.demands[place]
        found = [
            [(way, packs)]
            for way, packs in ((way, right_packs(self.pricing, way)) for way in ways)
            if packs <= way.most and covers(demand, [(way, packs)])
        ] or list(self._mixes(place, ways))
        found.sort(key=lambda mix: (self._cost(mix), [(way.supply.key, n) for way, n in mix]))
        return [{way.supply.key: packs for way, packs in mix} for mix in found]

    def _cost(self, mix: Sequence[tuple[Way, int]]) -> int:
        return sum(line_cost(self.pricing, way, packs) for way, packs in mix)

    def _mixes(self, place: int, ways: Sequence[Way]) -> Iterator[list[tuple[Way, int]]]:
        """Two ways together, where no single one fits between what is needed and what can be used."""
        demand = self.problem.demands[place]
        for first, second in combinations(ways, 2):
            size = second.supply.offer.pack.size.steps
            amounts = range(first.floor, min(first.most, first.least) + 1, first.step)
            for packs in amounts[:_MOST_MIXES]:
                rest = demand.steps - packs * first.supply.offer.pack.size.steps
                other = accepted_from(second.supply.offer, max(1, -(-rest // size)))
                mix = [(first, packs), (second, other)]
                if other <= second.most and covers(demand, mix):
                    yield mix

    def _round(self) -> bool:
        """One look at every demand and every order; whether something became cheaper."""
        better = False
        for place, options in enumerate(self.options):
            for option in options if len(options) > 1 and place in self.taken else ():
                better |= self._try({place: option})
        for key in sorted(self.orders):
            better |= self._try(self._without(key))
            better |= self._try(self._filled(key))
        return better

    def _without(self, key: OrderKey) -> Moved:
        """The order's demands met by others, each as cheaply as it can be; nothing when one cannot."""
        moved: Moved = {}
        for place in self.orders.get(key, ()):
            others = [o for o in self.options[place] if all(one[1] != key[0] for one in o)]
            if not others:
                return {}
            moved[place] = others[0]
        return moved

    def _filled(self, key: OrderKey) -> Moved:
        """More of one line, until the order has its least value or comes free of freight."""
        lines = self.orders.get(key)
        if not lines:
            return {}
        terms = self.problem.terms[key[0]]
        goods = sum(self._goods(place, packs) for place, packs in lines.items())
        goals = [terms.minimum.minor, terms.free_from.minor if terms.free_from else 0]
        tries = [
            moved
            for goal in sorted(set(goals))
            if goal > goods
            for place in sorted(lines)
            if (moved := self._more(key, place, goal - goods))
        ]
        worth = [(self._change(moved), index) for index, moved in enumerate(tries)]
        return tries[min(worth)[1]] if worth else {}

    def _more(self, key: OrderKey, place: int, missing: int) -> Moved:
        """So much more of the line that the order's goods grow by what is missing."""
        taken, demand = self.taken[place], self.problem.demands[place]
        for supply_key in self.orders[key][place]:
            way = self.by_key[place, supply_key]
            packs = taken[supply_key]
            enough = self._costs(way, packs) + missing
            while way.pinned is None and packs < way.most and self._costs(way, packs) < enough:
                packs += way.step
            wanted = {**taken, supply_key: packs}
            mix = [(self.by_key[place, one], n) for one, n in wanted.items()]
            if self._costs(way, packs) >= enough and covers(demand, mix):
                return {place: wanted}
        return {}

    def _costs(self, way: Way, packs: int) -> int:
        return self.pricing.goods_of(way.supply, packs)

    def _goods(self, place: int, packs: Packs) -> int:
        return sum(
            self.pricing.goods_of(self.by_key[place, key].supply, n) for key, n in packs.items()
        )

    def _try(self, moved: Moved) -> bool:
        if not moved or not self._is_left(moved) or self._change(moved) >= (0, 0):
            return False
        for key, lines in self._after(moved).items():
            self.orders[key] = lines
        self.orders = {key: lines for key, lines in self.orders.items() if lines}
        self.taken |= moved
        return True

    def _is_left(self, moved: Moved) -> bool:
        """Whether the blanket orders still hold what would be called off them."""
        if not self.left:
            return True
        after = {**self.taken, **moved}
        return all(
            sum(packs.get(key, 0) for packs in after.values()) <= left
            for key, left in self.left.items()
        )

    def _by_order(self, place: int, packs: Packs) -> dict[OrderKey, Packs]:
        deliver_to = self.problem.demands[place].deliver_to
        suppliers = {key[1] for key in packs}
        return {
            (supplier, deliver_to): {key: n for key, n in packs.items() if key[1] == supplier}
            for supplier in suppliers
        }

    def _after(self, moved: Moved) -> dict[OrderKey, dict[int, Packs]]:
        """The orders that a move touches, as they would be."""
        changed: dict[OrderKey, dict[int, Packs]] = {}
        for place, packs in moved.items():
            for key in self._by_order(place, self.taken[place]):
                changed.setdefault(key, dict(self.orders[key])).pop(place)
            for key, mine in self._by_order(place, packs).items():
                changed.setdefault(key, dict(self.orders.get(key, {})))[place] = mine
        return changed

    def _change(self, moved: Moved) -> tuple[int, int]:
        """By how many orders fewer are below their least value, then by how much the cost changes."""
        short = cost = 0
        for key, lines in self._after(moved).items():
            before = self._value(key, self.orders.get(key, {}))
            after = self._value(key, lines)
            short += after[0] - before[0]
            cost += after[1] - before[1]
        return short, cost

    def _value(self, key: OrderKey, lines: Mapping[int, Packs]) -> tuple[int, int]:
        if not lines:
            return 0, 0
        terms = self.problem.terms[key[0]]
        goods = weighed = 0
        for place, packs in lines.items():
            for supply_key, n in packs.items():
                way = self.by_key[place, supply_key]
                minor = self.pricing.goods_of(way.supply, n)
                goods += minor
                weighed += minor * self.pricing.weight(place, way.supply)
        is_free = terms.free_from is not None and goods >= terms.free_from.minor
        freight = 0 if is_free else terms.freight.minor
        worth = self.problem.worth[terms.minimum.currency]
        return int(goods < terms.minimum.minor), (weighed + freight * RATE_SCALE) * worth

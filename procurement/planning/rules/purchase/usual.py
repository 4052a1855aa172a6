"""The usual rules that a plan is compared with: the first supplier, and the cheapest line."""

from collections.abc import Callable

from procurement.planning.rules.purchase.pricing import Pricing
from procurement.planning.rules.purchase.problem import Choice, SupplyKey, Way
from procurement.sourcing.rules.offers import accepted_from


def first_supplier(pricing: Pricing) -> Choice:
    """The usual rule: the preferred item, else the first on file, in the least amount that covers."""
    return _each(pricing, lambda way: (int(not way.supply.preferred), way.supply.key), best=False)


def cheapest_line(pricing: Pricing) -> Choice:
    """The other usual rule: for each product the offer with the cheapest line, freight and least values not seen."""
    return _each(
        pricing,
        lambda way: (line_cost(pricing, way, right_packs(pricing, way)), way.supply.key),
        best=True,
    )


def paid_by_rule(pricing: Pricing, choice: Choice) -> int:
    """What a usual rule costs in the end: an order below the supplier's least value is filled up to it."""
    cost = 0
    for order in pricing.price(choice).orders:
        terms = pricing.problem.terms[order.supplier]
        if order.goods.minor < terms.minimum.minor:
            filled = terms.minimum + terms.freight_on(terms.minimum)
            cost += filled.minor * pricing.problem.worth[filled.currency]
        else:
            cost += order.cost
    return cost


def _each(pricing: Pricing, rank: Callable[[Way], tuple[int, SupplyKey]], *, best: bool) -> Choice:
    """A blanket order is drawn on in turn, as long as there is enough of it."""
    choice: dict[tuple[int, SupplyKey], int] = {}
    left = {key: one.left for key, one in pricing.supplies.items() if one.left is not None}
    for place, ways in enumerate(pricing.ways):
        if not ways:
            continue
        amounts = [(way, right_packs(pricing, way) if best else _least(way)) for way in ways]
        may = [way for way, packs in amounts if packs <= left.get(way.supply.key, packs)]
        way = min(may or ways, key=rank)
        packs = {one.supply.key: n for one, n in amounts}[way.supply.key]
        choice[place, way.supply.key] = packs
        if way.supply.key in left:
            left[way.supply.key] -= packs
    return choice


def _least(way: Way) -> int:
    return way.pinned or way.least


def right_packs(pricing: Pricing, way: Way) -> int:
    """The cheapest amount that covers the demand alone, within what may be bought; the least where none fits."""
    if way.pinned is not None or way.least > way.most:
        return _least(way)
    offer = way.supply.offer
    steps = (accepted_from(offer, step.from_packs) for step in offer.price_breaks)
    offered = {way.least, *(n for n in steps if way.least < n <= way.most)}
    return min(offered, key=lambda packs: (pricing.goods_of(way.supply, packs), packs))


def line_cost(pricing: Pricing, way: Way, packs: int) -> int:
    worth = pricing.problem.worth[way.supply.offer.currency]
    return pricing.goods_of(way.supply, packs) * worth * pricing.weight(way.demand, way.supply)

"""Which offers may meet which demand, in which amounts: dates, shelf life, packs, pins and forbids."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from procurement.kernel.money import PRICE_SCALE, minor_digits
from procurement.kernel.quantity import Quantity
from procurement.planning.rules.purchase.problem import (
    Demand,
    Pin,
    Problem,
    Supply,
    SupplyKey,
    Unmet,
    Way,
)
from procurement.sourcing.rules.items import MAX_PACKS
from procurement.sourcing.rules.offers import accepted_from, total_at
from procurement.sourcing.terms import Standing

Ways = tuple[tuple[Way, ...], ...]


def ways_of(problem: Problem) -> tuple[Ways, tuple[Unmet, ...]]:
    """For each demand the ways to meet it, and the demands that cannot be met at all."""
    offered: defaultdict[str, list[Supply]] = defaultdict(list)
    for supply in problem.supplies:
        offered[supply.product].append(supply)
    pins = {(pin.deliver_to, pin.product): pin for pin in problem.rules.pins}
    left = {one.key: one.left for one in problem.supplies if one.left is not None}
    found: list[tuple[Way, ...]] = []
    unmet: list[Unmet] = []
    for place, demand in enumerate(problem.demands):
        ways, reason = _ways(problem, place, offered[demand.product], pins.get(demand.key))
        ways = _drawn(ways, left)
        found.append(ways)
        if not ways:
            unmet.append(Unmet(demand, reason))
    return tuple(found), tuple(unmet)


def covers(demand: Demand, packs: Sequence[tuple[Way, int]]) -> bool:
    """Whether so many packs are enough and not too much; a quantity that a person has pinned always is."""
    if any(way.pinned is not None for way, _ in packs):
        return True
    steps = sum(n * way.supply.offer.pack.size.steps for way, n in packs)
    if steps < demand.steps or (demand.most is not None and steps > demand.most):
        return False
    return all(
        sum(n * way.supply.offer.pack.size.steps for way, n in packs if way in group) <= cap
        for cap, group in shared_caps(demand, [way for way, _ in packs])
    )


def shared_caps(demand: Demand, ways: Sequence[Way]) -> Iterator[tuple[int, tuple[Way, ...]]]:
    """What may be bought of several ways together: all that expires by a day is to be used by then."""
    caps = [(cap, way) for way in ways if (cap := usable_of(demand, way.supply)) is not None]
    for most in sorted({cap for cap, _ in caps}):
        group = tuple(way for cap, way in caps if cap <= most)
        if len(group) > 1 and most != demand.most:
            yield most, group


def _drawn(ways: tuple[Way, ...], left: dict[SupplyKey, int]) -> tuple[Way, ...]:
    """Packs that a person has pinned come whole from one price: the blanket order's while enough is left of it."""
    if len(ways) < 2 or ways[0].pinned is None:
        return ways
    pinned = ways[0].pinned
    may = [way for way in ways if left.get(way.supply.key, pinned) >= pinned]
    way = min(may, key=lambda one: _price_of(one, pinned), default=ways[0])
    if way.supply.key in left:
        left[way.supply.key] -= pinned
    return (way,)


def _price_of(way: Way, packs: int) -> int:
    offer = way.supply.offer
    total = total_at(offer.scheme, offer.price_breaks, packs)
    return total.minor if total else 0


def _ways(
    problem: Problem, place: int, offered: Sequence[Supply], pin: Pin | None
) -> tuple[tuple[Way, ...], str]:
    demand = problem.demands[place]
    if not offered:
        return (), "No supplier is on file for it."
    allowed = [supply for supply in offered if _is_allowed(problem, supply)]
    if pin is not None:
        allowed = [s for s in allowed if (s.supplier, s.pack) == (pin.supplier, pin.pack)]
    if not allowed:
        return (), _why_none(problem, offered, pin)
    usable = list(_usable(problem, place, allowed, pin))
    if not usable:
        return (), _why_too_much(demand, allowed)
    in_time = [way for way in usable if not way.days_late]
    if in_time or pin is not None:
        return tuple(in_time or usable), ""
    late = min(way.days_late for way in usable)
    return tuple(way for way in usable if way.days_late == late), ""


def _is_allowed(problem: Problem, supply: Supply) -> bool:
    return (
        problem.terms[supply.supplier].standing is not Standing.BLOCKED
        and supply.offer.currency in problem.worth
        and bool(supply.offer.price_breaks)
        and not any(forbid.holds(supply) for forbid in problem.rules.forbids)
    )


def _why_none(problem: Problem, offered: Sequence[Supply], pin: Pin | None) -> str:
    if pin is not None:
        return f"It is pinned to {pin.supplier} in {pin.pack}, which may not be bought."
    if any(f.holds(s) for f in problem.rules.forbids for s in offered):
        return "Everybody who sells it is forbidden in this plan."
    if all(not supply.offer.price_breaks for supply in offered):
        return "No price is on file for it."
    if all(supply.offer.currency not in problem.worth for supply in offered):
        return "There is no exchange rate for the currency it is sold in."
    return "Nobody who sells it may be bought from."


def _why_too_much(demand: Demand, allowed: Sequence[Supply]) -> str:
    limit = min(allowed, key=lambda s: accepted_from(s.offer, 1) * s.offer.pack.size.steps)
    least = accepted_from(limit.offer, 1)
    usable = usable_of(demand, limit) or 0
    most = Quantity(usable // demand.unit.steps * demand.unit.steps, demand.unit)
    packs = "one pack" if least == 1 else f"{least} packs"
    return (
        f"The least one can buy is {packs} ({limit.offer.pack.of(least)}) from {limit.supplier_name}; "
        f"before it expires {most} will be used."
    )


def _usable(
    problem: Problem, place: int, allowed: Sequence[Supply], pin: Pin | None
) -> Iterator[Way]:
    demand = problem.demands[place]
    for supply in allowed:
        offer = supply.offer
        size = offer.pack.size.steps
        floor = accepted_from(offer, 1)
        least = accepted_from(offer, -(-demand.steps // size))
        most = _most(problem, supply, least)
        cap = usable_of(demand, supply)
        if cap is not None:
            most = min(most, cap // size // offer.multiple * offer.multiple)
        if supply.left is not None:
            most = min(most, supply.left // offer.multiple * offer.multiple)
        pinned = pin.packs if pin else None
        if pinned is not None:
            floor = least = most = pinned
        if floor <= most:
            late = (supply.arrives_on - demand.wanted_by).days if demand.wanted_by else 0
            yield Way(place, supply, floor, least, most, max(0, late), pinned)


def usable_of(demand: Demand, supply: Supply) -> int | None:
    """Steps of this supply that can be used before they expire; None: no limit."""
    mine = [cap for *key, cap in demand.caps if key == [supply.supplier, supply.pack]]
    limits = [cap for cap in (demand.most, *mine) if cap is not None]
    return min(limits) if limits else None


def _most(problem: Problem, supply: Supply, least: int) -> int:
    """More than this is never cheaper: it covers the need, has the last break and fills the order alone."""
    offer, terms = supply.offer, problem.terms[supply.supplier]
    last = max(step.from_packs for step in offer.price_breaks)
    wanted = max(terms.minimum.minor, terms.free_from.minor if terms.free_from else 0)
    cheapest = min(step.price.e4 for step in offer.price_breaks)
    minor = 10 ** minor_digits(offer.currency)
    alone = -(-wanted * PRICE_SCALE // (cheapest * minor)) + 1 if wanted and cheapest else 0
    return accepted_from(offer, min(max(least, last, alone), MAX_PACKS - offer.multiple))

"""Small purchases from a seed, and the cheapest plan of each found by trying every one, without the planner's code."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from random import Random

import numpy as np

from procurement.kernel.money import Money, UnitPrice
from procurement.kernel.quantity import Pack, Quantity, Unit
from procurement.planning.rules.purchase.problem import SCALE, Demand, Problem, Rules, Supply
from procurement.sourcing.rules.offers import Offer
from procurement.sourcing.terms import BreakScheme, PriceBreak, Standing, SupplierTerms

TODAY = date(2026, 11, 28)
WORTH = {"EUR": 10, "USD": 9}  # tenths of a cent
MOST_PACKS = 12  # at 5.00 or more a pack, so many have the last break and reach every threshold
LEFT_OUT = 10**15  # dearer than any plan: as few demands as possible are left out


def a_purchase(seed: int, *, demands: int = 3, suppliers: int = 3) -> Problem:
    random = Random(seed)
    names = [f"S{index}" for index in range(suppliers)]
    currencies = {name: random.choice(("EUR", "EUR", "USD")) for name in names}
    terms = {name: _terms(random, currencies[name]) for name in names}
    wanted, supplies = [], []
    for index in range(demands):
        name = f"P{index}"
        need = random.randint(1, 12)
        wanted.append(
            Demand(
                product=name,
                product_name=name,
                deliver_to=random.choice(("A", "A", "B")),
                deliver_to_name="",
                unit=Unit.PIECE,
                steps=need,
                wanted_by=random.choice((None, TODAY + timedelta(days=5))),
                most=random.choice((None, None, need + random.randint(0, 6), need * 2)),
            )
        )
        packs = list(product(names, ("each", "box")))
        for supplier, pack in random.sample(packs, random.randint(1, 2)):
            supplies.append(_supply(random, name, supplier, pack, currencies[supplier]))
        wanted[-1] = replace(wanted[-1], caps=_caps(random, wanted[-1], supplies))
    budget = Money(random.randint(40, 200) * 100, "EUR") if random.random() < 0.2 else None
    return Problem.of(
        "EUR",
        wanted,
        supplies,
        terms,
        {code: tenths * SCALE // 10 for code, tenths in WORTH.items()},
        Rules(budget=budget),
    )


def with_blankets(problem: Problem, seed: int) -> Problem:
    """The second demand is of the first one's product, at another place, and blanket orders have some of its offers."""
    random = Random(seed)
    first, second = problem.demands[0], problem.demands[-1]
    second = replace(second, product=first.product, deliver_to="C", caps=(), most=None)
    first = replace(first, caps=(), most=None)
    mine = [s for s in problem.supplies if s.product == first.product]
    agreed = []
    for supply in random.sample(mine, random.randint(1, len(mine))):
        price = UnitPrice(random.randint(300, 1000) * 100, supply.offer.currency)
        offer = replace(
            supply.offer, price_breaks=(PriceBreak(1, price),), scheme=BreakScheme.ALL_UNITS
        )
        agreed.append(replace(supply, offer=offer, blanket="BO-1", left=random.randint(1, 9)))
    return Problem.of(
        problem.currency,
        (first, second),
        (*mine, *agreed),
        problem.terms,
        problem.worth,
        problem.rules,
    )


def _terms(random: Random, currency: str) -> SupplierTerms:
    return SupplierTerms(
        Money(random.choice((0, 0, 1500, 3000)), currency),
        Money(random.choice((0, 750, 1840)), currency),
        random.choice((None, Money(2500, currency), Money(5000, currency))),
        random.choice((*[Standing.NORMAL] * 9, Standing.BLOCKED)),
    )


def _supply(random: Random, name: str, supplier: str, pack: str, currency: str) -> Supply:
    size = 1 if pack == "each" else random.choice((2, 3, 4))
    price = random.randint(700, 1200)
    steps = {1: price}
    for start in sorted(random.sample((2, 3, 5, 8), random.randint(0, 2))):
        price = max(500, price - random.randint(20, 250))
        steps[start] = price
    return Supply(
        product=name,
        supplier=supplier,
        supplier_name=supplier,
        pack=pack,
        offer=Offer(
            Pack(pack, Quantity(size, Unit.PIECE)),
            currency,
            random.choice((1, 1, 2, 3)),
            random.choice((1, 1, 2, 3)),
            tuple(PriceBreak(n, UnitPrice(cents * 100, currency)) for n, cents in steps.items()),
            random.choice((BreakScheme.ALL_UNITS, BreakScheme.ALL_UNITS, BreakScheme.INCREMENTAL)),
        ),
        arrives_on=TODAY + timedelta(days=random.randint(1, 9)),
        preferred=random.random() < 0.25,
    )


def cents_of(offer: Offer, packs: int) -> int:
    """What so many packs cost, counted pack by pack."""
    prices = {step.from_packs: step.price.e4 // 100 for step in offer.price_breaks}
    reached = [
        max((n for n in prices if n <= pack), default=min(prices)) for pack in range(1, packs + 1)
    ]
    if offer.scheme is BreakScheme.INCREMENTAL:
        return sum(prices[start] for start in reached)
    return packs * prices[reached[-1]] if packs else 0


def amounts(offer: Offer, most: int = MOST_PACKS) -> list[int]:
    return [n for n in range(most + 1) if n == 0 or (n >= offer.moq and n % offer.multiple == 0)]


def _caps(
    random: Random, demand: Demand, supplies: list[Supply]
) -> tuple[tuple[str, str, int], ...]:
    """Some promise less shelf life, so that less of theirs can be used."""
    return tuple(
        (s.supplier, s.pack, random.randint(1, demand.steps + 4))
        for s in supplies
        if s.product == demand.product and random.random() < 0.3
    )


def cap(demand: Demand, supply: Supply) -> int:
    """Pieces of this supply that can be used before they expire."""
    limits = {(supplier, pack): most for supplier, pack, most in demand.caps}
    return min(demand.most or 10**9, limits.get((supply.supplier, supply.pack), 10**9))


def is_used_in_time(demand: Demand, pieces: list[int], supplies: list[Supply], most: int) -> bool:
    """What expires first is used first: all that can only be used up to `most` is not more than that."""
    mine = [n for n, s in zip(pieces, supplies, strict=True) if cap(demand, s) <= most]
    return sum(mine) <= most


def may_come(problem: Problem, demand: Demand) -> list[Supply]:
    """Who may deliver: not blocked, not more than can be used; in time, or the least late."""
    usable = [
        s
        for s in problem.supplies
        if s.product == demand.product
        and problem.terms[s.supplier].standing is not Standing.BLOCKED
        and min(amounts(s.offer)[1:]) * s.offer.pack.size.steps <= cap(demand, s)
    ]
    by = demand.wanted_by
    if by is None or not usable:
        return usable
    soonest = max(by, min(s.arrives_on for s in usable))
    return [s for s in usable if s.arrives_on <= soonest]


def cheapest(problem: Problem) -> int:
    """The weighed cost of the best plan, in 1/100,000 of a cent; LEFT_OUT more for each demand that stays unmet."""
    orders = sorted({(s.supplier, d.deliver_to) for s in problem.supplies for d in problem.demands})
    dims = len(problem.demands)
    weighed, real = np.zeros((1,) * dims, np.int64), np.zeros((1,) * dims, np.int64)
    goods = {order: np.zeros((1,) * dims, np.int64) for order in orders}
    blankets = {s.key: s.left for s in problem.supplies if s.left is not None}
    drawn = {key: np.zeros((1,) * dims, np.int64) for key in blankets}
    for axis, demand in enumerate(problem.demands):
        shape = [1] * dims
        shape[axis] = -1
        columns = _columns(problem, demand)
        weighed = weighed + np.array([one[0] for one in columns], np.int64).reshape(shape)
        real = real + np.array([one[1] for one in columns], np.int64).reshape(shape)
        for order in orders:
            mine = np.array([one[2].get(order, 0) for one in columns], np.int64)
            if mine.any():
                goods[order] = goods[order] + mine.reshape(shape)
        for key, before in drawn.items():
            packs = np.array([one[3].get(key, 0) for one in columns], np.int64)
            drawn[key] = before + packs.reshape(shape)
    bad = np.zeros((1,) * dims, bool)
    for key, left in blankets.items():
        bad = bad | (drawn[key] > left)
    for (supplier, _), value in goods.items():
        terms = problem.terms[supplier]
        worth = WORTH[terms.minimum.currency]
        charged = value > 0
        if terms.free_from is not None:
            charged = charged & (value < terms.free_from.minor)
        freight = charged * (terms.freight.minor * worth)
        weighed, real = weighed + freight * 10_000, real + freight
        bad = bad | ((value > 0) & (value < terms.minimum.minor))
    if problem.rules.budget is not None:
        # The plan's total is rounded to whole cents.
        bad = bad | ((real + 5) // 10 > problem.rules.budget.minor)
    return int(np.where(bad, LEFT_OUT * 100, weighed).min())


def _columns(problem: Problem, demand: Demand):
    """Every way to meet a demand: weighed cost, cost, goods of each order, packs of each supply."""
    supplies = may_come(problem, demand)
    has_preferred = any(s.preferred for s in supplies)
    found = [(LEFT_OUT, 0, {}, {})]
    for packs in product(*(amounts(s.offer) for s in supplies)):
        pieces = [n * s.offer.pack.size.steps for n, s in zip(packs, supplies, strict=True)]
        if sum(pieces) < demand.steps or sum(pieces) > (demand.most or 10**9):
            continue
        if not all(is_used_in_time(demand, pieces, supplies, cap(demand, s)) for s in supplies):
            continue
        if any(s.left is not None and n > s.left for n, s in zip(packs, supplies, strict=True)):
            continue
        weighed = real = 0
        goods: dict[tuple[str, str], int] = {}
        for n, s in zip(packs, supplies, strict=True):
            cents = cents_of(s.offer, n)
            cost = cents * WORTH[s.offer.currency]
            real += cost
            weighed += cost * (10_500 if has_preferred and not s.preferred else 10_000)
            goods[s.supplier, demand.deliver_to] = (
                goods.get((s.supplier, demand.deliver_to), 0) + cents
            )
        found.append(
            (weighed, real, goods, {s.key: n for n, s in zip(packs, supplies, strict=True)})
        )
    return found


def in_euros(offer: Offer) -> Offer:
    """The same offer paid in euros."""
    steps = (PriceBreak(s.from_packs, UnitPrice(s.price.e4, "EUR")) for s in offer.price_breaks)
    return replace(offer, currency="EUR", price_breaks=tuple(steps))


def best_by_sets(problem: Problem, names: tuple[str, ...], freight: dict[str, int]) -> int | None:
    """The least cost in cents where freight depends only on which suppliers are used: every set of them is tried."""
    best = None
    for chosen in product((False, True), repeat=len(names)):
        used = {name for name, is_used in zip(names, chosen, strict=True) if is_used}
        cost = sum(freight[name] for name in used)
        for demand in problem.demands:
            supplies = [
                s for s in problem.supplies if s.product == demand.product and s.supplier in used
            ]
            found = [
                sum(cents_of(s.offer, n) for n, s in zip(packs, supplies, strict=True))
                for packs in product(*(amounts(s.offer) for s in supplies))
                if sum(n * s.offer.pack.size.steps for n, s in zip(packs, supplies, strict=True))
                >= demand.steps
            ]
            if not found:
                break
            cost += min(found)
        else:
            best = cost if best is None else min(best, cost)
    return best

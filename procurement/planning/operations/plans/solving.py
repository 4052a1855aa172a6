"""The cheapest right order: the programme's answer, priced and checked exactly; or the heuristic's, with a note."""

from dataclasses import dataclass
from math import isfinite

from procurement.kernel.money import RATE_SCALE
from procurement.planning.operations.plans import highs
from procurement.planning.operations.plans.highs import Stop, never
from procurement.planning.operations.plans.programme import Programme, choice_of, programme
from procurement.planning.rules.purchase.heuristic import improved
from procurement.planning.rules.purchase.pricing import PlannedOrder, Priced, Pricing, broken
from procurement.planning.rules.purchase.problem import SCALE, Choice, Problem, Unmet
from procurement.planning.rules.purchase.ways import ways_of

# Up to so many demands the cheapest answer is proved; above it, one within a thousandth of it.
_PROVED_DEMANDS = 60
_LARGE_GAP = 0.001


@dataclass(frozen=True, slots=True)
class Answer:
    """What to buy, what is left out and why.

    `bound` is a cost (in the weighed 1/(SCALE x RATE_SCALE)) below which no plan can be; None: nothing is proved.
    """

    pricing: Pricing
    choice: Choice
    priced: Priced
    unmet: tuple[Unmet, ...]
    bound: int | None
    note: str = ""

    @property
    def gap_e6(self) -> int | None:
        """How much cheaper another plan could be at most, in millionths of this one, rounded up."""
        if self.bound is None:
            return None
        cost = self.priced.weighed
        return max(0, -(-(cost - self.bound) * 10**6 // cost)) if cost else 0


def solve(problem: Problem, *, seconds: float = 20.0, stop: Stop = never) -> Answer:
    """Plan a purchase. The same problem has the same answer, unless the time runs out, which the note says.

    Raises StoppedError once `stop` says that nobody waits any more.
    """
    ways, unmet = ways_of(problem)
    pricing = Pricing(problem, ways)
    places = frozenset(problem.demands.index(one.demand) for one in unmet)
    if not highs.is_there():
        return _by_rule(pricing, unmet, places, "The solver is not installed.")
    gap = 0.0 if len(problem.demands) <= _PROVED_DEMANDS else _LARGE_GAP
    if len(places) == len(problem.demands):
        return Answer(pricing, {}, pricing.price({}), unmet, 0)
    made = programme(pricing, places)
    outcome = highs.run(made, seconds=seconds, gap=gap, stop=stop)
    if outcome.is_infeasible:
        more = _left_out(pricing, places, seconds, stop)
        if more is None:
            return _by_rule(pricing, unmet, places, "The solver ran out of time.")
        unmet += tuple(Unmet(problem.demands[place], _why(problem)) for place in sorted(more))
        places |= more
        if len(places) == len(problem.demands):
            return Answer(pricing, {}, pricing.price({}), unmet, 0)
        made = programme(pricing, places)
        outcome = highs.run(made, seconds=seconds, gap=gap, stop=stop)
    return _checked(pricing, unmet, places, made, outcome)


def _checked(
    pricing: Pricing,
    unmet: tuple[Unmet, ...],
    places: frozenset[int],
    made: Programme,
    outcome: highs.Outcome,
) -> Answer:
    """The solver's answer when it keeps every rule exactly; the heuristic's when that is better or there is none."""
    bound = _bound(outcome.bound)
    note = "The solver stopped at its time limit." if outcome.ran_out_of_time else ""
    if outcome.values is None:
        return _by_rule(pricing, unmet, places, "The solver ran out of time.", bound)
    choice: Choice = choice_of(made, outcome.values)
    if list(broken(pricing, choice, places)):
        return _by_rule(pricing, unmet, places, "The solver's answer was not exact.", bound)
    priced = pricing.price(choice)
    if outcome.ran_out_of_time:
        other = improved(pricing)
        if not list(broken(pricing, other, places)):
            choice = min((choice, other), key=lambda one: pricing.price(one).weighed)
            priced = pricing.price(choice)
    return Answer(pricing, choice, priced, unmet, min(bound, priced.weighed), note)


def _bound(found: float) -> int:
    """Minor units as the solver tells them, to the thousandth: it is no more exact than that."""
    return round(found * 1000) * (SCALE * RATE_SCALE // 1000) if isfinite(found) else 0


def _left_out(
    pricing: Pricing, places: frozenset[int], seconds: float, stop: Stop
) -> frozenset[int] | None:
    """The fewest demands that must stay unmet for the rest to be possible; of as few, the dearest; None: not known."""
    made = programme(pricing, places, may_leave_out=True)
    costs = [column.cost for column in made.columns]
    out = set(made.left_out.values())
    for index, column in enumerate(made.columns):
        column.cost = float(index in out)
    first = highs.run(made, seconds=seconds, gap=0.0, stop=stop)
    if first.values is None:
        return None
    fewest = sum(first.values[column] > 0.5 for column in out)
    for column, cost in zip(made.columns, costs, strict=True):
        column.cost = cost
    made.row(dict.fromkeys(sorted(out), 1.0), 0.0, float(fewest))
    second = highs.run(made, seconds=seconds, gap=0.0, stop=stop)
    values = second.values or first.values
    return frozenset(place for place, column in made.left_out.items() if values[column] > 0.5)


def _why(problem: Problem) -> str:
    if problem.rules.budget is not None:
        budget = problem.rules.budget
        return f"With it the plan would be above {budget}, or an order below its least value."
    return "Every order for it would be below the supplier's least value, or more than can be used."


def _by_rule(
    pricing: Pricing,
    unmet: tuple[Unmet, ...],
    places: frozenset[int],
    why: str,
    bound: int | None = None,
) -> Answer:
    """The heuristic's answer; the orders that it cannot bring to their least value are left out, with the reason."""
    choice = {key: n for key, n in improved(pricing).items() if key[0] not in places}
    met = {place for place, _ in choice}
    left = [
        Unmet(demand, "No offer, nor two of them together, fits between need and use.")
        for place, demand in enumerate(pricing.problem.demands)
        if place not in places | met
    ]
    while short := _too_small(pricing, choice):
        terms = pricing.problem.terms[short.supplier]
        reason = f"The order to {short.supplier} would be below its least value of {terms.minimum}."
        gone = {line.place: Unmet(line.demand, reason) for line in short.lines}
        choice = {key: n for key, n in choice.items() if key[0] not in gone}
        left += gone.values()
    note = f"{why} This plan was made by a simpler rule and may not be the cheapest."
    priced = pricing.price(choice)
    budget = pricing.problem.rules.budget
    if budget is not None and pricing.money(priced.cost).minor > budget.minor:
        note += f" It is above the budget of {budget}."
    return Answer(pricing, choice, priced, (*unmet, *left), bound if not left else None, note)


def _too_small(pricing: Pricing, choice: Choice) -> PlannedOrder | None:
    """An order below its supplier's least value."""
    for order in pricing.price(choice).orders:
        if order.goods.minor < pricing.problem.terms[order.supplier].minimum.minor:
            return order
    return None

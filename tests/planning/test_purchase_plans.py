"""The cheapest right order: proved against every other plan, never against a rule, the same every time."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.plans import a_problem
from procurement.kernel.money import Money
from procurement.planning.operations.plans import highs
from procurement.planning.operations.plans.solving import solve
from procurement.planning.rules.purchase.frozen import freeze, thaw
from procurement.planning.rules.purchase.heuristic import improved
from procurement.planning.rules.purchase.pricing import Pricing, broken, overdrawn
from procurement.planning.rules.purchase.problem import SCALE, Problem
from procurement.planning.rules.purchase.ways import ways_of
from procurement.sourcing.terms import SupplierTerms
from tests.planning.purchases import (
    LEFT_OUT,
    a_purchase,
    amounts,
    best_by_sets,
    cap,
    cents_of,
    cheapest,
    in_euros,
    may_come,
    with_blankets,
)

TENTH = SCALE // 10


@pytest.mark.parametrize("seeds", [range(start, start + 50) for start in (0, 50, 100, 150)])
def test_the_cost_is_that_of_the_best_of_all_plans(seeds):
    for seed in seeds:
        problem = a_purchase(seed)
        answer = solve(problem)
        found = answer.priced.weighed + len(answer.unmet) * LEFT_OUT * TENTH
        assert found == cheapest(problem) * TENTH, seed
        assert answer.gap_e6 == 0, seed
        assert answer.note == "", seed


def test_blanket_orders_are_called_off_by_all_demands_together():
    drawn = mixed = 0
    for seed in range(700, 760):
        problem = with_blankets(a_purchase(seed, demands=2), seed)
        answer = solve(problem)
        found = answer.priced.weighed + len(answer.unmet) * LEFT_OUT * TENTH
        assert found == cheapest(problem) * TENTH, seed
        assert thaw(freeze(problem), problem.rules) == problem
        used = {key[3] for _, key in answer.choice}
        drawn, mixed = drawn + ("BO-1" in used), mixed + (len(used) > 1)
        left = {problem.demands.index(one.demand) for one in answer.unmet}
        rule = improved(Pricing(problem, ways_of(problem)[0]))
        assert not list(overdrawn(answer.pricing, rule)), seed
        assert not list(broken(answer.pricing, answer.choice, left)), seed
    assert drawn > 30
    assert mixed > 5


@settings(max_examples=120, deadline=None)
@given(seed=st.integers(1000, 10**6), demands=st.integers(1, 8), suppliers=st.integers(1, 5))
def test_nothing_that_must_hold_is_ever_broken(seed, demands, suppliers):
    problem = a_purchase(seed, demands=demands, suppliers=suppliers)
    answer = solve(problem)
    goods: dict[tuple[str, str], int] = {}
    met = set()
    for place, demand in enumerate(problem.demands):
        bought = {
            s: answer.choice.get((place, s.key), 0)
            for s in problem.supplies
            if answer.choice.get((place, s.key), 0)
        }
        pieces = {s: n * s.offer.pack.size.steps for s, n in bought.items()}
        assert all(s in may_come(problem, demand) for s in bought), "date, blocked, product"
        assert all(n in amounts(s.offer, n) for s, n in bought.items()), "MOQ and multiple"
        assert all(n <= cap(demand, s) for s, n in pieces.items()), "promised shelf life"
        if bought:
            met.add(demand.key)
            assert demand.steps <= sum(pieces.values()) <= (demand.most or 10**9), "need, use"
        for s, n in bought.items():
            order = s.supplier, demand.deliver_to
            goods[order] = goods.get(order, 0) + cents_of(s.offer, n)
    assert {one.demand.key for one in answer.unmet} | met == {d.key for d in problem.demands}
    assert not {one.demand.key for one in answer.unmet} & met
    assert all(value >= problem.terms[s].minimum.minor for (s, _), value in goods.items())
    assert {(o.supplier, o.deliver_to): o.goods.minor for o in answer.priced.orders} == goods
    if problem.rules.budget:
        cost = answer.pricing.money(answer.priced.cost)
        assert cost.minor <= problem.rules.budget.minor


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_gap_of_a_large_plan_holds(seed):
    """With freight but no threshold the best plan is that of the best set of suppliers, each demand by itself."""
    random = Random(seed)
    names = ("S0", "S1", "S2", "S3")
    whole = a_purchase(seed, demands=150, suppliers=4)
    freight = {name: random.randint(0, 90_000) for name in names}
    terms = {n: SupplierTerms(Money(0, "EUR"), Money(freight[n], "EUR")) for n in names}
    demands = [
        replace(d, deliver_to="A", wanted_by=None, most=None, caps=()) for d in whole.demands
    ]
    supplies = [replace(s, preferred=False, offer=in_euros(s.offer)) for s in whole.supplies]
    problem = Problem.of("EUR", demands, supplies, terms, {"EUR": SCALE})
    best = best_by_sets(problem, names, freight)
    answer = solve(problem)
    cost = answer.priced.weighed
    assert best is not None
    assert not answer.unmet
    assert answer.bound <= best * SCALE * 10_000 <= cost
    assert (cost - best * SCALE * 10_000) * 10**6 <= answer.gap_e6 * cost
    assert answer.gap_e6 <= 1_000


def test_the_same_problem_has_the_same_answer_in_whatever_order_it_comes():
    for seed in range(300, 310):
        problem = a_purchase(seed, demands=6, suppliers=4)
        turned = Problem.of(
            problem.currency,
            reversed(problem.demands),
            reversed(problem.supplies),
            dict(reversed(problem.terms.items())),
            problem.worth,
            problem.rules,
        )
        assert turned == problem
        assert thaw(freeze(problem), problem.rules) == problem
        first, second = solve(problem), solve(turned)
        assert (first.choice, first.bound, first.unmet) == (
            second.choice,
            second.bound,
            second.unmet,
        )


def test_without_the_solver_a_simpler_rule_plans_and_says_so(monkeypatch):
    dearer = 0
    for seed in range(400, 460):
        problem = a_purchase(seed, demands=5, suppliers=4)
        best = solve(problem)
        with monkeypatch.context() as patch:
            patch.setattr(highs, "highspy", None)
            other = solve(problem)
        assert "simpler rule" in other.note
        assert other.gap_e6 is None
        left = {problem.demands.index(one.demand) for one in other.unmet}
        broken_rules = list(broken(other.pricing, other.choice, left))
        assert broken_rules in ([], ["The plan is above the budget."])
        if len(other.unmet) == len(best.unmet) and not broken_rules:
            assert other.priced.weighed >= best.priced.weighed
            dearer += other.priced.weighed > best.priced.weighed
    assert dearer < 30


def test_a_plan_nobody_waits_for_any_more_stops_the_solver():
    asked = []

    def stop() -> bool:
        asked.append(len(asked))
        return len(asked) > 20  # well within its work

    with pytest.raises(highs.StoppedError):
        solve(a_problem(400, 8), seconds=300, stop=stop)
    assert 20 < len(asked) < 60  # not asked on and on: it stopped
    whole = solve(a_purchase(3), stop=lambda: False)
    assert whole.choice == solve(a_purchase(3)).choice


def test_when_time_runs_out_the_answer_still_keeps_every_rule():
    problem = a_problem(120, 6)
    answer = solve(problem, seconds=0.01)
    assert "time" in answer.note
    left = {problem.demands.index(one.demand) for one in answer.unmet}
    assert list(broken(answer.pricing, answer.choice, left)) == []
    assert 0 < answer.gap_e6 <= 1_000_000

"""Purchase plans by size: how long, how close to the bound, and what is saved against the usual rules."""

import time
from decimal import Decimal

from bench.plans import a_problem
from procurement.planning.operations.plans.solving import solve
from procurement.planning.queries.purchase_plans import usual_costs

SIZES = ((10, 3), (60, 4), (100, 5), (250, 6), (500, 8))
ROW = "{:<28} {:>8} {:>9} {:>12} {:>15} {:>15}"
_SECONDS = 60.0


def plan_all() -> None:
    print()
    print(ROW.format("purchase plan", "time", "gap", "cost", "first supplier", "cheapest line"))
    for products, suppliers in SIZES:
        problem = a_problem(products, suppliers)
        begin = time.perf_counter()
        answer = solve(problem, seconds=_SECONDS)
        took = time.perf_counter() - begin
        cost = answer.pricing.money(answer.priced.cost)
        dearer = [
            f"+{Decimal(100 * (rule.minor - cost.minor)) / cost.minor:.1f} %"
            for rule in usual_costs(answer.pricing, answer.unmet)
        ]
        gap = "unknown" if answer.gap_e6 is None else f"{Decimal(answer.gap_e6) / 10_000:.3f} %"
        name = f"{products} products, {suppliers} suppliers"
        print(ROW.format(name, f"{took:.1f} s", gap, cost.amount, *dearer))

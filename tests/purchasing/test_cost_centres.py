"""Cost centres: an order names one; a budget and an approval rule of it look only at its orders."""

from dataclasses import replace

import pytest

from procurement.kernel.errors import Invalid
from procurement.kernel.money import Money
from procurement.kernel.permissions import Role
from procurement.purchasing.operations.approval_rules import NewApprovalRule, add_approval_rule
from procurement.purchasing.operations.budgeting import SaveBudget, create_budget
from procurement.purchasing.operations.cost_centres import (
    SaveCostCentre,
    change_cost_centre,
    create_cost_centre,
)
from procurement.purchasing.operations.deciding import approve_order
from procurement.purchasing.operations.ordering import ChangeOrder, change_order
from procurement.purchasing.queries.approvals import approval_state
from procurement.purchasing.queries.budgets import budget_row
from procurement.purchasing.queries.orders import order_page
from procurement.purchasing.terms import BudgetPeriod
from tests.doors import an_account
from tests.purchasing.builders import ANA, CASES, MONDAY, a_draft, a_spa_that_orders


@pytest.fixture
def spa(session):
    """The shop pays for its own, at every site; the laundry is Kinsale's."""
    a_spa_that_orders(session)
    for code, site in (("SHOP", None), ("LAUNDRY", "KIN")):
        command = SaveCostCentre(code=code, name=code.title(), site=site)
        create_cost_centre(session, command, actor=ANA, at=MONDAY)
    session.flush()
    return session


def test_a_budget_of_it_counts_its_orders_alone(spa):
    owner = an_account(spa, Role.SPA_MANAGER).id
    for code, centre in (("ALL", None), ("SHOP", "SHOP")):
        budget = SaveBudget(
            code=code,
            name=code,
            owner=owner,
            period=BudgetPeriod.YEAR,
            amount=Money(100_000, "EUR"),
            cost_centre=centre,
        )
        create_budget(spa, budget, actor=ANA, at=MONDAY)
    for centre in (None, "LAUNDRY", "SHOP"):
        line = replace(CASES, packs=1)
        approve_order(spa, a_draft(spa, line, cost_centre=centre).number, actor=ANA, at=MONDAY)
    spa.flush()
    spent = [budget_row(spa, code, at=MONDAY).committed.amount for code in ("ALL", "SHOP")]
    assert spent == ["252.00", "84.00"]


def test_its_rules_replace_the_others(spa):
    for above, approvals, centre in ((0, 1, None), (0, 2, "SHOP")):
        command = NewApprovalRule(
            above=Money(above, "EUR"), approvals=approvals, cost_centre=centre
        )
        add_approval_rule(spa, command, actor=ANA, at=MONDAY)
    spa.flush()

    def needed(centre):
        number = a_draft(spa, cost_centre=centre).number
        return approval_state(spa, number, actor=ANA, at=MONDAY).needed

    assert [needed(None), needed("LAUNDRY"), needed("SHOP")] == [1, 1, 2]


def test_one_that_is_gone_or_elsewhere_is_refused_at_its_field(spa):
    number = a_draft(spa, cost_centre="SHOP").number
    assert order_page(spa, number).cost_centre_name == "Shop"
    gone = SaveCostCentre(code="SHOP", name="Shop", active=False)
    change_cost_centre(spa, gone, actor=ANA, at=MONDAY)
    spa.flush()
    for code in ("SHOP", "NONE"):
        with pytest.raises(Invalid) as refused:
            a_draft(spa, cost_centre=code)
        assert [error.field for error in refused.value.errors] == ["cost_centre"]
    change = ChangeOrder(number=number, lines=(CASES,), deliver_to="STORE")
    change_order(spa, change, actor=ANA, at=MONDAY)
    spa.flush()
    assert order_page(spa, number).cost_centre is None

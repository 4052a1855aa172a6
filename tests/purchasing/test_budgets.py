"""Budgets: periods, what counts, who has to agree beyond them, two orders at once."""

from datetime import date

import pytest

from procurement.kernel.actor import Actor
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.kernel.money import Money
from procurement.kernel.permissions import Role, permissions_of
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.purchasing.operations.amended_lines import AmendedLine
from procurement.purchasing.operations.amending import AmendOrder, amend_order, approve_change
from procurement.purchasing.operations.budgeting import SaveBudget, change_budget, create_budget
from procurement.purchasing.operations.deciding import approve_order, close_short
from procurement.purchasing.queries.approvals import approval_state
from procurement.purchasing.queries.budgets import budget_row, budgets
from procurement.purchasing.rules.budgets import Scope, asked_of, goes_beyond, period_of
from procurement.purchasing.terms import BudgetPeriod, OrderStatus, RevisionStatus
from tests.builders import an_actor
from tests.doors import an_account
from tests.purchasing.builders import (
    ANA,
    MONDAY,
    a_draft,
    a_placed_order,
    a_spa_that_orders,
    delivered,
    received,
)
from tests.queries import counted
from tests.threads import at_once

ROOT = an_actor(Role.ADMINISTRATOR)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.mark.parametrize(
    ("kind", "day", "first", "last"),
    [
        (BudgetPeriod.MONTH, date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
        (BudgetPeriod.MONTH, date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
        (BudgetPeriod.QUARTER, date(2026, 11, 23), date(2026, 10, 1), date(2026, 12, 31)),
        (BudgetPeriod.QUARTER, date(2026, 1, 1), date(2026, 1, 1), date(2026, 3, 31)),
        (BudgetPeriod.YEAR, date(2026, 6, 30), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_periods_are_those_of_the_calendar(kind, day, first, last):
    assert period_of(kind, day) == (first, last)


@pytest.mark.parametrize(
    ("scope", "site", "asked"),
    [
        (Scope(None, None), "KIN", 7),
        (Scope("KIN", None), "KIN", 7),
        (Scope("KIN", None), None, 0),
        (Scope(None, "OILS"), "NAF", 5),
        (Scope("NAF", "OILS"), "KIN", 0),
        (Scope(None, None, "SHOP"), "KIN", 0),
    ],
)
def test_a_budget_is_asked_for_what_it_covers(scope, site, asked):
    assert asked_of(scope, site, {"OILS": 5, None: 2}) == asked


@pytest.mark.parametrize(
    ("left", "asked", "beyond"), [(5, 5, False), (5, 6, True), (-5, 0, False), (-5, -2, False)]
)
def test_what_goes_beyond(left, asked, beyond):
    assert goes_beyond(eur(left), eur(asked)) is beyond


@pytest.fixture
def people(session) -> dict[str, Actor]:
    a_spa_that_orders(session)
    roles = {"Dara": Role.PURCHASER, "Maeve": Role.SPA_MANAGER, "Olga": Role.STOCK_KEEPER}
    return {
        name: Actor(an_account(session, role).id, name, permissions_of(frozenset({role})))
        for name, role in roles.items()
    }


def a_budget(session, owner: Actor, amount: int, **more):
    values = {"code": "B", "name": "Oils", "period": BudgetPeriod.QUARTER, **more}
    command = SaveBudget(owner=owner.id, amount=eur(amount), **values)
    budget = create_budget(session, command, actor=ROOT, at=MONDAY)
    session.flush()
    return budget


def stands(session) -> tuple[str, str, str]:
    row = budget_row(session, "B", at=MONDAY)
    return row.committed.amount, row.spent.amount, row.left.amount


def test_it_counts_orders_from_their_approval_and_goods_as_they_come(session, people):
    a_budget(session, people["Olga"], 200_000)
    order = a_draft(session)  # ten cases, 795.00
    assert stands(session) == ("0.00", "0.00", "2000.00")
    approve_order(session, order.number, actor=ANA, at=MONDAY)
    session.flush()
    assert stands(session) == ("795.00", "0.00", "1205.00")
    number = a_placed_order(session).number
    received(session, number, delivered(4))
    assert stands(session) == ("1272.00", "318.00", "410.00")
    close_short(session, number, actor=ANA, at=MONDAY)
    session.flush()
    assert stands(session) == ("795.00", "318.00", "887.00")


def test_beyond_it_its_owner_has_to_agree_and_counts_for_no_other_rule(session, people):
    a_budget(session, people["Olga"], 100_000, site="KIN")
    a_placed_order(session)
    order = a_draft(session)
    number = order.number
    state = approval_state(session, number, actor=people["Maeve"], at=MONDAY)
    (overrun,) = state.overruns
    assert (overrun.left, overrun.over, state.owners_missing) == (
        eur(20_500),
        eur(59_000),
        ("Stock keeper",),
    )
    with pytest.raises(Forbidden):
        approve_order(session, number, actor=people["Dara"], at=MONDAY)
    approve_order(session, number, actor=people["Olga"], at=MONDAY)
    assert order.status is OrderStatus.DRAFT
    approve_order(session, number, actor=people["Maeve"], at=MONDAY)
    assert (order.status, order.approved_by) == (OrderStatus.APPROVED, "Olga and Maeve")


def test_a_change_is_asked_for_what_it_adds(session, people):
    order = a_placed_order(session)
    a_budget(session, people["Olga"], 100_000)  # 205.00 left

    def packs(number: int):
        line = AmendedLine(position=1, packs=number)
        command = AmendOrder(number=order.number, lines=(line,))
        return amend_order(session, command, actor=people["Maeve"], at=MONDAY)

    assert packs(12).status is RevisionStatus.SENT
    session.flush()
    revision = packs(13)
    assert revision.status is RevisionStatus.PROPOSED
    approve_change(session, order.number, actor=people["Olga"], at=MONDAY)
    assert revision.status is RevisionStatus.PROPOSED
    approve_change(session, order.number, actor=people["Maeve"], at=MONDAY)
    assert revision.status is RevisionStatus.SENT


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"code": "B"}, Conflict),
        ({"amount": eur(0)}, Invalid),
        ({"amount": Money(5, "USD")}, Invalid),
        ({"owner": 10**6}, Invalid),
        ({"site": "NOWHERE"}, NotFound),
        ({"family": "NONE"}, Invalid),
    ],
)
def test_what_cannot_be_is_refused(session, people, change, refusal):
    a_budget(session, people["Olga"], 100)
    values = {"code": "C", "name": "C", "owner": people["Olga"].id, "amount": eur(5)}
    command = SaveBudget(**values | {"period": BudgetPeriod.MONTH} | change)
    with pytest.raises(refusal):
        create_budget(session, command, actor=ROOT, at=MONDAY)
    with pytest.raises(Forbidden):
        change_budget(session, command, actor=people["Maeve"], at=MONDAY)


def test_many_budgets_ask_no_more_than_one(session, people):
    def asked() -> int:
        with counted(session.get_bind()) as statements:
            budgets(session, at=MONDAY)
        return len(statements)

    a_budget(session, people["Olga"], 10**9)
    one = asked()
    for number in range(6):
        a_budget(session, people["Olga"], 10**9, code=f"B{number}")
        a_placed_order(session)
    assert asked() == one


def test_of_two_orders_at_once_one_is_beyond_the_budget(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_spa_that_orders(session)
        owner = Actor(an_account(session, Role.STOCK_KEEPER).id, "Olga", ANA.permissions)
        a_budget(session, owner, 100_000)
        numbers = [a_draft(session).number for _ in range(2)]

    def approve(clerk: int):
        with work.write() as session:
            return approve_order(session, numbers[clerk], actor=ANA, at=MONDAY).status

    assert sorted(map(str, at_once(2, approve))) == ["approved", "draft"]
    engine.dispose()

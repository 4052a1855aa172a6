"""Blanket orders in force give needs and plans their price, as far as they reach."""

from datetime import date

import pytest

from procurement.kernel.errors import Invalid
from procurement.planning.operations.plans.drafting import draft_plan
from procurement.planning.operations.plans.making import Decide, MakePlan, decide, make_plan
from procurement.planning.queries.purchase_plans import plan_page
from procurement.planning.rules.purchase.status import DecisionKind
from procurement.purchasing.operations.blankets import AgreeBlanket, agree_blanket
from procurement.purchasing.operations.lines import NewOrderLine
from procurement.purchasing.operations.ordering import DraftOrder, draft_order
from procurement.purchasing.queries.call_offs import agreed_prices
from procurement.purchasing.queries.orders import order_page
from tests.planning.builders import ANA, a_planned_spa, a_rule, drafted, needed
from tests.stock.builders import MORNING

UNTIL = date(2027, 3, 31)


def agreed(session, packs: int, price: str = "7.90", **more):
    line = NewOrderLine(product="ALM-500", pack="bottle", packs=packs, unit_price=price)
    values = {"valid_from": date(2026, 1, 1), "valid_until": UNTIL, **more}
    command = AgreeBlanket(supplier="CORRIB", name="", lines=(line,), **values)
    blanket = agree_blanket(session, command, actor=ANA, at=MORNING)
    session.flush()
    return blanket.number


@pytest.fixture
def spa(session):
    """Fifteen bottles of almond oil are short; CORRIB sells one at 8.60."""
    a_planned_spa(session)
    a_rule(session, "STORE", 7500, 1000)
    return session


def lines_of(session, number: str):
    return [(one.packs, one.price.amount, one.blanket) for one in order_page(session, number).lines]


def test_a_need_that_it_covers_is_drafted_on_it(spa):
    number = agreed(spa, 20)
    (need,) = needed(spa).open
    assert (need.blanket, need.price.amount, need.packs) == (number, "7.90", 15)
    assert any(number in sentence and "20 packs are left" in sentence for sentence in need.why)
    (order,) = drafted(spa).purchase_orders
    assert lines_of(spa, order) == [(15, "7.90", number)]
    assert [one.left for one in agreed_prices(spa, MORNING.date())] == [5]


@pytest.mark.parametrize(
    ("packs", "price", "more"),
    [
        (14, "7.90", {}),  # not enough is left
        (20, "8.70", {}),  # dearer than without it
        (20, "7.90", {"valid_until": date(2026, 2, 1)}),  # over
    ],
)
def test_else_the_supplier_s_own_price_holds(spa, packs, price, more):
    agreed(spa, packs, price, **more)
    (need,) = needed(spa).open
    assert (need.blanket, need.price.amount) == ("", "8.60")


def test_a_plan_calls_off_what_is_left_and_buys_the_rest_beside_it(spa):
    number = agreed(spa, 10)
    plan = make_plan(spa, MakePlan(), actor=ANA, at=MORNING)
    spa.flush()
    (order,) = plan_page(spa, plan.number).orders
    bought = {view.line.supply.blanket: view.line.packs for view in order.lines}
    assert bought == {number: 10, "": 5}
    why = {view.line.supply.blanket: " ".join(view.why) for view in order.lines}
    assert f"7.90 is the price of blanket order {number}; 10 bottles" in why[number]
    (made,) = draft_plan(spa, plan.number, actor=ANA, at=MORNING).purchase_orders
    spa.flush()
    assert sorted(lines_of(spa, made)) == [(5, "8.60", None), (10, "7.90", number)]
    assert agreed_prices(spa, MORNING.date()) == []


def test_pinned_packs_come_at_one_price(spa):
    number = agreed(spa, 16)
    plan = make_plan(spa, MakePlan(), actor=ANA, at=MORNING)
    spa.flush()

    def pinned(packs: int) -> list[tuple[int, str]]:
        command = Decide(
            number=plan.number,
            kind=DecisionKind.PIN,
            deliver_to="STORE",
            product="ALM-500",
            supplier="CORRIB",
            pack="bottle",
            packs=packs,
        )
        decide(spa, command, actor=ANA, at=MORNING)
        spa.flush()
        (order,) = plan_page(spa, plan.number).orders
        return [(view.line.packs, view.line.supply.blanket) for view in order.lines]

    assert pinned(16) == [(16, number)]
    assert pinned(18) == [(18, "")]


def test_an_order_line_may_name_it_but_not_take_more_than_is_left(spa):
    number = agreed(spa, 10)

    def ordered(packs: int, blanket: str = number):
        line = NewOrderLine(product="ALM-500", pack="bottle", packs=packs, blanket=blanket)
        made = draft_order(spa, DraftOrder(supplier="CORRIB", lines=(line,)), actor=ANA, at=MORNING)
        spa.flush()
        return lines_of(spa, made.number)

    assert ordered(10) == [(10, "7.90", number)]
    for packs, blanket, field in ((11, number, "packs"), (1, "BO-NONE", "blanket_order")):
        with pytest.raises(Invalid) as refused:
            ordered(packs, blanket)
        assert [error.field for error in refused.value.errors] == [f"lines.0.{field}"]

"""A purchase plan told as a story: made, decided about, made again, drafted once."""

from datetime import timedelta
from threading import Event, Thread
from time import sleep

import pytest

from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Forbidden, Invalid
from procurement.kernel.money import Money
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.planning.operations.drafting import DraftOrders, draft_orders
from procurement.planning.operations.plans import making
from procurement.planning.operations.plans.drafting import draft_plan
from procurement.planning.operations.plans.highs import StoppedError
from procurement.planning.operations.plans.making import (
    Decide,
    MakePlan,
    PlanLimits,
    cancel_plan,
    claim_plan,
    decide,
    keep_answer,
    make_plan,
    replan,
    undo_decision,
)
from procurement.planning.operations.plans.solving import solve
from procurement.planning.queries.needs import needs
from procurement.planning.queries.purchase_plans import (
    PlanProgress,
    plan_page,
    plan_progress,
    purchase_plans,
    ready_plans,
)
from procurement.planning.rules.purchase.status import DecisionKind, PlanStatus
from procurement.purchasing.operations.deciding import cancel_order
from procurement.purchasing.queries.orders import order_page
from procurement.sourcing.terms import BreakScheme
from procurement.worker import planning
from tests.builders import a_product, a_supplier, a_supplier_item, an_actor
from tests.planning.builders import ANA, a_planned_spa, a_rule
from tests.queries import counted
from tests.stock.builders import MORNING
from tests.threads import at_once


def a_spa_to_buy_for(session):
    """7.5 l of almond oil and 1 l of arnica are short; CORRIB asks freight, ALDER is dearer and free of it."""
    a_planned_spa(session)
    a_product(session, "ARN-1", name="Arnica Lotion", packs={"bottle": "1000"})
    a_rule(session, "STORE", 7500, 1000)
    a_rule(session, "STORE", 1000, 500, product="ARN-1")
    a_supplier(
        session,
        freight_charge=Money(1840, "EUR"),
        free_freight_from=Money(15_700, "EUR"),
    )
    a_supplier_item(session, prices={1: "8.60"})
    a_supplier_item(session, "ARN-1", prices={1: "12.00"})
    a_supplier(session, "ALDER")
    a_supplier_item(session, supplier="ALDER", prices={1: "10.40", 12: "9.90"})
    a_supplier_item(session, "ARN-1", supplier="ALDER", prices={1: "14.00"})


@pytest.fixture
def spa(session):
    a_spa_to_buy_for(session)
    return session


def made(session, **wanted):
    plan = make_plan(session, MakePlan(limits=PlanLimits(**wanted)), actor=ANA, at=MORNING)
    session.flush()
    return plan_page(session, plan.number)


def told(page):
    return [
        (one.order.supplier, line.line.demand.product, line.line.packs)
        for one in page.orders
        for line in one.lines
    ]


def decided(session, page, kind, **about):
    decide(session, Decide(number=page.number, kind=kind, **about), actor=ANA, at=MORNING)
    session.flush()
    return plan_page(session, page.number)


def test_two_more_bottles_save_the_freight_and_the_plan_says_so(spa):
    page = made(spa)
    assert (page.status, page.gap_e6, page.note) == (PlanStatus.READY, 0, "")
    # 15 x 8.60 + 12.00 = 141.00 and freight would be 159.40; two bottles more are 158.20 without it.
    assert told(page) == [("CORRIB", "ALM-500", 17), ("CORRIB", "ARN-1", 1)]
    assert (str(page.cost), str(page.usual)) == ("158.20 EUR", "162.50 EUR")
    (order,) = page.orders
    assert order.freight.title == "Free delivery"
    assert order.freight.note == (
        "2 more bottles of Sweet Almond Oil for 17.20 EUR save 18.40 EUR of freight."
    )
    assert order.lines[0].why == (
        "15 bottles would do; 2 more bottles save 1.20 EUR: the delivery is free then.",
        "Corrib Botanicals instead of Alder Botanicals: 17 bottles for 146.20 EUR rather than "
        "15 bottles for 148.50 EUR; 20.70 EUR less in all.",
    )


def test_the_orders_cost_what_the_plan_said_freight_and_all(spa):
    page = made(spa)
    almond = {"deliver_to": "STORE", "product": "ALM-500"}
    page = decided(spa, page, DecisionKind.PIN, **almond, supplier="CORRIB", pack="bottle", packs=9)
    drafted = draft_plan(spa, page.number, actor=ANA, at=MORNING).purchase_orders
    spa.flush()
    orders = [order_page(spa, number) for number in drafted]
    assert [order.freight for order in orders] == [one.order.freight for one in page.orders]
    assert [order.totals.net for order in orders] == [one.order.total for one in page.orders]
    assert page.freight.amount == "18.40"


def test_what_a_person_decides_holds_and_can_be_undone(spa):
    page = made(spa)
    almond = {"deliver_to": "STORE", "product": "ALM-500"}
    pinned = decided(
        spa, page, DecisionKind.PIN, **almond, supplier="ALDER", pack="bottle", packs=14
    )
    assert told(pinned) == [("ALDER", "ALM-500", 14), ("ALDER", "ARN-1", 1)]
    again = decided(spa, page, DecisionKind.PIN, **almond, supplier="ALDER", pack="bottle")
    assert told(again)[0] == ("ALDER", "ALM-500", 15)
    (pin,) = again.decisions
    undo_decision(spa, page.number, pin.key, actor=ANA, at=MORNING)
    forbidden = decided(spa, page, DecisionKind.FORBID, supplier="CORRIB")
    assert {supplier for supplier, _, _ in told(forbidden)} == {"ALDER"}
    left_out = decided(spa, page, DecisionKind.LEAVE_OUT, **almond)
    assert told(left_out) == [("ALDER", "ARN-1", 1)]
    assert [demand.product for demand in left_out.left_out] == ["ALM-500"]
    both = decided(spa, page, DecisionKind.FORBID, supplier="ALDER", product="ARN-1")
    assert told(both) == []
    assert [one.reason for one in both.unmet] == [
        "Everybody who sells it is forbidden in this plan."
    ]


@pytest.mark.parametrize(
    ("kind", "about", "field"),
    [
        (DecisionKind.PIN, {"product": "NONE", "supplier": "CORRIB", "pack": "bottle"}, "product"),
        (DecisionKind.PIN, {"supplier": "NOBODY", "pack": "bottle"}, "supplier"),
        (DecisionKind.PIN, {"supplier": "CORRIB", "pack": "case"}, "supplier"),
        (DecisionKind.PIN, {"supplier": "CORRIB"}, "supplier"),
        (DecisionKind.FORBID, {"supplier": "NOBODY"}, "supplier"),
        (DecisionKind.LEAVE_OUT, {"product": "NONE"}, "product"),
    ],
)
def test_a_decision_about_nothing_in_the_plan_is_refused(spa, kind, about, field):
    page = made(spa)
    told_about = {"deliver_to": "STORE", "product": "ALM-500", **about}
    if kind is DecisionKind.FORBID:
        told_about = about
    with pytest.raises(Invalid) as refusal:
        decided(spa, page, kind, **told_about)
    assert [error.field for error in refusal.value.errors] == [field]


def test_a_budget_leaves_out_what_it_does_not_reach(spa):
    page = made(spa, budget=Money(10_000, "EUR"))
    assert told(page) == [("ALDER", "ARN-1", 1)]
    assert [one.demand.product for one in page.unmet] == ["ALM-500"]
    with pytest.raises(Invalid):
        made(spa, budget=Money(10_000, "USD"))


def test_five_times_in_a_row_nothing_is_proposed_twice(spa):
    page = made(spa)
    other = made(spa)
    drafted = draft_plan(spa, page.number, actor=ANA, at=MORNING)
    (number,) = drafted.purchase_orders
    order = order_page(spa, number)
    assert order.totals.net == page.cost
    assert [(line.product, line.packs) for line in order.lines] == [("ALM-500", 17), ("ARN-1", 1)]
    assert plan_page(spa, page.number).drafted_orders == (number,)
    assert plan_page(spa, other.number).status is PlanStatus.STALE
    for attempt in (page.number, other.number):
        with pytest.raises(Conflict):
            draft_plan(spa, attempt, actor=ANA, at=MORNING)
    for _ in range(5):
        with pytest.raises(Conflict):
            replan(spa, other.number, actor=ANA, at=MORNING)
        assert draft_orders(spa, DraftOrders(), actor=ANA, at=MORNING).purchase_orders == ()
    # A week later nothing has come yet, and still nothing is proposed a second time.
    with pytest.raises(Conflict):
        make_plan(spa, MakePlan(), actor=ANA, at=MORNING + timedelta(days=7))
    cancel_order(spa, number, actor=ANA, at=MORNING)
    spa.flush()
    replan(spa, other.number, actor=ANA, at=MORNING)
    assert told(plan_page(spa, other.number)) == told(page)


def test_a_plan_is_not_drafted_when_prices_or_needs_have_changed(spa):
    page = made(spa)
    a_supplier_item(spa, prices={1: "8.90"})
    spa.flush()
    with pytest.raises(Conflict) as refusal:
        draft_plan(spa, page.number, actor=ANA, at=MORNING)
    assert "plan again" in refusal.value.message
    replan(spa, page.number, actor=ANA, at=MORNING)
    assert draft_plan(spa, page.number, actor=ANA, at=MORNING).purchase_orders


def test_incremental_breaks_are_drafted_to_the_cent_of_the_plan(spa):
    for supplier in ("CORRIB", "ALDER"):
        prices = {1: "8.6035", 10: "8.1015"}
        a_supplier_item(spa, supplier=supplier, prices=prices, scheme=BreakScheme.INCREMENTAL)
    page = made(spa)
    (number,) = draft_plan(spa, page.number, actor=ANA, at=MORNING).purchase_orders
    order = order_page(spa, number)
    assert order.totals.net + page.orders[0].order.freight == page.cost
    assert [line.price.amount for line in order.lines][:2] == ["8.6035", "8.1015"]


def test_a_large_plan_is_left_to_the_worker(spa, monkeypatch):
    monkeypatch.setattr(making, "_AT_ONCE", 1)
    page = made(spa)
    assert (page.status, page.cost) == (PlanStatus.COMPUTING, None)
    with pytest.raises(Conflict):
        draft_plan(spa, page.number, actor=ANA, at=MORNING)
    number, problem = claim_plan(spa, at=MORNING)
    assert (number, claim_plan(spa, at=MORNING)) == (page.number, None)
    keep_answer(spa, number, solve(problem), at=MORNING)
    assert told(plan_page(spa, number))[0] == ("CORRIB", "ALM-500", 17)
    # An answer to what was asked before a decision is not kept.
    decided(spa, page, DecisionKind.FORBID, supplier="CORRIB")
    keep_answer(spa, number, solve(problem), at=MORNING)
    assert plan_page(spa, number).status is PlanStatus.COMPUTING


def test_a_plan_that_is_computed_can_be_cancelled_and_planned_again(spa, monkeypatch):
    monkeypatch.setattr(making, "_AT_ONCE", 1)
    page = made(spa)
    number, problem = claim_plan(spa, at=MORNING)
    assert plan_progress(spa, number).claimed_at == MORNING
    cancel_plan(spa, number, actor=ANA, at=MORNING)
    keep_answer(spa, number, solve(problem), at=MORNING)  # too late
    spa.flush()
    page = plan_page(spa, number)
    assert (page.status, page.cost, page.orders) == (PlanStatus.STALE, None, ())
    assert "Ana cancelled it" in page.note
    with pytest.raises(Conflict, match="cancelled"):
        draft_plan(spa, number, actor=ANA, at=MORNING)
    with pytest.raises(Conflict, match="not being computed"):
        cancel_plan(spa, number, actor=ANA, at=MORNING)
    assert not plan_progress(spa, number).is_computing
    replan(spa, number, actor=ANA, at=MORNING)
    spa.flush()
    assert plan_progress(spa, number) == PlanProgress(number, True, 2, None)


def test_the_worker_stops_computing_what_is_cancelled_meanwhile(fresh_database, monkeypatch):
    """The solver is one that ends only when it is told to."""
    monkeypatch.setattr(making, "_AT_ONCE", 1)
    begun = Event()

    def endless(_problem, *, seconds, stop):
        begun.set()
        while not stop():
            sleep(0.01)
        raise StoppedError

    monkeypatch.setattr(planning, "solve", endless)
    monkeypatch.setattr(planning.Watch.__init__, "__kwdefaults__", {"every": 0.02})
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_spa_to_buy_for(session)
        number = make_plan(session, MakePlan(limits=PlanLimits()), actor=ANA, at=MORNING).number
    worker = Thread(target=planning.Planner(work, 60).plan_once, daemon=True)
    worker.start()
    assert begun.wait(20)
    with work.write() as session:
        cancel_plan(session, number, actor=ANA, at=MORNING)
    worker.join(20)
    assert not worker.is_alive()
    with work.read() as session:
        assert plan_page(session, number).status is PlanStatus.STALE
    engine.dispose()


def test_plans_are_listed_and_shown_in_as_many_statements_for_ten_as_for_one(spa):
    pages = [made(spa) for _ in range(3)]
    with counted(spa.connection()) as seen:
        listed = purchase_plans(spa, PageRequest(limit=2))
        rest = purchase_plans(spa, PageRequest.parse(2, listed.next))
    assert [row.number for row in (*listed.items, *rest.items)] == [
        page.number for page in reversed(pages)
    ]
    assert len(seen) == 2
    assert [row.number for row in ready_plans(spa, limit=1)] == [pages[-1].number]
    with counted(spa.connection()) as seen:
        plan_page(spa, pages[0].number)
    assert len(seen) == 3


def test_nobody_plans_who_may_not_order(spa):
    therapist = an_actor(Role.THERAPIST)
    with pytest.raises(Forbidden):
        make_plan(spa, MakePlan(), actor=therapist, at=MORNING)


def test_four_at_once_draft_one_plan(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_spa_to_buy_for(session)
        numbers = [made(session).number for _ in range(4)]

    def run(index):
        with work.write() as session:
            try:
                return draft_plan(session, numbers[index], actor=ANA, at=MORNING).purchase_orders
            except Conflict:
                return ()

    assert sorted(len(one) for one in at_once(4, run)) == [0, 0, 0, 1]
    with work.read() as session:
        assert needs(session, at=MORNING).open == ()
    engine.dispose()

"""Use measured from the ledger, levels that follow it, needs put aside, and sites that buy for others."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from procurement.catalogue.models import Product
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Forbidden, Invalid, NotFound
from procurement.kernel.permissions import Role
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.planning.models import MeasuredUse
from procurement.planning.operations.drafting import DraftOrders, draft_orders
from procurement.planning.operations.following import (
    AddFactor,
    ChangeMeasuring,
    FixLevels,
    FollowUse,
    add_factor,
    change_measuring,
    drop_factor,
    fix_levels,
    follow_use,
)
from procurement.planning.operations.measuring import measure_use
from procurement.planning.operations.plans.drafting import draft_plan
from procurement.planning.operations.plans.making import MakePlan, make_plan
from procurement.planning.operations.snoozing import SnoozeNeed, snooze_need, wake_need
from procurement.planning.queries.lead_times import product_lead_times
from procurement.planning.queries.needs import needs
from procurement.planning.queries.purchase_plans import plan_page
from procurement.planning.queries.use import weekly_use
from procurement.planning.terms import FactorKind, Method
from procurement.purchasing.models import PurchaseOrder
from procurement.purchasing.operations.deciding import approve_order, place_order
from procurement.purchasing.queries.orders import order_page
from procurement.stock.models import Location, StockingRule
from procurement.stock.operations.places import set_buying_site
from procurement.stock.operations.posting import reverse_posting
from procurement.stock.operations.stocking import drop_stocking_rule
from procurement.stock.operations.transfers import complete_transfer
from tests.builders import a_location, a_room, a_supplier_item, an_actor
from tests.planning.builders import ANA, a_planned_spa, a_rule, drafted, needed, told
from tests.queries import counted
from tests.stock.builders import MORNING, ml, moved, opened, used
from tests.threads import at_once

TODAY = MORNING.date()


def ago(days: int):
    return MORNING - timedelta(days=days)


@pytest.fixture
def spa(session):
    a_planned_spa(session)
    return session


def measured(session) -> dict[str, tuple[Method, int, str, str]]:
    """By place: how, over how many weeks, how much a week, and how much of it is used up there; in ml."""
    session.flush()
    measure_use(session, actor=ANA, at=MORNING)
    rows = session.execute(
        select(Location.code, MeasuredUse).join(Location, Location.id == MeasuredUse.location_id)
    )
    return {
        code: (row.method, row.weeks, ml_of(row.per_week), ml_of(row.used_per_week))
        for code, row in rows
    }


def ml_of(steps: int) -> str:
    return f"{steps / 1000:g}"


def a_steady_room(session, *, weeks: int = 8, each: int = 100, stock: int = 20_000) -> None:
    """ROOM-1 uses so much a week, the last time yesterday; STORE passes it on week by week."""
    opened(session, stock, at=ago(7 * weeks))
    for week in range(weeks, 0, -1):
        moved(session, each, "STORE", "ROOM-1", at=ago(7 * week - 1))
        used(session, each, "ROOM-1", at=ago(7 * week - 2))
    session.flush()


def test_use_is_what_left_the_place_week_by_week(spa):
    a_steady_room(spa)
    assert measured(spa) == {
        "STORE": (Method.MEAN, 7, "100", "0"),
        "ROOM-1": (Method.MEAN, 7, "100", "100"),
    }


def test_weeks_before_the_product_came_do_not_count_and_mistakes_are_taken_off(spa):
    opened(spa, 900, into="ROOM-1", at=ago(30))
    for days in (27, 20, 13):
        used(spa, 100, "ROOM-1", at=ago(days))
    wrong = used(spa, 300, "ROOM-1", at=ago(6))
    reverse_posting(spa, wrong.ref, "Typed twice", actor=ANA, at=ago(5))
    opened(spa, 900, into="ROOM-2", at=ago(3))
    used(spa, 100, "ROOM-2", at=ago(2))
    spa.flush()
    rooms = dict(spa.execute(select(Location.code, Location.id)).all())
    product = spa.scalar(select(Product.id))
    found = weekly_use(spa, TODAY, "Europe/Dublin", 26)
    assert list(found) == [(rooms["ROOM-1"], product)]  # what came this week has no whole week yet
    assert found[rooms["ROOM-1"], product].left == [100_000, 100_000, 100_000, 0]
    one = weekly_use(spa, TODAY, "Europe/Dublin", 26, place=(rooms["ROOM-1"], product))
    assert one == found


def test_levels_follow_the_use(spa):
    a_supplier_item(spa, "ALM-500", pack="case", lead_time_days=7, prices={})
    a_steady_room(spa, each=300)
    a_rule(spa, "ROOM-1", 9000, 4000)
    a_rule(spa, "STORE", 9000, 4000)
    follow_use(
        spa, [FollowUse(location="ROOM-1", product="ALM-500", cover_days=7)], actor=ANA, at=MORNING
    )
    follow_use(
        spa,
        [FollowUse(location="STORE", product="ALM-500", cover_days=28, service_permille=990)],
        actor=ANA,
        at=MORNING,
    )
    # A room is topped up every three days: 300 * 3 / 7, and a week to cover; in bottles of 500 ml.
    assert levels(spa, "ROOM-1") == ("500", "129")
    # A storeroom waits a week for its goods and up to a week for the next look, and covers four.
    assert levels(spa, "STORE") == ("2000", "600")
    for _ in range(2):  # measuring again changes nothing
        assert measure_use(spa, actor=ANA, at=MORNING).levels == 0
    add_factor(
        spa,
        AddFactor(
            kind=FactorKind.GROWTH, percent=Decimal(200), month=None, valid_from=TODAY, site="KIN"
        ),
        actor=ANA,
        at=MORNING,
    )
    assert levels(spa, "STORE")[0] == "2500"
    drop_factor(spa, 1, actor=ANA, at=MORNING)
    assert levels(spa, "STORE") == ("2000", "600")
    fix_levels(spa, FixLevels("STORE", "ALM-500", ml(5000), ml(1000)), actor=ANA)
    change_measuring(
        spa,
        ChangeMeasuring(service_permille=980, history_weeks=4, review_days=14, top_up_days=7),
        actor=ANA,
        at=MORNING,
    )
    assert levels(spa, "STORE") == ("5000", "1000")
    assert levels(spa, "ROOM-1") == ("1000", "300")
    drop_stocking_rule(spa, "ROOM-1", "ALM-500", actor=ANA)
    spa.flush()


def levels(session, place: str) -> tuple[str, str]:
    session.flush()
    session.expire_all()
    par, reorder = session.execute(
        select(StockingRule.par_level, StockingRule.reorder_point)
        .join(Location, Location.id == StockingRule.location_id)
        .where(Location.code == place)
    ).one()
    return ml_of(par), ml_of(reorder)


def test_what_cannot_be_measured_is_named(spa):
    a_rule(spa, "STORE", 2000, 500)
    operations = {FollowUse: follow_use, ChangeMeasuring: change_measuring, AddFactor: add_factor}
    cases = [
        (FollowUse(location="STORE", product="ALM-500", cover_days=0), "cover_days"),
        (
            FollowUse(location="STORE", product="ALM-500", cover_days=7, service_permille=970),
            "service_level",
        ),
        (
            ChangeMeasuring(service_permille=970, history_weeks=26, review_days=7, top_up_days=3),
            "service_level",
        ),
        (
            ChangeMeasuring(service_permille=950, history_weeks=3, review_days=7, top_up_days=3),
            "history_weeks",
        ),
        (
            AddFactor(kind=FactorKind.SEASON, percent=Decimal(120), month=None, valid_from=TODAY),
            "month",
        ),
        (AddFactor(kind=FactorKind.GROWTH, percent=Decimal(5), month=3, valid_from=TODAY), "month"),
        (
            AddFactor(
                kind=FactorKind.GROWTH, percent=Decimal("0.05"), month=None, valid_from=TODAY
            ),
            "percent",
        ),
        (
            AddFactor(kind=FactorKind.GROWTH, percent=Decimal(-95), month=None, valid_from=TODAY),
            "percent",
        ),
        (
            AddFactor(
                kind=FactorKind.GROWTH,
                percent=Decimal(5),
                month=None,
                valid_from=TODAY,
                site="MARS",
            ),
            "site",
        ),
    ]
    for command, field in cases:
        asked = [command] if isinstance(command, FollowUse) else command
        with pytest.raises(Invalid) as refusal:
            operations[type(command)](spa, asked, actor=ANA, at=MORNING)
        named = [error.field for error in refusal.value.errors] or [refusal.value.field]
        assert named == [field]


def test_lead_times_are_measured_from_orders_and_receipts(spa):
    product = spa.scalar(select(Product.id))
    assert product_lead_times(spa)[product].deliveries == 0
    a_supplier_item(spa, "ALM-500", pack="case", lead_time_days=30)
    assert product_lead_times(spa)[product].days == 30  # the longest that is promised


def test_what_expires_before_it_is_used_does_not_count(spa):
    a_steady_room(spa, stock=800)  # the storeroom passes on 100 ml a week
    opened(spa, 1000, lot="SOON", expires_on=TODAY + timedelta(days=13))
    opened(spa, 1000, lot="LATER", expires_on=TODAY + timedelta(days=700))
    a_rule(spa, "STORE", 3000, 1300)
    measure_use(spa, actor=ANA, at=MORNING)
    (need,) = needed(spa).open
    # Two weeks use 200 ml of the first lot.
    assert (need.expiring.amount, need.lasting.amount, need.short.amount) == ("800", "1200", "1800")
    assert (
        need.why[1] == "800 ml of it will be past its use-by before it is used: it does not count."
    )
    assert need.wanted_by == TODAY + timedelta(days=84)
    assert (need.per_week.amount, need.weeks) == ("100", 7)


def test_not_more_is_proposed_than_can_be_used(spa):
    spa.scalars(select(Product)).one().shelf_life_days = 62
    a_steady_room(spa, each=200, stock=1600)
    a_rule(spa, "STORE", 9000, 2000)
    measure_use(spa, actor=ANA, at=MORNING)
    (need,) = needed(spa).open
    assert (need.to_buy.amount, need.most.amount, need.packs) == ("9000", "1971", 3)
    assert need.why[-1] == "Not more than 1971 ml can be used before it expires."
    assert len(drafted(spa).purchase_orders) == 1
    (rest,) = needed(spa).open  # still below par, but another bottle would not be used up
    assert (rest.packs, rest.supplier, rest.most.amount) == (0, None, "471")
    assert drafted(spa).purchase_orders == ()


def test_a_plan_buys_not_more_than_can_be_used(spa):
    spa.scalars(select(Product)).one().shelf_life_days = 62
    a_steady_room(spa, each=200, stock=1600)
    a_rule(spa, "STORE", 9000, 2000)
    measure_use(spa, actor=ANA, at=MORNING)
    plan = make_plan(spa, MakePlan(), actor=ANA, at=MORNING)
    spa.flush()
    (order,) = plan_page(spa, plan.number).orders
    assert [(line.line.demand.quantity.amount, line.line.packs) for line in order.lines] == [
        ("1471.429", 3)  # of 1971 ml that can be used, to the last bottle that fits
    ]
    draft_plan(spa, plan.number, actor=ANA, at=MORNING)
    spa.flush()
    again = make_plan(spa, MakePlan(), actor=ANA, at=MORNING)
    spa.flush()
    page = plan_page(spa, again.number)
    assert page.orders == ()
    (left,) = page.unmet
    assert left.demand.quantity.amount == "7500"
    assert left.reason == (
        "The least one can buy is one pack (500 ml) from Corrib Botanicals; "
        "before it expires 471 ml will be used."
    )


def test_a_need_is_put_aside_and_comes_back(spa):
    opened(spa, 300, into="ROOM-1")
    a_rule(spa, "ROOM-1", 2000, 500)
    command = SnoozeNeed(
        location="ROOM-1", product="ALM-500", until=TODAY + timedelta(days=9), note="New oil in May"
    )
    with pytest.raises(Forbidden):
        snooze_need(spa, command, actor=an_actor(Role.THERAPIST), at=MORNING)
    snooze_need(spa, command, actor=ANA, at=MORNING)
    assert needed(spa).open == ()
    (need,) = needed(spa).snoozed
    assert (need.snooze.by, need.snooze.note, need.packs) == ("Ana", "New oil in May", 4)
    assert drafted(spa).purchase_orders == ()
    used(spa, 50, "ROOM-1")
    assert len(needed(spa).open) == 1  # worse
    snooze_need(spa, command, actor=ANA, at=MORNING)
    assert needed(spa).open == ()
    later = MORNING + timedelta(days=9)
    assert len(needs(spa, at=later).open) == 1
    wake_need(spa, "ROOM-1", "ALM-500", actor=ANA, at=MORNING)
    wake_need(spa, "ROOM-1", "ALM-500", actor=ANA, at=MORNING)
    assert len(needed(spa).open) == 1


def test_a_need_is_put_aside_until_a_day_to_come(spa):
    a_rule(spa, "ROOM-1", 2000, 500)
    for days in (0, -1, 400):
        until = TODAY + timedelta(days=days)
        command = SnoozeNeed(location="ROOM-1", product="ALM-500", until=until)
        with pytest.raises(Invalid) as refusal:
            snooze_need(spa, command, actor=ANA, at=MORNING)
        assert refusal.value.field == "until"


def test_a_need_that_is_not_there_is_not_put_aside(spa):
    for place in ("ROOM-1", "MARS"):
        command = SnoozeNeed(location=place, product="ALM-500", until=TODAY + timedelta(days=2))
        with pytest.raises(NotFound):
            snooze_need(spa, command, actor=ANA, at=MORNING)


def test_a_site_buys_for_another(spa):
    a_location(spa, "CORK-STORE", site="CORK")
    a_room(spa, "CORK-1", site="CORK")
    set_buying_site(spa, "CORK", "KIN", actor=ANA)
    opened(spa, 700)
    a_rule(spa, "CORK-1", 1000, 500)
    a_rule(spa, "CORK-STORE", 2000, 500)
    room, store = needed(spa, site="CORK").open
    assert told(room) == ("CORK-1", "1000", "STORE", "500", "CORRIB", 1)
    assert told(store) == ("CORK-STORE", "2000", None, "0", "CORRIB", 4)
    assert {need.deliver_to for need in (room, store)} == {"STORE"}
    first = drafted(spa)
    assert order_page(spa, first.purchase_orders[0]).deliver_to == "STORE"
    assert [len(first.purchase_orders), len(first.transfers)] == [1, 1]
    assert needed(spa).open == ()
    for number in first.transfers:
        complete_transfer(spa, number, actor=ANA, at=MORNING)
    assert drafted(spa).transfers == ()  # the rest is on order
    opened(spa, 2500, lot="IN")
    assert [told(need)[0:4] for need in needed(spa).open] == [
        ("CORK-STORE", "2000", "STORE", "2000")
    ]


def test_who_may_buy_for_whom(spa):
    a_location(spa, "CORK-STORE", site="CORK")
    a_room(spa, "DUB-1", site="DUB")
    a_room(spa, "GAL-1", site="GAL")
    set_buying_site(spa, "CORK", "KIN", actor=ANA)
    cases = [
        ("KIN", "MARS", "There is no site MARS."),
        ("KIN", "KIN", "A site buys for itself when no other is named."),
        ("KIN", "DUB", "Kinsale buys for others."),
        ("DUB", "CORK", "Site CORK does not buy for itself."),
        ("DUB", "GAL", "Site GAL has no storeroom."),
    ]
    for site, buyer, message in cases:
        with pytest.raises(Invalid) as refusal:
            set_buying_site(spa, site, buyer, actor=ANA)
        assert (refusal.value.field, refusal.value.message) == ("buying_site", message)


def test_a_postponed_receipt_causes_no_second_order(spa):
    a_steady_room(spa, stock=800)
    a_rule(spa, "STORE", 2000, 500)
    measure_use(spa, actor=ANA, at=MORNING)
    (number,) = drafted(spa).purchase_orders
    approve_order(spa, number, actor=ANA, at=MORNING)
    place_order(spa, number, actor=ANA, at=MORNING)
    order = spa.scalars(select(PurchaseOrder)).one()
    order.due_on += timedelta(days=60)
    for _ in range(5):
        assert drafted(spa).purchase_orders == ()
    assert needed(spa).open == ()


def test_measuring_takes_as_many_statements_for_many_places(spa):
    a_steady_room(spa)
    a_rule(spa, "ROOM-1", 2000, 500)
    follow_use(
        spa, [FollowUse(location="ROOM-1", product="ALM-500", cover_days=7)], actor=ANA, at=MORNING
    )
    spa.flush()
    with counted(spa.connection()) as seen:
        measure_use(spa, actor=ANA, at=MORNING)
        spa.flush()
    assert len(seen) <= 16


def test_two_measure_at_once_and_four_plan_meanwhile(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_planned_spa(session)
        a_steady_room(session)
        a_rule(session, "ROOM-1", 2000, 500)
        a_rule(session, "STORE", 60_000, 30_000)

    def run(number: int):
        with work.write() as session:
            if number < 2:
                return measure_use(session, actor=ANA, at=MORNING).measured
            return draft_orders(session, DraftOrders(), actor=ANA, at=MORNING)

    answers = at_once(6, run)
    assert answers[:2] == [2, 2]
    assert sorted(len(a.purchase_orders) for a in answers[2:]) == [0, 0, 0, 1]
    assert sorted(len(a.transfers) for a in answers[2:]) == [0, 0, 0, 1]
    with work.read() as session:
        assert session.scalar(select(func.count()).select_from(MeasuredUse)) == 2
    engine.dispose()

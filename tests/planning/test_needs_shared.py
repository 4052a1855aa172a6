"""Needs where several places share: what a site can use before it expires, goods between two places, and very many."""

from datetime import date

import pytest
from sqlalchemy import insert, select, update

from procurement.catalogue.models import Pack, Product
from procurement.kernel.quantity import Quantity
from procurement.planning.models import MeasuredUse
from procurement.planning.operations.snoozing import SnoozeNeed, snooze_need
from procurement.planning.queries.purchase_problem import purchase_problem
from procurement.planning.rules.purchase.problem import Rules
from procurement.planning.terms import Method
from procurement.stock.models import Location, StockingRule
from procurement.stock.operations.arrivals import (
    ArrivedLine,
    ArriveTransfer,
    Missing,
    arrive_transfer,
    send_transfer,
)
from procurement.stock.operations.places import set_buying_site
from procurement.stock.operations.transfers import (
    DraftTransfer,
    TransferItem,
    cancel_transfer,
    draft_transfer,
)
from procurement.stock.queries.verification import verify
from procurement.stock.terms import Difference, LocationKind
from tests.builders import NOON, a_location, a_site, an_actor
from tests.planning.builders import ANA, a_planned_spa, a_rule, drafted, needed
from tests.queries import counted
from tests.stock.builders import MORNING, ml, opened

BOTTLE = 500_000  # steps


@pytest.fixture
def spa(session):
    a_planned_spa(session)
    return session


@pytest.fixture
def two_stores(spa):
    """Oil that comes in 7 days and keeps for 21, a bottle of it used in a week: four can be used before they expire."""
    a_location(spa, "STORE-2", site="KIN")
    a_rule(spa, "STORE", 5000, 500)
    a_rule(spa, "STORE-2", 5000, 500)
    spa.execute(update(Product).values(shelf_life_days=21))
    spa.expire_all()
    use(spa, BOTTLE)
    return spa


def use(session, per_week: int) -> None:
    product = session.scalar(select(Product.id))
    room = session.scalar(select(Location.id).where(Location.code == "ROOM-1"))
    session.add(
        MeasuredUse(
            location_id=room,
            product_id=product,
            method=Method.MEAN,
            weeks=20,
            per_week=per_week,
            deviation=0,
            used_per_week=per_week,
        )
    )
    session.flush()


def bought(session) -> dict[str, int]:
    return {need.location: need.packs for need in needed(session).open if need.packs}


def caps(session) -> dict[str, int | None]:
    session.flush()
    problem = purchase_problem(session, at=MORNING, site=None, patience_days=0, rules=Rules())
    return {one.deliver_to: one.most for one in problem.demands}


def test_two_storerooms_of_a_site_share_what_it_can_use(two_stores):
    assert bought(two_stores) == {"STORE": 2, "STORE-2": 2}
    assert caps(two_stores) == {"STORE": 2 * BOTTLE, "STORE-2": 2 * BOTTLE}
    drafted(two_stores)
    assert bought(two_stores) == {}


@pytest.mark.parametrize(
    ("par", "there", "shares"),
    [
        pytest.param(1500, 0, {"STORE": 3, "STORE-2": 1}, id="in proportion, in whole bottles"),
        pytest.param(5000, 3, {"STORE-2": 1}, id="one bottle for both goes to one of them"),
        pytest.param(5000, 4, {}, id="nothing more can be used"),
    ],
)
def test_they_share_in_proportion_and_never_more_in_all(two_stores, par, there, shares):
    a_rule(two_stores, "STORE-2", par, 500)
    if there:
        opened(two_stores, there * 500, into="ROOM-2")
    assert bought(two_stores) == shares
    whole = {place: (most or 0) // BOTTLE for place, most in caps(two_stores).items()}
    assert sum(whole.values()) == sum(shares.values())


def test_a_need_that_sleeps_takes_nothing_from_the_others(two_stores):
    command = SnoozeNeed(location="STORE-2", product="ALM-500", until=date(2026, 12, 20))
    snooze_need(two_stores, command, actor=an_actor(), at=MORNING)
    assert bought(two_stores) == {"STORE": 4}


def under_way(session) -> str:
    """1,500 ml picked in the store for the room, which misses 2,000 ml."""
    opened(session, 1500)
    a_rule(session, "ROOM-1", 2000, 1800)
    command = DraftTransfer("STORE", "ROOM-1", (TransferItem("ALM-500", ml(1500)),))
    number = draft_transfer(session, command, actor=ANA, at=MORNING).number
    session.flush()
    return number


def came(session, number: str, millilitres: int, *missing: Missing) -> None:
    lines = (ArrivedLine(1, ml(millilitres), missing),)
    arrive_transfer(session, ArriveTransfer(number, lines), actor=ANA, at=MORNING)


def send(session, number: str) -> None:
    send_transfer(session, number, actor=ANA, at=MORNING)


@pytest.mark.parametrize(
    ("then", "has", "coming", "short"),
    [
        pytest.param(lambda s, n: None, 0, 1500, 500, id="picked"),
        pytest.param(send, 0, 1500, 500, id="sent"),
        pytest.param(lambda s, n: (send(s, n), came(s, n, 500)), 500, 1000, 500, id="partly here"),
        pytest.param(lambda s, n: (send(s, n), came(s, n, 1500)), 1500, 0, 500, id="all here"),
        pytest.param(
            lambda s, n: (send(s, n), came(s, n, 500, Missing(Difference.LOST, ml(400)))),
            500,
            600,
            900,
            id="some is lost, the rest under way",
        ),
        pytest.param(
            lambda s, n: (send(s, n), came(s, n, 1000, Missing(Difference.LEFT_BEHIND, ml(500)))),
            1000,
            0,
            1000,
            id="some was left behind: it is on its shelf again",
        ),
        pytest.param(
            lambda s, n: cancel_transfer(s, n, actor=ANA, at=MORNING), 0, 0, 2000, id="cancelled"
        ),
    ],
)
def test_what_is_between_two_places_is_counted_once(spa, then, has, coming, short):
    number = under_way(spa)
    then(spa, number)
    (need,) = needed(spa).open
    assert (need.available, need.on_order) == (ml(has), ml(coming))
    assert need.short == ml(short)
    first = drafted(spa)
    assert len(first.purchase_orders) <= 1
    assert drafted(spa).purchase_orders == ()
    assert needed(spa).open == ()
    assert verify(spa) == []


def test_what_a_branch_misses_is_bought_by_its_buyer_and_not_again_while_it_travels(spa):
    a_site(spa, "BRANCH")
    a_location(spa, "B-ROOM", LocationKind.TREATMENT_ROOM, site="BRANCH")
    a_location(spa, "B-VAN", LocationKind.IN_TRANSIT, site="BRANCH")
    set_buying_site(spa, "BRANCH", "KIN", actor=an_actor())
    opened(spa, 1000)
    a_rule(spa, "B-ROOM", 2000, 1200)
    (need,) = needed(spa).open
    assert (need.deliver_to, need.transfer, need.to_buy) == ("STORE", ml(1000), ml(1000))
    (transfer,) = drafted(spa).transfers
    send(spa, transfer)
    assert needed(spa, site="BRANCH").open == needed(spa, site="KIN").open == ()
    came(spa, transfer, 400)
    assert needed(spa).open == ()
    assert [need.covered for need in needed(spa).waiting] == [ml(1000)]


def test_ten_thousand_needs_take_four_statements(session):
    a_planned_spa(session, rooms=0)
    site = session.scalar(select(Location.site_id).where(Location.code == "STORE"))
    ids = range(1001, 1101)
    room = {"kind": LocationKind.TREATMENT_ROOM, "is_physical": True, "site_id": site}
    session.execute(
        insert(Location), [room | {"id": n, "code": f"R{n}", "name": f"R{n}"} for n in ids]
    )
    oil = {"kind": "oil", "unit": "ml", "created_at": NOON}
    session.execute(
        insert(Product), [oil | {"id": n, "sku": f"P{n}", "name": f"P{n}"} for n in ids]
    )
    pack = {"code": "bottle", "name": "bottle", "size_steps": BOTTLE, "is_sales_pack": True}
    session.execute(insert(Pack), [pack | {"product_id": n, "position": 0} for n in ids])
    levels = {"par_level": 2 * BOTTLE, "reorder_point": BOTTLE, "safety_stock": 0}
    rules = [levels | {"location_id": one, "product_id": other} for one in ids for other in ids]
    session.execute(insert(StockingRule), rules)
    with counted(session.connection()) as seen:
        found = needed(session).open
    assert len(found) == 10_000
    assert {need.to_buy for need in found} == {Quantity(2 * BOTTLE, found[0].unit)}
    assert len(seen) == 4

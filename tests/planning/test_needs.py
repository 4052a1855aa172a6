"""What is needed, told as stories; drafted once and not twice."""

from datetime import date

import pytest
from sqlalchemy import select

from procurement.catalogue.models import Product
from procurement.catalogue.terms import ProductStatus
from procurement.kernel.actor import Actor
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Forbidden, Invalid
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.planning.operations.drafting import DraftOrders, draft_orders
from procurement.planning.queries.needs import last_run
from procurement.purchasing.operations.deciding import approve_order, cancel_order, place_order
from procurement.purchasing.operations.receiving import ReceiveGoods, receive_goods
from procurement.purchasing.queries.orders import OrderFilter, order_page, orders
from procurement.purchasing.rules.receiving import DeliveredLine
from procurement.stock.models import Lot
from procurement.stock.operations.containers.opening import OpenContainer, open_container
from procurement.stock.operations.requests import AskForTopUp, ask_for_top_up
from procurement.stock.operations.transfers import complete_transfer
from procurement.stock.queries.verification import verify
from procurement.stock.terms import LotStatus
from tests.builders import a_location, a_product, a_supplier, a_supplier_item, an_actor
from tests.planning.builders import ANA, a_planned_spa, a_rule, drafted, needed, told
from tests.queries import counted
from tests.stock.builders import MORNING, opened
from tests.threads import at_once


@pytest.fixture
def spa(session):
    a_planned_spa(session)
    return session


def test_a_room_is_topped_up_from_the_storeroom_and_the_rest_is_bought(spa):
    opened(spa, 300, into="ROOM-1")
    opened(spa, 1200)
    a_rule(spa, "ROOM-1", 2000, 500)
    (need,) = needed(spa).open
    assert told(need) == ("ROOM-1", "1700", "STORE", "1000", "CORRIB", 2)
    assert (need.on_hand.amount, need.par_level.amount) == ("300", "2000")
    assert need.why == (
        "300 ml on hand.",
        "That leaves 300 ml, below the reorder point of 500 ml; "
        "up to the par level of 2000 ml it is short of 1700 ml.",
        "1000 ml from Store, which has 1200 ml to give.",
        "700 ml is 2 packs (bottle 500 ml), 300 ml over.",
        "Corrib Botanicals is the only supplier on file.",
    )


def test_a_room_that_asks_is_topped_up_before_its_reorder_point(spa):
    opened(spa, 1800, into="ROOM-1")
    opened(spa, 5000)
    a_rule(spa, "ROOM-1", 2000, 500)
    ask_for_top_up(spa, AskForTopUp("ROOM-1", "ALM-500"), actor=ANA, at=MORNING)
    (need,) = needed(spa).open
    assert (need.transfer.amount, need.to_buy.amount) == ("500", "0")
    assert need.why[-1] == "Whole containers are carried, so it is 300 ml over par."
    assert need.why[:3] == (
        "1800 ml on hand.",
        "Somebody in the room says it is running low.",
        "That leaves 1800 ml, above the reorder point of 500 ml; "
        "up to the par level of 2000 ml it is short of 200 ml.",
    )
    drafted(spa)
    assert needed(spa).open == ()


def test_what_is_open_counts_where_it_is_used_and_a_storeroom_does_not_give_it(spa):
    opened(spa, 1000)
    opened(spa, 500, into="ROOM-1")
    a_rule(spa, "ROOM-1", 2000, 600)
    for place in ("STORE", "ROOM-1"):
        open_container(spa, OpenContainer(place, "ALM-500"), actor=ANA, at=MORNING)
    (need,) = needed(spa).open
    assert (need.available.amount, need.transfer.amount) == ("500", "500")
    drafted(spa)


def test_a_room_at_its_reorder_point_needs_nothing(spa):
    opened(spa, 500, into="ROOM-1")
    a_rule(spa, "ROOM-1", 2000, 500)
    assert needed(spa).open == ()


def test_what_may_not_be_used_does_not_count(spa):
    opened(spa, 600, into="ROOM-1", lot="OLD", expires_on=date(2026, 11, 1))
    opened(spa, 900, lot="HELD")
    opened(spa, 700, lot="GOOD", expires_on=date(2026, 11, 23))
    spa.scalars(select(Lot).where(Lot.number == "HELD")).one().status = LotStatus.QUARANTINE
    a_rule(spa, "ROOM-1", 1000, 500)
    (need,) = needed(spa).open
    assert told(need) == ("ROOM-1", "1000", "STORE", "500", "CORRIB", 1)
    assert need.why[0] == "600 ml on hand, 600 ml of it reserved, held back or past its use-by."


def test_drafting_twice_drafts_nothing_twice(spa):
    opened(spa, 1200)
    a_rule(spa, "ROOM-1", 2000, 500)
    a_rule(spa, "STORE", 3000, 1000)
    first = drafted(spa)
    assert (len(first.purchase_orders), len(first.transfers)) == (1, 1)
    for _ in range(4):
        assert drafted(spa) == drafted(spa)
        assert drafted(spa).purchase_orders == drafted(spa).transfers == ()
    assert needed(spa).open == ()
    page = order_page(spa, first.purchase_orders[0])
    assert (page.deliver_to, page.supplier) == ("STORE", "CORRIB")
    # 800 ml for the room and 3000 ml for the storeroom it empties, in bottles of 500 ml.
    assert [(line.product, line.packs) for line in page.lines] == [("ALM-500", 8)]
    assert last_run(spa).by == "Ana"


def test_the_whole_round_from_need_to_shelf(spa):
    a_rule(spa, "ROOM-1", 2000, 500)
    (number,) = drafted(spa).purchase_orders
    assert [need.covered.amount for need in needed(spa).waiting] == ["2000"]
    approve_order(spa, number, actor=ANA, at=MORNING)
    place_order(spa, number, actor=ANA, at=MORNING)
    spa.flush()
    assert drafted(spa).purchase_orders == ()
    line = DeliveredLine(position=1, packs=4, supplier_lot="L1")
    command = ReceiveGoods(order_number=number, into="STORE", lines=(line,))
    receive_goods(spa, command, actor=ANA, at=MORNING)
    spa.flush()
    (transfer,) = drafted(spa).transfers
    complete_transfer(spa, transfer, actor=ANA, at=MORNING)
    spa.flush()
    assert needed(spa).open == needed(spa).waiting == ()
    assert verify(spa) == []


def test_a_cancelled_order_is_needed_again(spa):
    a_rule(spa, "ROOM-1", 2000, 500)
    (number,) = drafted(spa).purchase_orders
    cancel_order(spa, number, actor=ANA, at=MORNING)
    spa.flush()
    assert len(drafted(spa).purchase_orders) == 1


def test_rooms_that_share_a_pack_share_the_order(spa):
    for room in ("ROOM-1", "ROOM-2"):
        a_rule(spa, room, 200, 100)
    assert [need.packs for need in needed(spa).open] == [1, 0]
    (number,) = drafted(spa).purchase_orders
    assert [line.packs for line in order_page(spa, number).lines] == [1]


def test_the_supplier_is_the_cheapest_that_keeps_moq_and_multiple(spa):
    a_supplier(spa, "ALDER")
    a_supplier_item(spa, supplier="ALDER", pack="case", prices={1: "60.00", 2: "50.00"}, moq=2)
    a_rule(spa, "ROOM-1", 6000, 500)
    (need,) = needed(spa).open
    assert told(need)[-2:] == ("ALDER", 2)
    assert str(need.cost) == "100.00 EUR"


def test_orders_are_grouped_by_supplier_and_place(spa):
    a_location(spa, "CORK-STORE", site="CORK")
    a_supplier(spa, "ALDER")
    a_product(spa, "LAV-250")
    a_supplier_item(spa, "LAV-250", supplier="ALDER")
    for place in ("STORE", "CORK-STORE"):
        a_rule(spa, place, 2000, 500)
        a_rule(spa, place, 2000, 500, product="LAV-250")
    assert len(needed(spa, site="CORK").open) == 2
    assert len(drafted(spa, site="CORK").purchase_orders) == 2
    assert len(drafted(spa).purchase_orders) == 2
    page = orders(spa, OrderFilter(site="CORK"), PageRequest())
    assert {row.supplier for row in page.items} == {"ALDER", "CORRIB"}


def test_nobody_sells_it_or_it_is_discontinued(spa):
    a_product(spa, "LAV-250")
    a_rule(spa, "ROOM-1", 2000, 500, product="LAV-250")
    almond = spa.scalars(select(Product).where(Product.sku == "ALM-500")).one()
    almond.status = ProductStatus.DISCONTINUED
    a_rule(spa, "ROOM-1", 2000, 500)
    almond, lavender = needed(spa).open
    assert almond.why[-1] == "The product is discontinued, so nothing is bought."
    assert lavender.why[-1] == "No supplier is on file for the other 2000 ml."
    assert drafted(spa).purchase_orders == ()


def test_an_item_without_a_price_is_drafted_to_be_asked_for(spa):
    a_product(spa, "LAV-250")
    a_supplier_item(spa, "LAV-250", prices={})
    a_rule(spa, "ROOM-1", 2000, 500, product="LAV-250")
    (number,) = drafted(spa).purchase_orders
    assert order_page(spa, number).totals.net.minor == 0


def test_a_site_nobody_knows_is_named(spa):
    with pytest.raises(Invalid) as refusal:
        needed(spa, site="MARS")
    assert refusal.value.field == "site"


def test_each_drafts_what_they_may(spa):
    opened(spa, 1200)
    a_rule(spa, "ROOM-1", 2000, 500)
    with pytest.raises(Forbidden):
        draft_orders(spa, DraftOrders(), actor=an_actor(Role.THERAPIST), at=MORNING)
    with pytest.raises(Forbidden):
        draft_orders(spa, DraftOrders(), actor=Actor(None, "Nobody"), at=MORNING)
    keeper = draft_orders(spa, DraftOrders(), actor=an_actor(Role.STOCK_KEEPER), at=MORNING)
    assert (len(keeper.purchase_orders), len(keeper.transfers)) == (0, 1)


def test_the_needs_take_four_statements_whatever_the_number_of_rules(spa):
    for n in range(30):
        a_product(spa, f"P-{n:02d}")
        a_supplier_item(spa, f"P-{n:02d}")
        a_rule(spa, "ROOM-1", 2000, 500, product=f"P-{n:02d}")
    spa.flush()
    with counted(spa.connection()) as seen:
        assert len(needed(spa).open) == 30
    assert len(seen) == 4


def test_four_at_once_draft_what_one_would(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_planned_spa(session)
        opened(session, 1200)
        a_rule(session, "ROOM-1", 2000, 500)
        a_rule(session, "STORE", 3000, 1000)

    def run(_):
        with work.write() as session:
            return draft_orders(session, DraftOrders(), actor=ANA, at=MORNING)

    answers = at_once(4, run)
    assert sorted(len(a.purchase_orders) for a in answers) == [0, 0, 0, 1]
    assert sorted(len(a.transfers) for a in answers) == [0, 0, 0, 1]
    with work.read() as session:
        assert verify(session) == []
    engine.dispose()

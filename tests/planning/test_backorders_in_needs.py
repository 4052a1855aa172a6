"""What customers have ordered and wait for lifts the need of the storeroom it is shipped from."""

from datetime import date

import pytest

from procurement.planning.operations.snoozing import SnoozeNeed, snooze_need
from procurement.planning.queries.need_page import need_page
from procurement.sales.operations.confirming import cancel_sales_order
from procurement.sales.operations.promising import reserve_order
from tests.builders import NOON, a_location, a_supplier, a_supplier_item
from tests.planning.builders import ANA, a_rule, drafted, needed, told
from tests.queries import counted
from tests.sales.fulfilling import (
    BOTTLE,
    KEEPER,
    SELLER,
    a_confirmed_order,
    a_stocked_shop,
    shipped,
    stock,
)

OIL = "ALM-500"


@pytest.fixture
def shop(session):
    """Eight bottles in the storeroom, sold by nobody else than CORRIB."""
    a_stocked_shop(session)
    a_supplier(session)
    a_supplier_item(session, OIL, pack="bottle")
    return session


def waits_for(session, location: str = "STORE"):
    return [
        (one.order, one.quantity.amount) for one in need_page(session, location, OIL, at=NOON).owed
    ]


def test_what_is_not_reserved_is_bought_even_where_no_rule_stands(shop):
    first = a_confirmed_order(shop, 6)
    assert needed(shop).open == ()  # all reserved
    second = a_confirmed_order(shop, 5)
    (need,) = needed(shop).open
    assert told(need) == ("STORE", "1500", None, "0", "CORRIB", 3)
    assert need.backordered.amount == "1500"
    assert need.why[:3] == (
        "4000 ml on hand, 4000 ml of it reserved, held back or past its use-by.",
        "1500 ml is what customers' orders wait for.",
        "That is 1500 ml too little, below the reorder point of 0 ml; "
        "up to the par level of 0 ml it is short of 1500 ml.",
    )
    assert waits_for(shop) == [(second, "1500")]
    drafted(shop)
    assert needed(shop).open == ()
    cancel_sales_order(shop, second, actor=SELLER, at=NOON)
    shipped(shop, first, 6)
    assert waits_for_nothing(shop)


def waits_for_nothing(session) -> bool:
    session.flush()
    return not [need for need in needed(session).open if need.backordered.steps]


def test_a_rule_and_its_customers_add_up(shop):
    a_rule(shop, "STORE", 2000, 1000)
    a_confirmed_order(shop, 10)
    (need,) = needed(shop).open
    assert told(need) == ("STORE", "3000", None, "0", "CORRIB", 6)  # 2000 to par, 1000 for them


def test_goods_that_came_for_customers_are_not_carried_to_rooms(shop):
    a_location(shop, "ROOM")
    number = a_confirmed_order(shop, 10)  # two wait
    stock(shop, "NEW", 3, date(2027, 12, 1))
    a_rule(shop, "ROOM", 1500, 500)
    room = next(need for need in needed(shop).open if need.location == "ROOM")
    assert [(one.source, one.quantity.amount) for one in room.refills] == []
    reserve_order(shop, number, actor=KEEPER, at=NOON)
    assert waits_for_nothing(shop)


def test_the_storeroom_with_a_rule_is_the_one_bought_for(shop):
    a_location(shop, "ATTIC")
    a_rule(shop, "ATTIC", 500, 0)
    a_confirmed_order(shop, 9)
    assert [(n.location, n.backordered.amount) for n in needed(shop).open] == [("ATTIC", "500")]


def test_put_aside_it_stays_away_and_keeps_its_goods(shop):
    a_confirmed_order(shop, 9)
    command = SnoozeNeed(
        location="STORE", product=OIL, until=date(2026, 12, 24), unless_worse=False
    )
    snooze_need(shop, command, actor=ANA, at=NOON)
    found = needed(shop)
    assert (len(found.open), [n.backordered.amount for n in found.snoozed]) == (0, ["500"])


def test_it_is_still_the_same_few_statements(shop):
    a_confirmed_order(shop, 9)
    shop.flush()
    with counted(shop.connection()) as once:
        needed(shop)
    for packs in range(1, 8):
        a_confirmed_order(shop, packs)
    shop.flush()
    with counted(shop.connection()) as seen:
        (need,) = needed(shop).open
    assert need.backordered.steps == 29 * BOTTLE
    assert len(seen) == len(once)

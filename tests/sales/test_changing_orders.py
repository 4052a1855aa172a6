"""A draft order gains lines and later quotes; a picker takes another lot than was promised."""

from datetime import date

import pytest
from sqlalchemy import select

from procurement.audit.queries import trail_of
from procurement.kernel.errors import Forbidden, Invalid
from procurement.kernel.permissions import Role
from procurement.sales.errors import LotRefused, MoreThanAccepted
from procurement.sales.operations.order_lines import OrderedLine
from procurement.sales.operations.relotting import TakeAnotherLot, take_another_lot
from procurement.sales.operations.sales_orders import (
    ChangeSalesOrder,
    change_sales_order,
)
from procurement.sales.queries.accepted import joinable
from procurement.sales.queries.picking import pick_rows
from procurement.stock.models import Lot
from procurement.stock.queries.verification import verify
from procurement.stock.terms import LotStatus
from tests.builders import NOON, an_actor
from tests.sales.fulfilling import (
    KEEPER,
    SELLER,
    a_confirmed_order,
    a_stocked_shop,
    an_accepted_quote,
    ordered,
    shipped,
    stock,
    the_order,
)
from tests.sales.stories import a_customer, a_line


@pytest.fixture
def shop(session):
    a_stocked_shop(session)
    return session


def changed(session, number, **more):
    change_sales_order(session, ChangeSalesOrder(number=number, **more), actor=SELLER, at=NOON)
    return the_order(session, number)


def test_a_draft_gains_a_line_at_the_customers_price(shop):
    order = ordered(shop, an_accepted_quote(shop, a_line(packs=6)))
    before = the_order(shop, order.number)
    page = changed(shop, order.number, added=(OrderedLine("ALM-500", 2),))
    assert [(one.position, one.packs, one.quote_position) for one in page.lines] == [
        (1, 6, 1),
        (2, 2, None),
    ]
    assert page.net == before.net + page.lines[1].net
    page = changed(shop, order.number, packs={2: 9})  # what was not quoted has no limit
    assert page.lines[1].packs == 9
    with pytest.raises(MoreThanAccepted):
        changed(shop, order.number, packs={1: 7})
    with pytest.raises(Invalid) as refused:
        changed(shop, order.number, added=(OrderedLine("NOTHING", 2),))
    assert refused.value.errors[0].field == "add_lines.0.product"


def test_a_later_quote_joins_and_is_not_ordered_twice(shop):
    order = ordered(shop, an_accepted_quote(shop, a_line(packs=6)))
    later = an_accepted_quote(shop, a_line(packs=4))
    assert joinable(shop, "LINDEN", "EUR") == [later]
    page = changed(shop, order.number, joined=(later,))
    assert [one.packs for one in page.lines] == [6, 4]
    assert joinable(shop, "LINDEN", "EUR") == []
    for again in (
        lambda: changed(shop, order.number, joined=(later,)),
        lambda: ordered(shop, later),
        lambda: changed(shop, order.number, packs={2: 5}),
    ):
        with pytest.raises(MoreThanAccepted):
            again()


def test_another_customers_quote_does_not_join(shop):
    order = ordered(shop, an_accepted_quote(shop, a_line(packs=1)))
    foreign = an_accepted_quote(shop, a_line(packs=1))
    row = shop.get_one(type(order), order.id)
    row.customer_id = a_customer(shop, "OTHER").id
    with pytest.raises(Invalid, match="another customer"):
        changed(shop, order.number, joined=(foreign,))


def taking(order: str, **more) -> TakeAnotherLot:
    told = {"position": 1, "instead_of": "EARLY", "lot": "LATE", "why": "EARLY stands behind"}
    return TakeAnotherLot(order=order, **(told | more))


def picks(session, order: str):
    session.flush()
    rows = pick_rows(session, order, actor=KEEPER, at=NOON)
    return sorted((row.lot, row.quantity.amount) for row in rows)


def test_the_picker_takes_another_lot_and_says_why(shop):
    order = a_confirmed_order(shop, 2)
    assert picks(shop, order) == [("EARLY", "1000")]
    assert take_another_lot(shop, taking(order), actor=KEEPER, at=NOON) == 2
    assert picks(shop, order) == [("LATE", "1000")]
    shipped(shop, order, 2)
    said = [step.detail for step in trail_of(shop, order) if step.action == "take another lot"]
    assert said == ["line 1: 2 of lot LATE for EARLY: EARLY stands behind"]
    assert verify(shop) == []


def test_what_the_other_lot_does_not_hold_stays_promised_as_it_was(shop):
    stock(shop, "SMALL", 1, date(2027, 12, 1))
    order = a_confirmed_order(shop, 3)
    assert take_another_lot(shop, taking(order, lot="SMALL"), actor=KEEPER, at=NOON) == 1
    assert picks(shop, order) == [("EARLY", "1000"), ("SMALL", "500")]
    assert verify(shop) == []


@pytest.mark.parametrize(
    ("status", "expires", "said"),
    [
        (LotStatus.RECALLED, None, "recalled"),
        (LotStatus.QUARANTINE, None, "held"),
        (LotStatus.AVAILABLE, date(2026, 1, 2), "past its use-by"),
    ],
)
def test_a_lot_that_may_not_go_is_refused(shop, status, expires, said):
    order = a_confirmed_order(shop, 2)
    lot = shop.scalars(select(Lot).where(Lot.number == "LATE")).one()
    lot.status = status
    if expires:
        lot.expires_on = lot.use_by = expires
    shop.flush()
    with pytest.raises(LotRefused, match=said):
        take_another_lot(shop, taking(order), actor=KEEPER, at=NOON)
    assert picks(shop, order) == [("EARLY", "1000")]


def test_nothing_free_no_such_lot_no_reason_no_right(shop):
    order = a_confirmed_order(shop, 2)
    a_confirmed_order(shop, 6)
    for command, refusal in (
        (taking(order), LotRefused),
        (taking(order, lot="NONE"), Invalid),
        (taking(order, instead_of="LATE"), Invalid),
        (taking(order, position=9), Invalid),
        (taking(order, why=" "), Invalid),
    ):
        with pytest.raises(refusal):
            take_another_lot(shop, command, actor=KEEPER, at=NOON)
    with pytest.raises(Forbidden):
        take_another_lot(shop, taking(order), actor=an_actor(Role.THERAPIST), at=NOON)

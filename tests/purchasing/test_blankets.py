"""Blanket orders: called off at the agreed price, drawn when placed, given back, never beyond what was agreed."""

from datetime import date

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Forbidden, Invalid
from procurement.kernel.permissions import Role
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.purchasing.errors import OverDraw, StaleVersion
from procurement.purchasing.models import BlanketLine
from procurement.purchasing.operations.agreed_changes import (
    ChangeBlanket,
    ChangedLine,
    change_blanket,
)
from procurement.purchasing.operations.amended_lines import AmendedLine
from procurement.purchasing.operations.amending import AmendOrder, amend_order
from procurement.purchasing.operations.blankets import (
    AgreeBlanket,
    CallOff,
    CallOffLine,
    agree_blanket,
    call_off,
    close_blanket,
)
from procurement.purchasing.operations.deciding import (
    approve_order,
    cancel_order,
    close_short,
    place_order,
)
from procurement.purchasing.operations.lines import NewOrderLine
from procurement.purchasing.operations.ordering import ChangeOrder, change_order
from procurement.purchasing.queries.blankets import blanket_page, expiring_blankets
from procurement.purchasing.queries.orders import order_page
from tests.builders import an_actor
from tests.purchasing.builders import ANA, MONDAY, a_spa_that_orders, delivered, received
from tests.threads import at_once

UNTIL = date(2026, 12, 31)
OIL = NewOrderLine(product="ALM-500", pack="case", packs=30, unit_price="70.00")
COVER = NewOrderLine(product="COV-020", pack="pack", packs=5, unit_price="35.00")


def a_blanket(session, **more):
    values = {"supplier": "CORRIB", "name": "2026", "lines": (OIL, COVER), **more}
    command = AgreeBlanket(**{"valid_from": date(2026, 11, 1), "valid_until": UNTIL} | values)
    blanket = agree_blanket(session, command, actor=ANA, at=MONDAY)
    session.flush()
    return blanket.number


def called_off(session, number: str, packs: int, position: int = 1):
    command = CallOff(number=number, lines=(CallOffLine(position, packs),), deliver_to="STORE")
    order = call_off(session, command, actor=ANA, at=MONDAY)
    session.flush()
    return order


def placed(session, number: str, packs: int):
    order = called_off(session, number, packs)
    approve_order(session, order.number, actor=ANA, at=MONDAY)
    place_order(session, order.number, actor=ANA, at=MONDAY)
    session.flush()
    return order


def left(session, number: str) -> list[int]:
    session.flush()
    return [line.left for line in blanket_page(session, number).lines]


@pytest.fixture
def blanket(session) -> str:
    a_spa_that_orders(session)
    return a_blanket(session)


def test_a_call_off_has_the_agreed_price_and_draws_when_it_is_placed(session, blanket):
    order = called_off(session, blanket, 12)
    (line,) = order_page(session, order.number).lines
    assert (line.price.amount, line.blanket, left(session, blanket)) == ("70.00", blanket, [30, 5])
    approve_order(session, order.number, actor=ANA, at=MONDAY)
    place_order(session, order.number, actor=ANA, at=MONDAY)
    assert left(session, blanket) == [18, 5]
    assert [row.order for row in blanket_page(session, blanket).orders] == [order.number]


def test_what_is_not_taken_is_given_back(session, blanket):
    cancelled = placed(session, blanket, 6)
    cancel_order(session, cancelled.number, actor=ANA, at=MONDAY)
    assert left(session, blanket) == [30, 5]
    order = placed(session, blanket, 10)
    amend = AmendOrder(number=order.number, lines=(AmendedLine(position=1, packs=8),))
    amend_order(session, amend, actor=ANA, at=MONDAY)
    assert left(session, blanket) == [22, 5]
    received(session, order.number, delivered(3))
    close_short(session, order.number, actor=ANA, at=MONDAY)
    assert left(session, blanket) == [27, 5]
    other = placed(session, blanket, 10)
    received(session, other.number, delivered(4, supplier_lot="L2", close_short=True))
    assert left(session, blanket) == [23, 5]


def test_never_more_than_was_agreed(session, blanket):
    placed(session, blanket, 25)
    with pytest.raises(OverDraw):
        called_off(session, blanket, 6)
    order = placed(session, blanket, 5)
    more = AmendOrder(number=order.number, lines=(AmendedLine(position=1, packs=6),))
    with pytest.raises(OverDraw), session.begin_nested():
        amend_order(session, more, actor=ANA, at=MONDAY)
    price = AmendOrder(number=order.number, lines=(AmendedLine(position=1, unit_price="9.00"),))
    with pytest.raises(Invalid):
        amend_order(session, price, actor=ANA, at=MONDAY)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(update(BlanketLine).values(drawn=BlanketLine.packs + 1))


def test_a_changed_draft_keeps_drawing_while_its_price_is_the_agreed_one(session, blanket):
    order = called_off(session, blanket, 5)

    def drawn_on(price: str) -> str | None:
        line = NewOrderLine(product="ALM-500", pack="case", packs=7, unit_price=price)
        command = ChangeOrder(number=order.number, lines=(line,), deliver_to="STORE")
        change_order(session, command, actor=ANA, at=MONDAY)
        session.flush()
        return order_page(session, order.number).lines[0].blanket

    assert drawn_on("70.00") == blanket
    assert drawn_on("69.00") is None


def test_nothing_is_placed_outside_its_days_or_when_it_is_closed(session, blanket):
    short = a_blanket(session, valid_until=date(2026, 11, 22))
    order = called_off(session, short, 1)
    approve_order(session, order.number, actor=ANA, at=MONDAY)
    with pytest.raises(Conflict, match="ran until"):
        place_order(session, order.number, actor=ANA, at=MONDAY)
    close_blanket(session, blanket, actor=ANA, at=MONDAY)
    with pytest.raises(Conflict):
        called_off(session, blanket, 1)
    with pytest.raises(Conflict):
        close_blanket(session, blanket, actor=ANA, at=MONDAY)


def changed(session, number: str, **more):
    change_blanket(session, ChangeBlanket(number=number, why="Talks", **more), actor=ANA, at=MONDAY)
    session.flush()
    return blanket_page(session, number)


def test_a_change_is_a_revision_and_leaves_what_was_placed(session, blanket):
    order, draft = placed(session, blanket, 12), called_off(session, blanket, 3)
    lines = (
        ChangedLine(position=1, packs=40, unit_price="68.50"),
        ChangedLine(position=2, packs=5),
    )
    page = changed(session, blanket, lines=lines, valid_until=date(2027, 3, 31), revision=0)
    assert [(line.packs, line.price.amount, line.left) for line in page.lines] == [
        (40, "68.50", 28),
        (5, "35.00", 5),
    ]
    (revision,) = page.revisions
    assert (page.revision, revision.number, revision.by, revision.why) == (1, 1, "Ana", "Talks")
    assert revision.changed == (
        "Until 2026-12-31 becomes until 2027-03-31",
        "Sweet Almond Oil: 30 packs become 40",
        "Sweet Almond Oil: 70.00 a pack becomes 68.50",
    )
    assert order_page(session, order.number).lines[0].price.amount == "70.00"
    assert order_page(session, draft.number).lines[0].blanket is None
    with pytest.raises(StaleVersion):
        changed(session, blanket, lines=lines, revision=0)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"lines": (ChangedLine(position=1, packs=11),)}, "lines.0.packs"),
        ({"lines": (ChangedLine(position=1, unit_price="x"),)}, "lines.0.unit_price"),
        ({"lines": (ChangedLine(position=9, packs=11),)}, "lines.0.position"),
        ({"valid_until": date(2026, 1, 1)}, "valid_until"),
        ({}, "lines"),
    ],
)
def test_a_change_that_cannot_be_names_its_field(session, blanket, more, field):
    placed(session, blanket, 12)
    with pytest.raises(Invalid) as refused:
        changed(session, blanket, **more)
    assert [error.field for error in refused.value.errors] == [field]


def test_it_is_told_before_it_ends_with_something_left(session, blanket):
    assert [row.number for row in expiring_blankets(session, date(2026, 12, 5))] == [blanket]
    assert expiring_blankets(session, date(2026, 11, 20)) == []
    assert expiring_blankets(session, date(2027, 1, 1)) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"valid_until": date(2026, 10, 1)}, "valid_until"),
        ({"valid_until": date(2036, 10, 1)}, "valid_until"),
        ({"supplier": "NOBODY"}, "supplier"),
        ({"lines": (OIL, OIL)}, "lines"),
        ({"lines": ()}, "lines"),
    ],
)
def test_what_cannot_be_agreed(session, blanket, change, field):
    with pytest.raises(Invalid) as refusal:
        a_blanket(session, **change)
    assert {error.field for error in refusal.value.errors} == {field}
    with pytest.raises(Forbidden):
        close_blanket(session, blanket, actor=an_actor(Role.PURCHASER), at=MONDAY)


def test_two_who_place_at_once_do_not_draw_too_much(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_spa_that_orders(session)
        blanket = a_blanket(session)
        orders = [called_off(session, blanket, 20).number for _ in range(2)]
        for number in orders:
            approve_order(session, number, actor=ANA, at=MONDAY)

    def place(clerk: int) -> str:
        try:
            with work.write() as session:
                return place_order(session, orders[clerk], actor=ANA, at=MONDAY).status
        except OverDraw:
            return "refused"

    assert sorted(at_once(2, place)) == ["placed", "refused"]
    with work.read() as session:
        assert [line.drawn for line in blanket_page(session, blanket).lines] == [20, 0]
    engine.dispose()

"""Buyers' lists: whose they are, what two people at once do to them, and what is ordered again and again."""

import pytest

from procurement.kernel.actor import Actor
from procurement.kernel.clock import utc_now
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.kernel.permissions import GRANTS, Role
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.sales.operations.baskets import add_to_basket
from procurement.sales.operations.saved_lists import (
    ListLineInput,
    add_to_list,
    change_list,
    copy_list,
    create_list,
    delete_list,
)
from procurement.sales.queries.baskets import basket_of
from procurement.sales.queries.offers import offered_products
from procurement.sales.queries.saved_lists import saved_list_page, saved_lists
from tests.builders import NOON
from tests.doors import an_account
from tests.sales.stories import a_customer, a_ready_shop
from tests.sales.test_two_at_once import at_once


def person(session, customer):
    account = an_account(session, Role.WHOLESALE_BUYER, customer_id=customer.id)
    grants = GRANTS[Role.WHOLESALE_BUYER]
    return Actor(id=account.id, name="Aoife", permissions=grants, customer_id=customer.id)


@pytest.fixture
def people(session):
    """Two of Linden, one of Birch."""
    linden = a_ready_shop(session)
    birch = a_customer(session, "BIRCH")
    return person(session, linden), person(session, linden), person(session, birch)


def packs_of(session):
    (oil, tool) = offered_products(session, skus=["ALM-500", "CRR-01"]).values()
    return oil.pack("bottle").id, oil.pack("case").id, tool.pack("piece").id


def told(session, ref, actor):
    page = saved_list_page(session, ref, actor=actor)
    return [(one.row.product, one.row.pack, one.row.packs, one.note) for one in page.lines]


def test_a_list_keeps_its_order_its_notes_and_its_owner(session, people):
    aoife, colleague, stranger = people
    bottle, case, piece = packs_of(session)
    lines = [ListLineInput(piece, 2, "for room 3"), ListLineInput(case, 1)]
    ref = create_list(session, "Weekly", lines, actor=aoife, at=NOON).ref
    session.flush()
    add_to_list(session, ref, {case: 2, bottle: 5}, actor=aoife, at=NOON)
    session.flush()
    assert told(session, ref, aoife) == [
        ("CRR-01", "piece", 2, "for room 3"),
        ("ALM-500", "case", 3, ""),
        ("ALM-500", "bottle", 5, ""),
    ]
    for other in (colleague, stranger):
        assert saved_lists(session, actor=other) == []
        with pytest.raises(NotFound):
            saved_list_page(session, ref, actor=other)
    change_list(session, ref, "Weekly", lines[:1], shared=True, actor=aoife, at=NOON)
    session.flush()
    assert [row.is_own for row in saved_lists(session, actor=colleague)] == [False]
    copy = copy_list(session, ref, actor=colleague, at=NOON)
    session.flush()
    assert copy.name == "Weekly"
    assert told(session, copy.ref, colleague) == [("CRR-01", "piece", 2, "for room 3")]
    for change in (
        lambda: delete_list(session, ref, actor=colleague),
        lambda: add_to_list(session, ref, {piece: 1}, actor=colleague, at=NOON),
        lambda: copy_list(session, ref, actor=stranger, at=NOON),
        lambda: saved_list_page(session, ref, actor=stranger),
    ):
        with pytest.raises(NotFound):
            change()
    delete_list(session, ref, actor=aoife)
    assert saved_lists(session, actor=aoife) == []


def test_what_no_list_can_be_is_refused(session, people):
    aoife, *_ = people
    bottle, *_ = packs_of(session)
    one = ListLineInput(bottle, 1)
    create_list(session, "Weekly", [one], actor=aoife, at=NOON)
    session.flush()
    for name, lines, refusal in (
        ("Weekly", [one], Conflict),
        (" ", [one], Invalid),
        ("Twice", [one, one], Invalid),
        ("None", [ListLineInput(bottle, 0)], Invalid),
        ("Nothing", [ListLineInput(10**9, 1)], NotFound),
    ):
        with pytest.raises(refusal):
            create_list(session, name, lines, actor=aoife, at=NOON)


def test_two_devices_at_once_lose_nothing(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        aoife = person(session, a_ready_shop(session))
        bottle, *_ = packs_of(session)
        lines = [ListLineInput(bottle, 1)]
        ref = create_list(session, "Weekly", lines, actor=aoife, at=utc_now()).ref
    more = at_once(
        work, *[lambda s: add_to_list(s, ref, {bottle: 1}, actor=aoife, at=utc_now()) and None] * 3
    )
    beside = at_once(
        work, *[lambda s: add_to_basket(s, {bottle: 2}, actor=aoife, at=utc_now())] * 3
    )
    named = at_once(
        work, *[lambda s: create_list(s, "Twin", [], actor=aoife, at=utc_now()) and None] * 2
    )
    assert more == beside == [None] * 3
    assert sorted(answer is None for answer in named) == [False, True]
    with work.read() as session:
        assert told(session, ref, aoife) == [("ALM-500", "bottle", 4, "")]
        assert basket_of(session, actor=aoife) == {bottle: 6}
    engine.dispose()

"""The stock card: what came and went, and what each movement left."""

from datetime import timedelta

import pytest

from procurement.kernel.errors import Invalid, NotFound
from procurement.kernel.paging import PageRequest
from procurement.stock.queries.card import CardFilter, stock_card
from procurement.stock.queries.on_hand import StockFilter, stock_as_at
from tests.builders import a_product
from tests.queries import assert_queries
from tests.stock.builders import MORNING, a_spa, moved, opened, used


def later(hours):
    return MORNING + timedelta(hours=hours)


@pytest.fixture
def spa(session):
    """100 and 50 come, 30 go to a room, 10 of them are used, and 5 are said later to have been used before."""
    a_spa(session)
    a_product(session)
    opened(session, 100, lot="A1")
    opened(session, 50, lot="B1", at=later(1))
    moved(session, 30, "STORE", "ROOM-1", lot="A1", at=later(2))
    used(session, 10, "ROOM-1", at=later(4))
    used(session, 5, "ROOM-1", at=later(5), occurred_at=later(3))
    return session


def lines(card):
    return [(row.change.amount, row.balance.amount) for row in card.page.items]


@pytest.mark.parametrize(
    ("wanted", "expected", "forward"),
    [
        ({}, [("-10", "135"), ("-5", "145"), ("0", "150"), ("50", "150"), ("100", "100")], "0"),
        ({"location": "ROOM-1"}, [("-10", "15"), ("-5", "25"), ("30", "30")], "0"),
        ({"location": "STORE", "lot": "A1"}, [("-30", "70"), ("100", "100")], "0"),
        ({"lot": "B1"}, [("50", "50")], "0"),
        ({"location": "ROOM-1", "until": later(3)}, [("-5", "25"), ("30", "30")], "0"),
        ({"location": "ROOM-1", "since": later(3)}, [("-10", "15"), ("-5", "25")], "30"),
        ({"location": "ROOM-1", "since": later(9)}, [], "15"),
        ({"location": "ROOM-1", "until": later(1)}, [], "0"),
        ({"location": "CONSUMED"}, [("10", "15"), ("5", "5")], "0"),
    ],
)
def test_every_movement_says_what_it_left(spa, wanted, expected, forward):
    card = stock_card(spa, CardFilter("ALM-500", **wanted), PageRequest())
    assert lines(card) == expected
    assert card.brought_forward.amount == forward


def test_page_by_page_it_reads_the_same_and_takes_the_same_statements(spa):
    wanted = CardFilter("ALM-500", location="ROOM-1")
    whole, paging, found = stock_card(spa, wanted, PageRequest()), PageRequest(1), []
    while paging is not None:
        with assert_queries(spa.connection(), 4):
            card = stock_card(spa, wanted, paging)
        found += card.page.items
        paging = PageRequest.parse(1, card.page.next) if card.page.next else None
    assert tuple(found) == whole.page.items


def test_the_balance_is_the_stock_as_at_that_moment(spa):
    for row in stock_card(spa, CardFilter("ALM-500", location="ROOM-1"), PageRequest()).page.items:
        then = stock_as_at(
            spa,
            StockFilter(location="ROOM-1"),
            moment=row.movement.occurred_at,
            paging=PageRequest(),
        )
        assert sum(one.on_hand.steps for one in then.items) == row.balance.steps


@pytest.mark.parametrize(
    ("wanted", "error", "field"),
    [
        (CardFilter("NONE"), NotFound, ""),
        (CardFilter("ALM-500", lot="Z9"), Invalid, "lot"),
        (CardFilter("ALM-500", location="ATTIC"), Invalid, "location"),
    ],
)
def test_what_is_not_there_is_named(spa, wanted, error, field):
    with pytest.raises(error) as refused:
        stock_card(spa, wanted, PageRequest())
    assert [one.field for one in refused.value.errors] == ([field] if field else [])


@pytest.mark.parametrize("after", [("2026-11-23", 1), ("2026-11-23T08:00:00", 1), ("x", 1), (1, 1)])
def test_a_cursor_of_another_list_is_refused(spa, after):
    with pytest.raises(Invalid):
        stock_card(spa, CardFilter("ALM-500"), PageRequest(50, after))

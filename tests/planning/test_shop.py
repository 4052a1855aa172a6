"""The shop's list: what stock lets one say, and in which order products stand."""

from datetime import date, timedelta

import pytest

from procurement.catalogue.operations.products import change_product
from procurement.catalogue.queries.narrowing import Facet, ProductFilter
from procurement.catalogue.terms import ProductDraft, ProductStatus
from procurement.kernel.errors import Invalid
from procurement.kernel.paging import PageRequest, all_rows
from procurement.planning.queries.shop import count_kept, shop_list, stock_badges
from procurement.planning.rules.badges import Badge, Stock, Supply, badge_of
from procurement.planning.terms import Sorting
from procurement.sales.operations.confirming import confirm_order
from procurement.sales.operations.order_lines import OrderedLine
from procurement.sales.operations.sales_orders import DraftSalesOrder, draft_sales_order
from procurement.sales.queries.prices import price_book
from tests.builders import NOON, a_product
from tests.queries import assert_queries
from tests.sales.stories import SELLER, a_customer, a_ready_shop, euros
from tests.stock.builders import a_spa, opened

TODAY = date(2026, 11, 27)
SOON = TODAY + timedelta(days=4)


@pytest.mark.parametrize(
    ("supply", "badge"),
    [
        (Supply(pack=10, free=70), Badge(Stock.IN)),
        (Supply(pack=10, free=69), Badge(Stock.IN)),
        (Supply(pack=10, free=59), Badge(Stock.LOW, packs=5)),
        (Supply(pack=10, free=70, owed=50), Badge(Stock.LOW, packs=2)),
        (Supply(pack=10, free=9, lead_days=9), Badge(Stock.TO_ORDER, days=9)),
        (Supply(pack=10, coming=[(SOON, 10)], lead_days=9), Badge(Stock.DUE, due_on=SOON)),
        # What is owed to others goes first: the delivery that leaves a pack over is the one to name.
        (
            Supply(pack=10, owed=15, coming=[(TODAY, 20), (SOON, 10)]),
            Badge(Stock.DUE, due_on=SOON),
        ),
        (Supply(pack=10, owed=95, coming=[(SOON, 100)]), Badge(Stock.NONE)),
        (Supply(pack=10, coming=[(TODAY - timedelta(days=1), 10)]), Badge(Stock.DUE)),
        (Supply(pack=10, coming=[(None, 10)]), Badge(Stock.DUE)),
        (Supply(pack=10), Badge(Stock.NONE)),
    ],
)
def test_a_badge_says_what_is_left_after_what_is_owed(supply, badge):
    assert badge_of(supply, TODAY) == badge


@pytest.fixture
def shelf(session):
    """Almond oil (priced at 11.90), a roller and three mats; nothing is there yet."""
    a_ready_shop(session)
    a_spa(session)
    for n in range(3):
        a_product(session, f"MAT-{n}", name=f"Mat {n}")
    return session


def skus(session, sorting, **narrowed):
    wanted = ProductFilter(status=ProductStatus.ACTIVE, **narrowed)
    book = price_book(session, "EUR", None, ())
    rows = all_rows(
        lambda paging: (
            shop_list(
                session, wanted, PageRequest(2, paging.after), sorting=sorting, lists=book, at=NOON
            ).found.page
        )
    )
    return [row.sku for row in rows]


@pytest.mark.parametrize("sorting", list(Sorting))
def test_every_order_shows_every_product_once(shelf, sorting):
    found = skus(shelf, sorting)
    assert sorted(found) == sorted(skus(shelf, Sorting.NAME))
    assert len(set(found)) == len(found) >= 4


def test_by_price_what_has_none_comes_last_and_by_age_the_newest_first(shelf):
    assert skus(shelf, Sorting.CHEAPEST)[0] == "ALM-500"
    assert skus(shelf, Sorting.DEAREST)[0] == "ALM-500"
    assert skus(shelf, Sorting.NEWEST)[0] == "MAT-2"
    with pytest.raises(Invalid):
        shop_list(
            shelf,
            ProductFilter(),
            PageRequest(2, (10**9,)),
            sorting=Sorting.NEWEST,
            lists=None,
            at=NOON,
        )


def test_what_few_customers_order_moves_no_product(shelf):
    """Or the order would tell the others what one of them buys."""
    for code, wanted in (("LINDEN", "12"), ("BIRCH", "12"), ("ROWAN", "2")):
        if code != "LINDEN":
            a_customer(shelf, code)
        lines = tuple(OrderedLine(f"MAT-{n}", 1, price=euros("9")) for n in wanted)
        command = DraftSalesOrder(customer=code, lines=lines)
        number = draft_sales_order(shelf, command, actor=SELLER, at=NOON).number
        confirm_order(shelf, number, actor=SELLER, at=NOON)
    assert skus(shelf, Sorting.MOST_ORDERED) == ["MAT-2", "ALM-500", "CRR-01", "MAT-0", "MAT-1"]


def test_who_sees_no_prices_cannot_sort_by_them(shelf):
    page = shop_list(
        shelf, ProductFilter(), PageRequest(), sorting=Sorting.CHEAPEST, lists=None, at=NOON
    )
    assert page.sorting is Sorting.NAME


def test_what_is_in_stock_is_counted_and_found(shelf):
    assert skus(shelf, Sorting.NAME, stock=frozenset({"in"})) == []
    opened(shelf, 1500, product="MAT-1")
    wanted = ProductFilter()
    page = shop_list(shelf, wanted, PageRequest(), sorting=None, lists=None, at=NOON)
    assert [(o.value, o.count) for o in page.facets.of(Facet.STOCK)] == [("in", 1)]
    assert skus(shelf, Sorting.NAME, stock=frozenset({"in"})) == ["MAT-1"]
    row = next(row for row in page.found.page.items if row.sku == "MAT-1")
    assert page.badges[row.id].stock is Stock.LOW


def test_kept_searches_say_what_is_new_in_one_statement(shelf, engine, actor):
    change_product(
        shelf, ProductDraft("MAT-0", status=ProductStatus.DISCONTINUED), actor=actor, at=NOON
    )
    active = ProductFilter(status=ProductStatus.ACTIVE)
    kept = {
        1: (active, NOON - timedelta(days=1)),
        2: (active, NOON),
        3: (ProductFilter(areas=frozenset({"moon"})), NOON),
    }
    with assert_queries(engine, 2):
        counts = count_kept(shelf, kept, at=NOON)
    assert counts[2] == (4, 0)
    assert counts[3] == (0, 0)
    assert counts[1] == (4, 4)


def test_badges_take_a_fixed_number_of_statements(shelf, engine):
    for n in range(20):
        a_product(shelf, f"P-{n}", name=f"Product {n}")
    with assert_queries(engine, 9):
        stock_badges(shelf, set(range(1, 25)), at=NOON)

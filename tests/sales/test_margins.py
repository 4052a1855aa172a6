"""What a line costs to buy again, what remains of it, and who may know."""

from dataclasses import replace
from decimal import Decimal

import pytest

from procurement.kernel.actor import Actor
from procurement.kernel.errors import Forbidden
from procurement.kernel.money import Money, UnitPrice
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Pack, Quantity, Unit
from procurement.sales.queries.editing import LineFigures, line_figures, margin_of
from procurement.sales.queries.quotes import quote_page
from procurement.sales.queries.standing import stock_of, ways_to_buy
from procurement.sales.rules.margins import Buying, Margin, cost_of
from procurement.sales.terms import LineChoice
from procurement.sourcing.rules.offers import Offer
from procurement.sourcing.terms import BreakScheme, PriceBreak
from tests.builders import a_supplier, a_supplier_item
from tests.queries import assert_queries
from tests.sales.stories import NOON, SELLER, a_draft, a_line, a_ready_shop, euros
from tests.stock.builders import a_spa, opened

HOME = {"EUR": Decimal(1), "GBP": Decimal("1.2"), "JPY": Decimal("0.006")}
BOTTLE = 500_000  # microlitres


def way(
    *steps,
    pack=BOTTLE,
    currency="EUR",
    preferred=False,
    supplier="Corrib",
    scheme=BreakScheme.ALL_UNITS,
):
    breaks = tuple(PriceBreak(n, UnitPrice(e4, currency)) for n, e4 in steps)
    size = Pack("bottle", Quantity(pack, Unit.ML))
    return Buying(supplier, Offer(size, currency, price_breaks=breaks, scheme=scheme), preferred)


def cost(steps, *ways, currency="EUR"):
    found = cost_of(steps, ways, HOME, currency)
    return found.money.minor if found else None


def test_the_price_is_that_of_the_quantity_and_a_part_of_a_pack_costs_its_part():
    breaks = way((1, 80_000), (10, 60_000))
    assert cost(2 * BOTTLE, breaks) == 1600
    assert cost(10 * BOTTLE, breaks) == 6000
    assert cost(BOTTLE // 4, breaks) == 200
    assert cost(BOTTLE, way((6, 50_000))) == 500
    steps = way((1, 80_000), (10, 60_000), scheme=BreakScheme.INCREMENTAL)
    assert cost(9 * BOTTLE, steps) == 7200
    assert cost(12 * BOTTLE, steps) == 7200 + 1800  # nine at 8.00, three at 6.00


def test_the_preferred_supplier_counts_else_the_cheapest():
    dear, cheap = way((1, 90_000), preferred=True), way((1, 70_000), supplier="Other")
    assert cost(BOTTLE, cheap, dear) == 900
    assert cost(BOTTLE, cheap, replace(dear, preferred=False)) == 700


def test_other_currencies_count_by_their_rate_and_without_one_not_at_all():
    assert cost(BOTTLE, way((1, 100_000), currency="GBP")) == 1200
    assert cost(BOTTLE, way((1, 120_000)), currency="JPY") == 2000
    assert cost(BOTTLE, way((1, 100_000), currency="USD")) is None
    assert cost(BOTTLE, way()) is None
    assert cost(BOTTLE) is None


@pytest.mark.parametrize(
    ("net", "bought", "percent"),
    [(1000, 618, "38.2"), (1000, 1200, "-20"), (3, 1, "66.7"), (1000, 0, "100")],
)
def test_the_margin_is_what_remains_of_the_net(net, bought, percent):
    assert Margin(Money(net, "EUR"), Money(bought, "EUR")).percent == Decimal(percent)


def test_nothing_of_nothing_is_no_percentage():
    assert Margin(Money(0, "EUR"), Money(5, "EUR")).percent is None


@pytest.fixture
def quote(session):
    """Two cases at 142.80 bought at 77.77, an optional tool, a tool that nobody sells."""
    a_ready_shop(session)
    a_supplier(session)
    a_supplier_item(session, pack="case", prices={1: "77.77"})
    line = a_line("CRR-01", price="20")
    return a_draft(session, a_line(pack="case"), line, replace(line, choice=LineChoice.OPTIONAL))


def figures(session, quote, actor=SELLER) -> tuple[LineFigures, ...]:
    page = quote_page(session, quote.number, actor=SELLER, at=NOON)
    return line_figures(session, page, actor=actor, at=NOON)


def test_lines_say_what_remains_and_the_total_leaves_out_what_is_unknown(session, quote):
    oil, tool, _ = shown = figures(session, quote)
    assert oil.margin.money == Money(28560 - 15554, "EUR")
    assert (oil.cost.supplier, oil.cost.price) == ("Corrib Botanicals", euros("77.77"))
    assert tool.margin is None
    assert margin_of(shown, "EUR") == oil.margin


def test_who_may_not_see_margins_gets_none(session, quote):
    clerk = Actor(None, "Clerk", frozenset({Permission.SEE_SALES, Permission.SELL}))
    shown = figures(session, quote, clerk)
    assert {one.cost for one in shown} == {one.margin for one in shown} == {None}
    assert margin_of(shown, "EUR") is None
    with pytest.raises(Forbidden):
        ways_to_buy(session, {1}, actor=clerk)
    with pytest.raises(Forbidden):
        stock_of(session, {1}, actor=clerk, at=NOON)
    with pytest.raises(Forbidden):
        figures(session, quote, Actor(None, "Nobody", frozenset()))


def test_a_long_quote_needs_as_many_queries_as_a_short_one(session, quote):
    long = a_draft(session, *[a_line(packs=n, pack="case") for n in range(1, 30)])
    session.flush()
    with assert_queries(session.get_bind().engine, 40) as few:
        figures(session, quote)
    with assert_queries(session.get_bind().engine, len(few)):
        figures(session, long)


def test_stock_counts_every_place_and_as_available_only_what_may_be_sold(session, quote):
    a_spa(session)
    opened(session, 8_000, into="STORE", at=NOON)
    opened(session, 6_000, into="QUARANTINE", at=NOON)
    oil = quote_page(session, quote.number, actor=SELLER, at=NOON).lines[0].product_id
    assert stock_of(session, {oil}, actor=SELLER, at=NOON) == {oil: (14_000_000, 8_000_000)}

"""What a price file does to margins and open quotes."""

from decimal import Decimal

from procurement.kernel.permissions import Role
from procurement.planning.queries.price_effects import price_effects, quotes_touched
from procurement.sales.operations.answering import cancel_quote
from procurement.sourcing.operations.price_files import NewPriceFile, take_in_prices
from procurement.sourcing.queries.price_files import price_file_page
from procurement.sourcing.terms import PriceRow
from tests.builders import NOON, a_supplier, a_supplier_item, an_actor
from tests.queries import assert_queries
from tests.sales.stories import SELLER, a_draft, a_line, a_ready_shop, issue


def test_margins_and_quotes_of_a_changed_price(session):
    a_ready_shop(session)  # bottles at 11.90 on the list
    a_supplier(session)
    a_supplier_item(session, pack="case", prices={1: "84.00"})  # 7.00 a bottle
    issue(session, a_draft(session).number)
    gone = a_draft(session)
    cancel_quote(session, gone.number, actor=SELLER, at=NOON)
    a_draft(session, a_line("CRR-01", price="3.00"))
    rows = (PriceRow(2, 924_000, code="CORRIB-ALM-500"),)
    command = NewPriceFile("CORRIB", "prices.csv", rows)
    number = take_in_prices(session, command, actor=an_actor(), at=NOON).number
    page = price_file_page(session, number)
    with assert_queries(session.get_bind(), 8):
        (effect,) = price_effects(session, page, actor=an_actor(), at=NOON)
    assert effect.change == Decimal("10.0")
    (margin,) = effect.margins
    assert (margin.before, margin.after) == (Decimal("41.2"), Decimal("35.3"))
    assert effect.quotes == ("Q-2026-0001",)
    (hidden,) = price_effects(session, page, actor=an_actor(Role.PURCHASER), at=NOON)
    assert (hidden.margins, hidden.quotes, hidden.touched) == ((), (), 1)
    assert quotes_touched(session, page) == 1

"""Drafting and changing: what is filled in by itself, what is refused, and at which field."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from procurement.catalogue.models import Product
from procurement.catalogue.terms import ProductStatus
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, Forbidden, Invalid
from procurement.kernel.money import TaxRate, UnitPrice
from procurement.sales.operations.lines import QuoteLineInput
from procurement.sales.operations.quoting import ChangeQuote, DraftQuote, change_quote, draft_quote
from procurement.sales.queries.quotes import quote_page
from procurement.sales.terms import LineChoice
from tests.builders import NOON
from tests.sales.stories import SELLER, a_customer, a_draft, a_line, a_list, a_ready_shop, a_shop


def page_of(session, quote):
    session.flush()
    return quote_page(session, quote.number, actor=SELLER, at=NOON)


def change(session, quote, *lines, version=None, **more):
    command = ChangeQuote(
        number=quote.number,
        version=version or quote.version,
        valid_until=quote.valid_until,
        lines=lines,
        **more,
    )
    return change_quote(session, command, actor=SELLER, at=NOON)


def test_contact_currency_list_tax_and_validity_come_by_themselves(session):
    customer = a_ready_shop(session)
    page = page_of(session, a_draft(session))
    assert page.number == "Q-2026-0001"
    assert page.contact_name == "Aoife Ní Dhomhnaill"
    assert page.currency == customer.currency == "EUR"
    assert page.valid_until == date(2026, 12, 23)
    assert (page.lines[0].tax_code, page.lines[0].tax) == ("A", TaxRate(230_000))


def test_the_price_follows_the_customers_list_and_says_why(session):
    a_shop(session)
    a_list(session)
    a_list(session, "CLINICS", valid_until=date(2026, 12, 31))
    a_customer(session, price_list="CLINICS")
    lines = page_of(session, a_draft(session, a_line(packs=6, pack="case"))).lines
    assert lines[0].price.amount == "135.60"
    assert lines[0].price_reason == "List CLINICS, from 6 packs, until 31 Dec 2026"


def test_an_agreed_price_stands_beside_what_the_list_says(session):
    a_ready_shop(session)
    line = page_of(session, a_draft(session, a_line(price="10.5"))).lines[0]
    assert (line.price.amount, line.list_price.amount) == ("10.50", "11.90")
    assert line.price_reason == "Agreed price; List STD: 11.90"


def test_a_product_without_a_price_is_refused_unless_the_draft_may_wait_for_one(session):
    a_ready_shop(session)
    with pytest.raises(Invalid) as refusal:
        a_draft(session, a_line(), a_line("CRR-01"))
    assert [error.field for error in refusal.value.errors] == ["lines.1.unit_price"]
    page = page_of(session, a_draft(session, a_line("CRR-01"), ask_prices=True))
    assert page.lines[0].price is None
    assert page.gross.minor == 0


def test_every_bad_line_is_named_at_once(session):
    a_ready_shop(session)
    lines = (a_line("NOPE"), a_line(pack="barrel"), a_line(packs=0), a_line("\0"))
    with pytest.raises(Invalid) as refusal:
        a_draft(session, *lines)
    assert [error.field for error in refusal.value.errors] == [
        "lines.0.product",
        "lines.1.pack",
        "lines.2.packs",
        "lines.3.product",
    ]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"valid_until": date(2026, 11, 22)}, "valid_until"),
        ({"valid_until": date(2126, 1, 1)}, "valid_until"),
        ({"customer": "NOBODY"}, "customer"),
        ({"customer": "\0"}, "customer"),
        ({"currency": "XYZW"}, "currency"),
        ({"contact_id": 99999}, "contact"),
        ({"price_list": "NONE"}, "price_list"),
        ({"introduction": "x" * 10_001}, "introduction"),
    ],
)
def test_a_bad_head_is_refused_at_its_field(session, more, field):
    a_ready_shop(session)
    command = DraftQuote(**{"customer": "LINDEN", "lines": (a_line(),)} | more)
    with pytest.raises(Invalid) as refusal:
        draft_quote(session, command, actor=SELLER, at=NOON)
    assert [error.field for error in refusal.value.errors] == [field]


def test_a_price_in_another_currency_is_refused(session):
    a_ready_shop(session)
    line = QuoteLineInput(product="ALM-500", packs=1, price=UnitPrice(10_000, "USD"))
    with pytest.raises(Invalid, match="in EUR"):
        a_draft(session, line)


def test_a_rate_nobody_has_set_up_prints_as_its_percentage(session):
    a_ready_shop(session)
    quote = a_draft(session, a_line(tax=TaxRate(190_000)), a_line(tax=TaxRate(230_000)))
    page = page_of(session, quote)
    assert [line.tax_code for line in page.lines] == ["19%", "A"]
    again = change(session, quote, a_line(tax_code="19%"))
    assert page_of(session, again).lines[0].tax == TaxRate(190_000)


def test_changing_replaces_lines_in_place_and_moves_the_version(session):
    a_ready_shop(session)
    quote = a_draft(session, a_line(packs=1), a_line(packs=2), a_line(packs=3))
    before = quote.version
    change(session, quote, a_line(packs=9), a_line("CRR-01", price="5"))
    page = page_of(session, quote)
    assert [(line.product, line.packs) for line in page.lines] == [("ALM-500", 9), ("CRR-01", 2)]
    assert [line.position for line in page.lines] == [1, 2]
    assert page.version > before
    change(session, quote, *[a_line(packs=n) for n in range(1, 6)])
    assert [line.packs for line in page_of(session, quote).lines] == [1, 2, 3, 4, 5]


def test_a_stale_version_is_told_who_was_faster(session):
    a_ready_shop(session)
    quote = a_draft(session)
    read = quote.version
    change(session, quote, a_line(packs=9))
    session.flush()
    with pytest.raises(Conflict, match="Tomás Reilly changed"):
        change(session, quote, a_line(packs=1), version=read)


def test_a_discontinued_product_is_not_offered_anew_but_stays_where_it_stands(session):
    a_ready_shop(session)
    quote = a_draft(session, a_line())
    product = session.scalars(select(Product).where(Product.sku == "ALM-500")).one()
    product.status = ProductStatus.DISCONTINUED
    session.flush()
    change(session, quote, a_line(packs=3))
    with pytest.raises(Invalid, match="discontinued"):
        a_draft(session, a_line())


def test_stored_totals_agree_with_the_lines_read_back(session):
    a_ready_shop(session)
    lines = [a_line(packs=n, off="3.33", price=f"{n}.0{n}5") for n in range(1, 8)]
    quote = a_draft(session, *lines, a_line(choice=LineChoice.OPTIONAL))
    page = page_of(session, quote)
    assert (quote.net_minor, quote.tax_minor, quote.gross_minor) == (
        page.totals.net,
        page.totals.tax,
        page.totals.gross,
    )
    nets = [line.net.minor for line in page.lines]
    assert nets == [amounts.net for amounts in page.totals.lines]


def test_only_those_who_sell_may_draft(session):
    a_ready_shop(session)
    with pytest.raises(Forbidden):
        draft_quote(
            session,
            DraftQuote(customer="LINDEN"),
            actor=Actor(None, "Nobody"),
            at=NOON + timedelta(1),
        )

"""Goods from another state of the Union: no tax on the order, and the paper says who owes it. Other prices."""

import pytest
from lxml import etree
from sqlalchemy import select

from procurement.documents.ubl_order import order_to_ubl
from procurement.kernel.money import TaxRate
from procurement.purchasing.queries.orders import order_page
from procurement.purchasing.queries.papers import order_content
from procurement.purchasing.rules.acquiring import is_acquisition
from procurement.settings.operations.money import create_tax
from procurement.stock.models import Site
from tests.builders import a_company, a_supplier
from tests.exchange.peppol import broken_rules
from tests.purchasing.builders import (
    ANA,
    MONDAY,
    a_draft,
    a_placed_order,
    a_spa_that_orders,
    delivered,
    received,
)


@pytest.mark.parametrize(
    ("seller", "delivery", "buyer", "vat_id", "expected"),
    [
        ("DE", "IE", "IE", "IE6388047V", True),
        ("DE", "GR", "IE", "IE6388047V", True),
        ("DE", "DE", "IE", "IE6388047V", False),  # the goods do not leave Germany
        ("IE", "DE", "IE", "IE6388047V", False),  # no VAT number but the seller's country's
        ("DE", "GB", "IE", "IE6388047V", False),  # exported
        ("IE", "IE", "IE", "IE6388047V", False),
        ("GB", "IE", "IE", "IE6388047V", False),  # imported
        ("DE", "CH", "CH", "CHE123", False),
        ("DE", "IE", "IE", " ", False),
        ("", "IE", "IE", "IE6388047V", False),
    ],
)
def test_when_the_tax_is_ours_to_pay(seller, delivery, buyer, vat_id, expected):
    assert is_acquisition(seller, delivery, buyer, vat_id) is expected


@pytest.mark.parametrize(
    ("country", "house", "tax"),
    [
        ("Germany", "Ireland", "0.00"),
        ("Germany", "", "0.00"),
        ("Germany", "Germany", "182.85"),
        ("Ireland", "Ireland", "182.85"),
    ],
)
def test_the_order_bears_no_tax_and_says_why(session, country, house, tax):
    a_spa_that_orders(session)
    rate = create_tax(session, "STD", "VAT", TaxRate(230_000), actor=ANA, at=MONDAY)
    session.flush()
    company = a_company(session)
    company.default_tax_id, company.vat_id = rate.id, "IE 6388047V"
    company.email = "buy@linden.example"
    company.address = "12 Harbour Walk\nKinsale\nIreland"
    a_supplier(session, email="o@corrib.example", address=f"1 Dock\nPort\n{country}")
    session.scalars(select(Site)).one().address = f"3 Quay\nTown\n{house}" if house else ""
    session.flush()
    number = a_draft(session).number
    assert order_page(session, number).totals.tax.amount == tax
    content = order_content(session, number)
    notes = [note.text for note in content.arrangements if note.title == "VAT"]
    ours = tax == "0.00"
    assert bool(notes) is ours
    assert all("article 138" in note and "IE 6388047V" in note for note in notes)
    ubl = order_to_ubl(content)
    assert broken_rules(ubl) == []
    codes = {one.text for one in etree.fromstring(ubl).findall(".//{*}ClassifiedTaxCategory/{*}ID")}
    assert codes == ({"K"} if ours else {"S"})


def test_another_price_on_a_delivery_stands_at_the_order_s_line(session):
    a_spa_that_orders(session)
    number = a_placed_order(session).number
    receipt = received(session, number, delivered(4, noted_price="81.00"))
    (other,) = order_page(session, number).other_prices
    assert (other.position, other.price.amount, other.document, other.is_invoice) == (
        1,
        "81.00",
        receipt.number,
        False,
    )
    received(session, number, delivered(2, noted_price="79.50", supplier_lot="L9"))
    assert len(order_page(session, number).other_prices) == 1

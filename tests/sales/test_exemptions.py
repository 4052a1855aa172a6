"""Certificates of customers decide the tax of their lines; addresses, terms and numbers are kept in their parts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.kernel.money import Money, Rate
from procurement.sales.operations.customers import AddressInput, SaveCustomer, change_customer
from procurement.sales.operations.exemptions import (
    KeepExemption,
    keep_exemption,
    remove_exemption,
    verify_exemption,
)
from procurement.sales.queries.customers import customer_page
from procurement.sales.queries.taxing import exemptions_ending
from procurement.sales.rules.taxing import ExemptionKind
from procurement.sales.terms import AddressKind, CustomerKind, DeliveryTerm
from tests.builders import NOON
from tests.sales.stories import SELLER, a_buyer, a_draft, a_line, a_ready_shop

TODAY = NOON.date()
PLACE = AddressInput(
    AddressKind.DELIVERY,
    street="1 Palm Way",
    city="Ojai",
    region="CA",
    postal_code="93023",
    country="us",
)
LINDEN = SaveCustomer(
    name="Linden Rooms",
    kind=CustomerKind.SPA_OWNER,
    addresses=(PLACE,),
    payment_days=30,
    discount_days=10,
    discount=Rate(200),
    credit_limit=Money(500_000, "EUR"),
    delivery_term=DeliveryTerm.DAP,
    delivery_place="Ojai",
    vat_id="IE6388047V",
    tax_numbers=("DE 136 695 976",),
)


def change(session, **more):
    return change_customer(session, "LINDEN", replace(LINDEN, **more), actor=SELLER, at=NOON)


def keep(session, number="R-1", **more):
    wanted = {"kind": ExemptionKind.RESALE, "jurisdiction": "us-ca", "verified": True, **more}
    command = KeepExemption(customer="LINDEN", number=number, **wanted)
    return keep_exemption(session, command, actor=SELLER, at=NOON)


def taxes(session):
    """Of a line for resale and one for their own use."""
    lines = a_draft(session, a_line(), a_line("CRR-01", price="10", own_use=True)).lines
    return [(line.tax_code, line.tax_ppm) for line in lines], [line.tax_reason for line in lines]


def test_resale_and_own_use_are_taxed_line_by_line(session):
    a_ready_shop(session)
    change(session)
    paper = keep(session, verified=False)
    assert taxes(session)[0] == [("A", 230_000), ("A", 230_000)]
    verify_exemption(session, "LINDEN", paper.id, actor=SELLER, at=NOON)
    rates, reasons = taxes(session)
    assert rates == [("0%", 0), ("A", 230_000)]
    assert reasons[0] == "For resale, certificate R-1 of US-CA"
    assert "own use" in reasons[1]
    said = a_draft(session, a_line(tax_code="A")).lines[0]
    assert (said.tax_ppm, said.tax_reason) == (230_000, "")  # a person chose it
    remove_exemption(session, "LINDEN", paper.id, actor=SELLER, at=NOON)
    assert taxes(session)[0] == [("A", 230_000), ("A", 230_000)]


def test_an_expired_certificate_taxes_the_line_and_those_near_their_end_are_told(session):
    customer = a_ready_shop(session)
    change(session)
    keep(session, "OLD", valid_until=TODAY - timedelta(days=1))
    keep(session, "SOON", valid_until=TODAY + timedelta(days=30), jurisdiction="DE")
    keep(session, "LATER", valid_until=TODAY + timedelta(days=31), jurisdiction="FR")
    assert "certificate OLD ended on" in taxes(session)[1][0]
    ending = exemptions_ending(session, actor=SELLER, at=NOON, limit=8)
    assert [row.number for row in ending] == ["OLD", "SOON"]
    with pytest.raises(Conflict):
        keep(session, "OLD")
    with pytest.raises(NotFound):
        remove_exemption(session, "LINDEN", 9**9, actor=SELLER, at=NOON)
    page = customer_page(session, "LINDEN", actor=a_buyer(customer))
    assert page.credit_limit is None


def test_what_is_kept_of_a_customer_is_read_back(session):
    a_ready_shop(session)
    change(session)
    page = customer_page(session, "LINDEN", actor=SELLER)
    assert page.addresses[0].lines == "1 Palm Way\nOjai, CA 93023\nUNITED STATES"
    assert page.addresses[0].country == "US"
    assert (page.vat_id, page.tax_numbers) == ("IE6388047V", ("DE136695976",))
    assert (page.payment_days, page.discount, page.credit_limit) == (
        30,
        Rate(200),
        Money(500_000, "EUR"),
    )
    change(session, tax_numbers=())
    assert customer_page(session, "LINDEN", actor=SELLER).tax_numbers == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"addresses": (replace(PLACE, country="ZZ"),)}, "addresses.0.country"),
        ({"addresses": (replace(PLACE, postal_code="1" * 21),)}, "addresses.0.postal_code"),
        ({"tax_numbers": ("DE136695977",)}, "tax_numbers.0"),
        ({"tax_numbers": ("IE6388047V",)}, "tax_numbers.0"),
        ({"payment_days": 366}, "payment_days"),
        ({"discount": None}, "discount_days"),
        ({"credit_limit": Money(1, "USD")}, "credit_limit"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(session, changes, field):
    a_ready_shop(session)
    with pytest.raises(Invalid) as refusal:
        change(session, **changes)
    assert refusal.value.errors[0].field == field


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"jurisdiction": "California"}, "jurisdiction"),
        ({"content": b"hello"}, "file"),
        ({"valid_from": TODAY, "valid_until": date(2020, 1, 1)}, "valid_until"),
    ],
)
def test_a_bad_certificate_is_refused_at_its_field(session, changes, field):
    a_ready_shop(session)
    with pytest.raises(Invalid) as refusal:
        keep(session, **changes)
    assert refusal.value.errors[0].field == field

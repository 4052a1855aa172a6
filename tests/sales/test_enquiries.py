"""A message arrives, is answered, becomes a customer and a quote; once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from procurement.kernel.actor import PUBLIC
from procurement.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.kernel.paging import PageRequest
from procurement.outbox.models import Message
from procurement.sales.operations.enquiries import (
    AskedProduct,
    LeaveMessage,
    RequestQuote,
    answer_enquiry,
    close_enquiry,
    leave_message,
    quote_enquiry,
    request_quote,
)
from procurement.sales.queries.customers import customer_page
from procurement.sales.queries.enquiries import enquiries, enquiry_page, inbox_counts
from procurement.sales.queries.quotes import quote_page
from procurement.sales.terms import CustomerKind, EnquiryStatus
from tests.builders import NOON
from tests.sales.stories import SELLER, a_buyer, a_list, a_ready_shop, a_shop

LATER = NOON + timedelta(hours=1)


def write(session, **more):
    command = LeaveMessage(
        **{
            "name": "Ελένη",
            "email": "eleni@alkyoni.example",
            "kind": CustomerKind.SPA_OWNER,
            "message": "Do you have almond oil?",
            "consent": True,
        }
        | more
    )
    enquiry = leave_message(session, command, actor=PUBLIC, at=NOON)
    session.flush()
    return enquiry


def test_a_message_lands_in_the_inbox_and_the_company_hears_of_it(session):
    a_shop(session)
    write(session, products=(AskedProduct("ALM-500"),))
    row = enquiries(session, PageRequest(), actor=SELLER).items[0]
    assert (row.number, row.status, row.products) == ("E-2026-0001", EnquiryStatus.NEW, 1)
    assert inbox_counts(session, actor=SELLER).new == 1
    assert session.scalars(select(Message)).one().recipient == "sales@spa.example"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@b.example\r\nBcc: x@y.example"}, "email"),
        ({"message": ""}, "message"),
        ({"message": "x" * 10_001}, "message"),
        ({"products": (AskedProduct("NOPE"),)}, "products.0.product"),
        ({"products": (AskedProduct("ALM-500", packs=0),)}, "products.0.packs"),
        ({"products": (AskedProduct("ALM-500", "barrel"),)}, "products.0.pack"),
    ],
)
def test_a_bad_message_is_refused_at_its_field(session, more, field):
    a_shop(session)
    with pytest.raises(Invalid) as refusal:
        write(session, **more)
    assert refusal.value.errors[0].field == field
    assert inbox_counts(session, actor=SELLER).new == 0


def test_an_answer_goes_out_by_mail_and_is_kept_with_the_enquiry(session):
    a_shop(session)
    write(session)
    answer_enquiry(session, "E-2026-0001", "Yes, we do.", actor=SELLER, at=LATER)
    session.flush()
    page = enquiry_page(session, "E-2026-0001", actor=SELLER)
    assert (page.status, page.answered_at) == (EnquiryStatus.ANSWERED, LATER)
    assert page.mails[0].body.startswith("Yes, we do.")
    assert "> Do you have almond oil?" in page.mails[0].body


def test_a_quote_of_it_makes_a_customer_and_lines_once(session):
    a_shop(session)
    a_list(session)
    asked = (AskedProduct("ALM-500", "case", 4), AskedProduct("CRR-01"))
    write(session, company="Θέρμες Αλκυόνη", products=asked)
    quote = quote_enquiry(session, "E-2026-0001", actor=SELLER, at=LATER)
    session.flush()
    page = quote_page(session, quote.number, actor=SELLER, at=LATER)
    assert page.customer_name == "Θέρμες Αλκυόνη"
    assert [(line.product, line.packs, line.price is None) for line in page.lines] == [
        ("ALM-500", 4, False),
        ("CRR-01", 1, True),
    ]
    customer = customer_page(session, page.customer, actor=SELLER)
    assert [contact.name for contact in customer.contacts] == ["Ελένη"]
    assert enquiry_page(session, "E-2026-0001", actor=SELLER).status is EnquiryStatus.QUOTED
    with pytest.raises(Conflict, match="already"):
        quote_enquiry(session, "E-2026-0001", actor=SELLER, at=LATER)


def test_somebody_who_writes_from_a_known_address_is_recognised_but_not_presumed(session):
    a_ready_shop(session)
    write(session, email="LINDEN@rooms.example")
    page = enquiry_page(session, "E-2026-0001", actor=SELLER)
    assert (page.customer, page.likely_customer) == (None, "LINDEN")
    quote = quote_enquiry(session, "E-2026-0001", actor=SELLER, at=LATER, customer="LINDEN")
    assert quote_page(session, quote.number, actor=SELLER, at=LATER).customer == "LINDEN"


def test_a_buyers_basket_arrives_with_its_customer(session):
    buyer = a_buyer(a_ready_shop(session))
    request = RequestQuote(lines=(AskedProduct("ALM-500", "case", 2),), message="For March")
    enquiry = request_quote(session, request, actor=buyer, at=NOON)
    session.flush()
    page = enquiry_page(session, enquiry.number, actor=SELLER)
    assert page.customer == "LINDEN"
    assert [(line.product, line.packs) for line in page.lines] == [("ALM-500", 2)]
    with pytest.raises(Invalid):
        request_quote(session, RequestQuote(lines=()), actor=buyer, at=NOON)
    with pytest.raises(Forbidden):
        request_quote(session, request, actor=PUBLIC, at=NOON)


def test_a_closed_enquiry_is_closed(session):
    a_shop(session)
    write(session)
    close_enquiry(session, "E-2026-0001", actor=SELLER, at=NOON)
    for act in (
        lambda: answer_enquiry(session, "E-2026-0001", "Hello", actor=SELLER, at=NOON),
        lambda: close_enquiry(session, "E-2026-0001", actor=SELLER, at=NOON),
        lambda: quote_enquiry(session, "E-2026-0001", actor=SELLER, at=NOON),
    ):
        with pytest.raises(Conflict, match="closed"):
            act()


def test_what_is_not_there_is_not_there(session):
    a_shop(session)
    for number in ("E-2026-0099", "\0"):
        with pytest.raises(NotFound):
            close_enquiry(session, number, actor=SELLER, at=NOON)

"""A message arrives, is answered, becomes a customer and a quote; once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from procurement.kernel.actor import PUBLIC, Actor
from procurement.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.outbox.models import Message
from procurement.sales.operations.enquiries import (
    CONSENT,
    AskedProduct,
    LeaveMessage,
    RequestQuote,
    leave_message,
    request_quote,
    write_again,
)
from procurement.sales.operations.inbox import (
    answer_enquiry,
    assign_enquiry,
    lose_enquiry,
    quote_enquiry,
    reopen_enquiry,
)
from procurement.sales.operations.issuing import IssueQuote, issue_quote
from procurement.sales.queries.customers import customer_page
from procurement.sales.queries.enquiries import enquiry_page, linked_thread
from procurement.sales.queries.inbox import (
    EnquiryFilter,
    enquiries,
    inbox_counts,
    times_to_answer,
)
from procurement.sales.queries.quotes import quote_page
from procurement.sales.terms import CustomerKind, EnquiryStatus, InboxView, LossReason
from tests.builders import NOON
from tests.queries import assert_queries
from tests.sales.stories import SELLER, URL, a_buyer, a_list, a_person, a_ready_shop, a_shop, euros

LATER = NOON + timedelta(hours=1)
FIRST = "E-2026-0001"


def write(session, at=NOON, **more):
    command = LeaveMessage(
        **{
            "name": "Ελένη",
            "email": "eleni@alkyoni.example",
            "kind": CustomerKind.SPA_OWNER,
            "message": "Do you have almond oil?",
            "consent": CONSENT,
        }
        | more
    )
    enquiry = leave_message(session, command, actor=PUBLIC, at=at)
    session.flush()
    return enquiry


def test_a_message_lands_in_the_inbox_and_the_company_hears_of_it(session):
    a_shop(session)
    write(session, products=(AskedProduct("ALM-500"),))
    row = enquiries(session, PageRequest(), EnquiryFilter(), actor=SELLER).items[0]
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
    answer_enquiry(session, "E-2026-0001", "Yes, we do.", actor=SELLER, at=LATER, public_url=URL)
    session.flush()
    page = enquiry_page(session, "E-2026-0001", actor=SELLER)
    assert (page.status, page.answered_at) == (EnquiryStatus.ANSWERED, LATER)
    assert page.first_answer == timedelta(hours=1)
    assert [(one.author, one.body, one.is_ours) for one in page.thread] == [
        ("Tomás Reilly", "Yes, we do.", True)
    ]
    mail = session.scalars(select(Message).where(Message.recipient == page.email)).one()
    assert mail.body.startswith("Yes, we do.")
    assert f"{URL}/m/{page.link_token}" in mail.body
    assert "> Do you have almond oil?" in mail.body


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


def test_what_is_given_up_has_a_reason_and_can_be_opened_again(session):
    a_shop(session)
    write(session)
    lose_enquiry(session, FIRST, LossReason.PRICE, "Half as much", actor=SELLER, at=LATER)
    session.flush()
    page = enquiry_page(session, FIRST, actor=SELLER)
    assert (page.status, page.lost_reason, page.lost_note) == ("lost", "price", "Half as much")
    assert page.waiting_since is None
    for act in (
        lambda: answer_enquiry(session, FIRST, "Hello", actor=SELLER, at=NOON),
        lambda: lose_enquiry(session, FIRST, LossReason.OTHER, actor=SELLER, at=NOON),
        lambda: quote_enquiry(session, FIRST, actor=SELLER, at=NOON),
        lambda: assign_enquiry(session, FIRST, None, actor=SELLER, at=NOON),
    ):
        with pytest.raises(Conflict, match="given up"):
            act()
    reopen_enquiry(session, FIRST, actor=SELLER, at=LATER)
    session.flush()
    page = enquiry_page(session, FIRST, actor=SELLER)
    assert (page.status, page.lost_reason, page.waiting_since) == ("new", None, NOON)
    with pytest.raises(Conflict, match="open already"):
        reopen_enquiry(session, FIRST, actor=SELLER, at=LATER)


def test_the_sender_writes_again_by_the_link_and_waits_again(session):
    a_shop(session)
    token = write(session).link_token
    answer_enquiry(session, FIRST, "Yes.", actor=SELLER, at=LATER)
    lose_enquiry(session, FIRST, LossReason.NO_REPLY, actor=SELLER, at=LATER)
    for _ in range(2):  # a second click within minutes is the same message
        write_again(session, token, "Two cases, please", at=LATER, came_from="10.0.0.1")
        session.flush()
    page = enquiry_page(session, FIRST, actor=SELLER)
    assert (page.status, page.waiting_since) == (EnquiryStatus.ANSWERED, LATER)
    assert [one.body for one in page.thread] == ["Yes.", "Two cases, please"]
    assert [one.is_answered for one in page.thread] == [False, False]
    assert linked_thread(session, token).thread == page.thread
    answer_enquiry(session, FIRST, "Gladly.", actor=SELLER, at=LATER + timedelta(hours=3))
    session.flush()
    page = enquiry_page(session, FIRST, actor=SELLER)
    assert page.waiting_since is None
    assert page.thread[1].is_answered
    assert page.first_answer == timedelta(hours=1)
    for wrong in ("x", "\0", "A" * 22):
        with pytest.raises(NotFound):
            write_again(session, wrong, "Hello", at=LATER)
    with pytest.raises(Invalid, match="few words"):
        write_again(session, token, " ", at=LATER)


def test_an_enquiry_is_somebodys_and_they_hear_of_it(session):
    a_shop(session)
    ida = a_person(session, "ida", Role.SALES)
    otto = a_person(session, "otto", Role.THERAPIST)
    write(session)
    write(session, email="other@rooms.example")
    assign_enquiry(session, FIRST, ida.email, actor=SELLER, at=NOON)
    session.flush()
    told = session.scalars(select(Message).where(Message.recipient == ida.email)).one()
    assert told.subject == "E-2026-0001 from Ελένη is yours"
    actor = Actor(id=ida.id, name="Ida", permissions=SELLER.permissions)
    for view, numbers in (
        (InboxView.MINE, [FIRST]),
        (InboxView.UNASSIGNED, ["E-2026-0002"]),
        (InboxView.WAITING, ["E-2026-0002", FIRST]),
    ):
        page = enquiries(session, PageRequest(), EnquiryFilter(view=view), actor=actor)
        assert [row.number for row in page.items] == numbers, view
    counts = inbox_counts(session, actor=actor)
    assert (counts.mine, counts.unassigned, counts.waiting) == (1, 1, 2)
    # What they write from now on goes to whose it is; who answers takes what is nobody's.
    write_again(session, enquiry_page(session, FIRST, actor=SELLER).link_token, "Hm", at=LATER)
    answer_enquiry(session, "E-2026-0002", "Yes", actor=actor, at=LATER)
    session.flush()
    assert len(session.scalars(select(Message).where(Message.recipient == ida.email)).all()) == 2
    assert enquiry_page(session, "E-2026-0002", actor=SELLER).assigned_to == ida.email
    # Who has left reads no mail: the company does.
    ida.active = False
    write_again(session, enquiry_page(session, FIRST, actor=SELLER).link_token, "Hello?", at=LATER)
    session.flush()
    last = session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()
    assert last.recipient != ida.email
    for nobody in (otto.email, "nobody@spa.example", "\0"):
        with pytest.raises(Invalid, match="who sells"):
            assign_enquiry(session, FIRST, nobody, actor=SELLER, at=NOON)
    assign_enquiry(session, FIRST, None, actor=SELLER, at=NOON)
    session.flush()
    assert enquiry_page(session, FIRST, actor=SELLER).assigned_to is None


def test_the_same_words_within_minutes_are_one_enquiry(session):
    a_shop(session)
    minutes = (0, 5, 11)
    numbers = [write(session, at=NOON + timedelta(minutes=m)).number for m in minutes]
    assert numbers == [FIRST, FIRST, "E-2026-0002"]
    assert write(session, message="Something else").number == "E-2026-0003"


def test_a_target_price_comes_with_its_line(session):
    a_shop(session)
    asked = AskedProduct("ALM-500", "case", 4, euros("130"))
    write(session, products=(asked,))
    (line,) = enquiry_page(session, FIRST, actor=SELLER).lines
    assert (line.packs, line.target) == (4, euros("130"))


def test_how_long_they_waited_is_measured_until_the_first_word_or_the_quote(session):
    a_ready_shop(session)
    for hours in range(1, 10):
        number = write(session, message=str(hours)).number
        answer_enquiry(session, number, "Yes", actor=SELLER, at=NOON + timedelta(hours=hours))
    number = write(session, products=(AskedProduct("ALM-500", "case", 4),)).number
    made = quote_enquiry(session, number, actor=SELLER, at=LATER).number
    session.flush()
    assert enquiry_page(session, number, actor=SELLER).answered_at is None
    command = IssueQuote(number=made, public_url=URL)
    issue_quote(session, command, actor=SELLER, at=NOON + timedelta(hours=10))
    session.flush()
    page = enquiry_page(session, number, actor=SELLER)
    assert (page.first_answer, page.waiting_since) == (timedelta(hours=10), None)
    until = NOON + timedelta(days=1)
    with assert_queries(session.connection(), 1):
        times = times_to_answer(session, since=NOON, until=until, actor=SELLER)
    assert (times.answered, times.median, times.p90) == (
        10,
        timedelta(hours=5),
        timedelta(hours=9),
    )
    assert times_to_answer(session, since=until, until=until, actor=SELLER).median is None


def test_the_inbox_takes_two_statements_however_long_it_is(session):
    a_shop(session)
    for i in range(12):
        write(session, message=str(i), products=(AskedProduct("ALM-500"),))
    with assert_queries(session.connection(), 2):
        page = enquiries(session, PageRequest(5), EnquiryFilter(), actor=SELLER)
        inbox_counts(session, actor=SELLER)
    rest = enquiries(
        session, PageRequest.parse(200, page.next), EnquiryFilter(), actor=SELLER
    ).items
    assert [row.number for row in (*page.items, *rest)] == [
        f"E-2026-{n:04}" for n in range(12, 0, -1)
    ]


def test_what_is_not_there_is_not_there(session):
    a_shop(session)
    for number in ("E-2026-0099", "\0"):
        with pytest.raises(NotFound):
            reopen_enquiry(session, number, actor=SELLER, at=NOON)

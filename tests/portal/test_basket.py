"""The basket: kept with the account or in the browser, asked about as one, seen by its owner only."""

import re

import pytest

from procurement.kernel.clock import utc_now
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.sales.operations.issuing import IssueQuote, issue_quote
from procurement.sales.operations.questions import answer_question
from procurement.sales.operations.quoting import DraftQuote, draft_quote
from procurement.sales.queries.enquiries import enquiry_page
from procurement.sales.queries.inbox import EnquiryFilter, enquiries
from procurement.sales.queries.talk import open_questions
from procurement.sales.terms import LineChoice
from tests.builders import a_product
from tests.documents.papers import text_of
from tests.doors import sign_in
from tests.queries import assert_queries
from tests.sales.stories import SELLER, URL, a_customer, a_line, a_ready_shop

CASE = "/basket/ALM-500/case"


@pytest.fixture
def work(app):
    return app.extensions["uow"]


@pytest.fixture
def customers(work):
    with work.write() as session:
        return a_ready_shop(session).id, a_customer(session, "BIRCH").id


@pytest.fixture
def buyer(client, customers):
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=customers[0])
    return client


def a_quote_for(work, customer):
    with work.write() as session:
        lines = (a_line(), a_line("CRR-01", price="20", choice=LineChoice.OPTIONAL))
        command = DraftQuote(customer=customer, lines=lines)
        number = draft_quote(session, command, actor=SELLER, at=utc_now()).number
        issue_quote(session, IssueQuote(number=number, public_url=URL), actor=SELLER, at=utc_now())
    return number


def told(answer):
    return answer.text.partition("</head>")[2]  # before it stands the nonce of this answer


def test_a_buyer_fills_a_basket_and_it_becomes_a_request(buyer, work):
    assert buyer.post(CASE, data={"packs": "6", "back": "/catalogue#p-1"}).location == (
        "/catalogue#p-1"
    )
    assert buyer.post("/basket/CRR-01/piece", data={"packs": "2"}).status_code == 303
    page = buyer.get("/basket").text
    assert "6 cases = 36,000" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "€813.60" in page
    assert "1 of them is priced in the quote" in page
    sent = buyer.post("/basket/ask", data={"message": "By Friday, please"})
    assert sent.location == "/account/quotes"
    own = buyer.get("/account/quotes").text
    assert "Being prepared" in own
    assert "2 products" in own
    assert "Nothing in it yet" in buyer.get("/basket").text
    with work.read() as session:
        (row,) = enquiries(session, PageRequest(), EnquiryFilter(), actor=SELLER).items
        asked = enquiry_page(session, row.number, actor=SELLER)
    assert asked.customer == "LINDEN"
    assert asked.message == "By Friday, please"
    assert {(line.product, line.pack, line.packs) for line in asked.lines} == {
        ("ALM-500", "case", 6),
        ("CRR-01", "piece", 2),
    }


def test_an_empty_basket_asks_for_nothing(buyer):
    answer = buyer.post("/basket/ask", data={"message": ""})
    assert answer.status_code == 422


def test_the_same_number_twice_is_the_same_basket_and_none_takes_it_out(buyer):
    for _ in range(2):
        buyer.post(CASE, data={"packs": "3"})
    head = re.sub(r"</?span[^>]*>", "", buyer.get("/").text)
    assert "Basket, 1 product" in head
    buyer.post(CASE, data={"packs": "0"})
    assert "Nothing in it yet" in buyer.get("/basket").text


@pytest.mark.parametrize(
    "typed", ["", "-1", "1.5", "NaN", "Infinity", "1e400", "9" * 40, "1000001"]
)
def test_what_is_no_number_of_packs_changes_nothing(client, buyer, typed):
    assert buyer.post(CASE, data={"packs": typed}).status_code == 303
    assert "Nothing in it yet" in buyer.get("/basket").text


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x", ""]
)
def test_the_way_back_never_leaves_the_site(buyer, back):
    assert buyer.post(CASE, data={"packs": "1", "back": back}).location == "/basket"


@pytest.mark.parametrize("address", ["/basket/NONE/x", "/basket/ALM-500/x", "/basket/%00/x"])
def test_what_is_not_there_goes_into_no_basket(client, customers, address):
    assert client.post(address, data={"packs": "1"}).status_code == 404


def test_a_visitors_basket_stays_in_the_browser_and_comes_along_when_signing_in(client, customers):
    client.post(CASE, data={"packs": "2"})
    page = client.get("/basket").text
    assert "2 cases" in page
    assert "€" not in page
    assert "/message/?about=basket" in page
    assert client.post("/basket/ask", data={}).status_code == 303
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=customers[0])
    assert "before you signed in" in client.get("/basket").text
    client.post("/basket/take-over")
    page = client.get("/basket").text
    assert "2 cases" in page
    assert "before you signed in" not in page


def test_a_visitors_basket_has_an_end(client, work, customers):
    with work.write() as session:
        for n in range(51):
            a_product(session, f"P-{n}")
    for n in range(51):
        client.post(f"/basket/P-{n}/bottle", data={"packs": "1"})
    assert "50 products" in client.get("/basket").text


def test_two_buyers_see_nothing_of_each_other(client, work, customers):
    linden, birch = customers
    theirs = a_quote_for(work, "LINDEN")
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=linden)
    client.post(CASE, data={"packs": "2"})
    client.post("/basket/ask", data={})
    client.post(CASE, data={"packs": "1"})
    assert theirs in client.get("/account/quotes").text
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=birch)
    own = client.get("/account/quotes").text
    assert theirs not in own
    assert "E-2026-0001" not in own
    assert "Nothing in it yet" in client.get("/basket").text
    assert "LINDEN" not in client.get("/account").text
    nobodys = "Q-2026-9999"
    for address in ("/account/quotes/{}", "/account/quotes/{}/1/pdf"):
        there, not_there = (client.get(address.format(n)) for n in (theirs, nobodys))
        assert there.status_code == not_there.status_code == 404
        assert told(there).replace(theirs, nobodys) == told(not_there)
    for verb, field in (("accept", "name"), ("decline", "decline-name")):
        answers = [
            client.post(f"/account/quotes/{n}/{verb}", data={field: "Mallory"})
            for n in (theirs, nobodys)
        ]
        assert [answer.status_code for answer in answers] == [404, 404]


def test_a_buyer_reads_takes_and_accepts_their_quote(client, work, customers):
    number = a_quote_for(work, "LINDEN")
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=customers[0])
    page = client.get(f"/account/quotes/{number}").text
    assert "€29.27" in page
    assert "List STD" not in page
    assert client.get(f"/account/quotes/{number}/1/pdf").data.startswith(b"%PDF")
    refused = client.post(f"/account/quotes/{number}/accept", data={"name": ""})
    assert refused.status_code == 422
    done = client.post(f"/account/quotes/{number}/accept", data={"name": "Aoife", "options": ["2"]})
    assert done.status_code == 303
    assert "Accepted by Aoife" in client.get(f"/account/quotes/{number}").text
    again = client.post(f"/account/quotes/{number}/accept", data={"name": "Aoife"})
    assert again.status_code in {409, 422}


def test_a_buyer_declines_with_a_reason(client, work, customers):
    number = a_quote_for(work, "LINDEN")
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=customers[0])
    sent = {"decline-name": "Aoife", "decline-reason": "Too dear"}
    assert client.post(f"/account/quotes/{number}/decline", data=sent).status_code == 303
    assert "Declined by Aoife" in client.get(f"/account/quotes/{number}").text


def test_a_buyer_asks_about_their_own_quote_and_nobody_elses(client, work, customers):
    number = a_quote_for(work, "LINDEN")
    at = f"/account/quotes/{number}"
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=customers[0])
    assert client.post(f"{at}/question", data={"ask-question": " "}).status_code == 422
    asked = {"ask-question": "With <i>nuts</i>?"}
    assert client.post(f"{at}/question", data=asked).status_code == 303
    with work.write() as session:
        (question,) = open_questions(session, actor=SELLER, limit=9)
        assert (question.number, question.body) == (number, "With <i>nuts</i>?")
        answer_question(session, number, "Without.", actor=SELLER, at=utc_now(), public_url=URL)
    page = client.get(at).text
    assert "With &lt;i&gt;nuts&lt;/i&gt;?" in page
    assert "Without." in page
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=customers[1])
    assert client.post(f"{at}/question", data=asked).status_code == 404


def test_a_draft_is_not_there_for_the_buyer(client, work, customers):
    with work.write() as session:
        command = DraftQuote(customer="LINDEN", lines=(a_line(),))
        number = draft_quote(session, command, actor=SELLER, at=utc_now()).number
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=customers[0])
    assert client.get(f"/account/quotes/{number}").status_code == 404
    assert number not in client.get("/account/quotes").text


def test_what_is_ones_own_is_not_for_visitors_and_not_for_staff(client, customers):
    pages = ("/account", "/account/quotes", "/account/quotes/Q-2026-0001")
    for address in pages:
        assert "/sign-in" in client.get(address).location
    sign_in(client, Role.ADMINISTRATOR)
    for address in pages:
        assert client.get(address).status_code == 403
    assert client.post("/basket/take-over").status_code == 403


def test_a_buyer_of_nobody_is_told_so(client, customers):
    sign_in(client, Role.WHOLESALE_BUYER)
    assert "not tied to a customer" in client.get("/account").text
    client.post(CASE, data={"packs": "1"})
    refused = client.post("/basket/ask", data={})
    assert refused.status_code == 422
    assert "not tied to a customer" in refused.text
    assert client.get("/account/quotes").status_code == 404


def test_own_pages_ask_a_fixed_number_of_questions(client, work, customers):
    for _ in range(4):
        number = a_quote_for(work, "LINDEN")
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=customers[0])
    client.post(CASE, data={"packs": "1"})
    for address, most in (
        ("/basket", 13),  # one for the price rules, one for the terms of orders
        ("/account", 12),
        ("/account/quotes", 10),
        (f"/account/quotes/{number}", 14),
    ):
        with assert_queries(work.engine, most):
            assert client.get(address).status_code == 200


def test_the_buyers_own_quote_the_link_and_the_paper_say_the_same(buyer, work, client):
    with work.write() as session:
        lines = (
            a_line(section="Oils", pack="case", packs=6, off="2.5"),
            a_line("CRR-01", price="20", section="Tools"),
            a_line("CRR-01", price="31.50", choice=LineChoice.OPTIONAL),
        )
        command = DraftQuote(customer="LINDEN", lines=lines)
        number = draft_quote(session, command, actor=SELLER, at=utc_now()).number
        order = IssueQuote(number=number, public_url=URL)
        token = issue_quote(session, order, actor=SELLER, at=utc_now()).link_token
    own, linked = buyer.get(f"/account/quotes/{number}").text, buyer.get(f"/q/{token}").text
    paper = text_of(buyer.get(f"/account/quotes/{number}/1/pdf").data)
    facts = ("793.26", "40.00", "833.26", "191.65", "1,024.91", "63.00", "Oils", "Tools", "O.1")
    for page in (own, linked, paper):
        assert [fact for fact in facts if fact not in page] == []
    for page in (own, linked):
        assert "Subtotal 793.26" in page
        assert "not included in the totals" in page
        assert re.search(r"on 833\.26</dt><dd>191\.65", page)

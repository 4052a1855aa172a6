"""The private link: whoever holds it reads and answers; nobody else learns that it exists."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from procurement.kernel.clock import utc_now
from procurement.sales.models import Quote
from procurement.sales.operations.answering import cancel_quote
from procurement.sales.operations.issuing import IssueQuote, issue_quote, revise_quote
from procurement.sales.operations.quoting import DraftQuote, draft_quote
from procurement.sales.queries.quotes import quote_page
from procurement.sales.terms import LineChoice, QuoteStatus
from tests.sales.stories import SELLER, URL, a_line, a_ready_shop


@pytest.fixture
def work(app):
    return app.extensions["uow"]


@pytest.fixture
def link(work):
    with work.write() as session:
        a_ready_shop(session)
        lines = (a_line(), a_line("CRR-01", price="20", choice=LineChoice.OPTIONAL))
        command = DraftQuote(customer="LINDEN", lines=lines, introduction="Dear <b>Aoife</b>")
        number = draft_quote(session, command, actor=SELLER, at=utc_now()).number
    return issued(work, number)


def issued(work, number="Q-2026-0001"):
    with work.write() as session:
        number = number if number.startswith("Q") else "Q-2026-0001"
        command = IssueQuote(number=number, public_url=URL)
        return issue_quote(session, command, actor=SELLER, at=utc_now()).link_token


def stored(work, token):
    with work.read() as session:
        number = session.query(Quote.number).filter_by(link_token=token).scalar()
        return quote_page(session, number, actor=SELLER, at=utc_now(), revision=1)


def test_the_page_tells_everything_and_is_kept_from_search_engines(client, link):
    answer = client.get(f"/q/{link}")
    assert "€29.27" in answer.text
    assert "Dear &lt;b&gt;Aoife&lt;/b&gt;" in answer.text
    assert "List STD" not in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]
    paper = client.get(f"/q/{link}/pdf")
    assert paper.data.startswith(b"%PDF")
    assert paper.headers["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("token", ["x", "A" * 22, "%00", "\N{SNOWMAN}"])
def test_a_link_nobody_made_leads_nowhere(client, link, token):
    for path in (f"/q/{token}", f"/q/{token}/pdf"):
        assert client.get(path).status_code == 404
    assert client.post(f"/q/{token}/accept", data={"name": "A"}).status_code == 404
    assert client.post(f"/q/{token}/decline", data={"decline-name": "A"}).status_code == 404


def test_it_is_accepted_with_a_name_an_option_and_an_address(client, work, link):
    sent = {"name": "Aoife", "note": "Order 77", "options": "2"}
    assert client.post(f"/q/{link}/accept", data=sent).status_code == 303
    assert "Accepted by Aoife" in client.get(f"/q/{link}").text
    page = stored(work, link)
    assert page.answer_note == "Order 77\nWith option O.1."
    with work.read() as session:
        assert session.query(Quote.answered_from).scalar() == "127.0.0.1"


def test_a_second_click_changes_nothing_and_says_what_stands(client, work, link):
    for name in ("Aoife", "Aoife", "Brian"):
        assert client.post(f"/q/{link}/accept", data={"name": name}).status_code == 303
    client.post(f"/q/{link}/decline", data={"decline-name": "Brian"})
    page = stored(work, link)
    assert (page.status, page.answered_by) == (QuoteStatus.ACCEPTED, "Aoife")


def test_it_is_declined_with_a_reason(client, work, link):
    sent = {"decline-name": "Aoife", "decline-reason": "Too dear"}
    assert client.post(f"/q/{link}/decline", data=sent).status_code == 303
    assert "Declined by Aoife" in client.get(f"/q/{link}").text
    assert stored(work, link).decline_reason == "Too dear"


@pytest.mark.parametrize(
    "sent", [{}, {"name": " "}, {"name": "x" * 300}, {"name": "A", "options": "1"}]
)
def test_an_answer_that_cannot_be_taken_is_refused_and_nothing_changes(client, work, link, sent):
    assert client.post(f"/q/{link}/accept", data=sent).status_code == 422
    assert stored(work, link).status is QuoteStatus.ISSUED


def test_an_expired_quote_says_so_and_takes_no_answer(client, work, link):
    with work.write() as session:
        yesterday = utc_now().date() - timedelta(days=2)
        session.execute(update(Quote).values(valid_until=yesterday))
    assert "stood until" in client.get(f"/q/{link}").text
    client.post(f"/q/{link}/accept", data={"name": "A"})
    assert stored(work, link).status is QuoteStatus.EXPIRED


def test_a_replaced_or_withdrawn_quote_says_so_kindly_and_gives_no_paper(client, work, link):
    number = stored(work, link).number
    with work.write() as session:
        revise_quote(session, number, actor=SELLER, at=utc_now())
    newer = issued(work, number)
    page = client.get(f"/q/{link}")
    assert page.status_code == 200
    assert "newer version" in page.text
    assert "29.27" not in page.text
    assert client.get(f"/q/{link}/pdf").status_code == 404
    with work.write() as session:
        cancel_quote(session, number, actor=SELLER, at=utc_now())
    assert "withdrawn" in client.get(f"/q/{newer}").text


def test_guessing_is_slowed_down(client, link):
    answers = {client.post("/q/guess/accept", data={"name": "A"}).status_code for _ in range(30)}
    assert answers == {404, 429}

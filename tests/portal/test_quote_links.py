"""The private link: whoever holds it reads and answers; nobody else learns that it exists."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from procurement.kernel.clock import utc_now
from procurement.sales.models import Quote
from procurement.sales.operations.answering import cancel_quote
from procurement.sales.operations.issuing import IssueQuote, issue_quote, revise_quote
from procurement.sales.operations.lines import OfferInput
from procurement.sales.operations.links import end_link
from procurement.sales.operations.quoting import DraftQuote, draft_quote
from procurement.sales.queries.quotes import quote_page
from procurement.sales.terms import LineChoice, QuoteStatus
from tests.sales.stories import SELLER, URL, a_line, a_ready_shop, euros


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
    assert page.status_code == 410
    assert newer not in page.text
    assert "newer version" in page.text
    assert "29.27" not in page.text
    assert client.get(f"/q/{link}/pdf").status_code == 404
    with work.write() as session:
        cancel_quote(session, number, actor=SELLER, at=utc_now())
    assert "withdrawn" in client.get(f"/q/{newer}").text


def test_guessing_is_slowed_down(client, link):
    answers = {client.post("/q/guess/accept", data={"name": "A"}).status_code for _ in range(30)}
    assert answers == {404, 429}


@pytest.fixture
def choices(work):
    """A quote with quantities, an option and two alternatives."""
    with work.write() as session:
        a_ready_shop(session)
        tool = {"choice": LineChoice.ALTERNATIVE, "choice_group": "tool"}
        lines = (
            a_line(packs=2, price="10", offers=(OfferInput(12, euros("9")),)),
            a_line("CRR-01", 1, price="20", choice=LineChoice.OPTIONAL),
            a_line("CRR-01", 1, price="30", chosen=True, **tool),
            a_line("CRR-01", 1, pack="box", price="100", **tool),
        )
        command = DraftQuote(customer="LINDEN", lines=lines)
        number = draft_quote(session, command, actor=SELLER, at=utc_now()).number
    return issued(work, number)


CHOSEN = {"packs-1": "12", "options": "2", "group-tool": "4"}


def test_the_total_follows_the_choices_and_is_accepted_as_shown(client, work, choices):
    assert "€61.50" in client.get(f"/q/{choices}").text
    shown = client.get(f"/q/{choices}/total", query_string=CHOSEN).text
    assert "€280.44" in shown
    assert "€280.44" in client.get(f"/q/{choices}", query_string=CHOSEN).text
    # Chosen without having seen what it comes to: shown, not taken.
    sent = {"name": "Aoife", **CHOSEN}
    surprise = client.post(f"/q/{choices}/accept", data=sent | {"shown": "6150"})
    assert surprise.status_code == 422
    assert "280.44 EUR" in surprise.text
    assert 'name="shown" value="28044"' in surprise.text
    drawn = sent | {"shown": "28044", "signature": "M1 2L3 4"}
    assert client.post(f"/q/{choices}/accept", data=drawn).status_code == 303
    page = client.get(f"/q/{choices}").text
    assert "What was accepted" in page
    assert 'd="M1 2L3 4"' in page
    assert "and agree" in page
    assert client.get(f"/q/{choices}/total").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"packs-1": "13"},
        {"options": "1"},
        {"options": "x"},
        {"group-tool": "2"},
        {"group-other": "4"},
    ],
)
def test_what_is_not_offered_cannot_be_chosen(client, work, choices, wrong):
    assert client.get(f"/q/{choices}/total", query_string=wrong).status_code == 422
    assert client.get(f"/q/{choices}", query_string=wrong).status_code == 200
    sent = {"name": "Aoife", **wrong}
    assert client.post(f"/q/{choices}/accept", data=sent).status_code == 422
    assert stored(work, choices).status is QuoteStatus.ISSUED


def test_opening_is_told_by_the_page_and_not_by_fetching_it(client, work, choices):
    client.get(f"/q/{choices}")
    client.head(f"/q/{choices}")
    with work.read() as session:
        assert session.query(Quote.opened).scalar() == 0
    assert client.post(f"/q/{choices}/opened").status_code == 204
    with work.read() as session:
        assert session.query(Quote.opened).scalar() == 1


def test_a_question_is_asked_behind_the_link(client, work, choices):
    asked = {"ask-name": "Aoife", "ask-question": "With <i>nuts</i>?"}
    assert client.post(f"/q/{choices}/question", data={"ask-name": "A"}).status_code == 422
    assert client.post(f"/q/{choices}/question", data=asked).status_code == 303
    assert "With &lt;i&gt;nuts&lt;/i&gt;?" in client.get(f"/q/{choices}").text


def test_an_ended_link_is_gone_and_takes_nothing(client, work, choices):
    with work.write() as session:
        end_link(session, "Q-2026-0001", actor=SELLER, at=utc_now())
    assert client.get(f"/q/{choices}").status_code == 410
    assert client.get(f"/q/{choices}/pdf").status_code == 404
    client.post(f"/q/{choices}/accept", data={"name": "Aoife"})
    with work.read() as session:
        assert session.query(Quote.status).scalar() is QuoteStatus.ISSUED

"""Behind a private link nobody reads English who was written to in another language: words, figures, papers."""

import re
from html.parser import HTMLParser

import pytest
from sqlalchemy import select, update

from procurement.documents.languages import ANSWERING, LANGUAGES, words_for
from procurement.documents.languages.failing import FAILING
from procurement.kernel.clock import utc_now
from procurement.outbox.models import Message
from procurement.sales.models import Customer, Enquiry, Quote
from procurement.sales.operations.answering import cancel_quote
from procurement.sales.operations.enquiries import AskedProduct, LeaveMessage, leave_message
from procurement.sales.operations.inbox import answer_enquiry
from procurement.sales.operations.issuing import IssueQuote, issue_quote, revise_quote
from procurement.sales.operations.lines import OfferInput
from procurement.sales.operations.links import end_link
from procurement.sales.operations.questions import answer_question
from procurement.sales.operations.quoting import DraftQuote, draft_quote
from procurement.sales.queries.certificates import certificate
from procurement.sales.terms import CustomerKind, LineChoice
from tests.documents.papers import plain, text_of
from tests.sales.stories import SELLER, URL, a_line, a_ready_shop, euros

OTHERS = sorted(set(LANGUAGES) - {"en"})
NUMBER = "Q-2026-0001"
# Names that stay as they are, and words that two languages write alike.
NAMES = re.compile(
    r"The Linden Rooms|Linden Rooms|Aoife|N. Dhomhnaill|director|Tomás Reilly|Zorro|Quux"
    r"|(ALM|CRR)-\d+|sales@spa.example"
    r"|\b[QE]-\d{4}-\d+|\bPDF\b|SHA-256|\b[0-9a-f]{64}\b|\bEUR\b|\bml\b|Mozilla|Werkzeug|\bUTC\b|STD",
    re.IGNORECASE,
)
ALIKE = {"optional", "option", "total", "date", "contact", "code", "page", "signature"}
WORD = re.compile(r"[A-Za-z]{2,}")


class Seen(HTMLParser):
    """Every piece of text that somebody sees or hears."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: set[str] = set()
        self.open = [""]
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        spoken = [named.get(name) for name in ("aria-label", "placeholder", "title", "alt")]
        if tag == "meta" and named.get("name") == "description":
            spoken.append(named["content"])
        self.texts |= set(filter(None, spoken))
        if tag not in {"input", "meta", "link", "img", "br", "col"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data):
        if self.open[-1] not in {"script", "style"} and data.strip():
            self.texts.add(" ".join(data.split()))


def left_in_english(english: str, other: str) -> set[str]:
    """What both pages say, word for word."""
    same = Seen(english).texts & Seen(other).texts
    words = {text: set(WORD.findall(NAMES.sub("", text).lower())) - ALIKE for text in same}
    return {text for text, found in words.items() if found}


@pytest.fixture
def work(app):
    return app.extensions["uow"]


def issued(session, locale):
    """A quote with everything that can be chosen, to a customer who reads a language."""
    session.execute(update(Customer).values(locale=locale))
    session.expire_all()
    tool = {"choice": LineChoice.ALTERNATIVE, "choice_group": "tool"}
    lines = (
        a_line(packs=2, price="1000", off="5", offers=(OfferInput(12, euros("990")),)),
        a_line(
            "CRR-01",
            1,
            price="20",
            choice=LineChoice.OPTIONAL,
            offers=(OfferInput(3, euros("19")),),
        ),
        a_line("CRR-01", 1, price="30", chosen=True, **tool),
        a_line("CRR-01", 1, pack="box", price="100", **tool),
    )
    command = DraftQuote(customer="LINDEN", lines=lines, introduction="Zorro", terms="Quux: zorro")
    number = draft_quote(session, command, actor=SELLER, at=utc_now()).number
    return number, sent(session, number)


def sent(session, number):
    command = IssueQuote(number=number, public_url=URL)
    return issue_quote(session, command, actor=SELLER, at=utc_now()).link_token


CHOSEN = {"packs-1": "12", "options": "2", "group-tool": "4"}


def told(client, work, locale):
    """Every page of a quote's life behind its link, by what it shows."""
    client.environ_base["REMOTE_ADDR"] = (
        f"10.0.0.{len(locale) + ord(locale[1])}"  # none is slowed down
    )
    with work.write() as session:
        number, link = issued(session, locale)
    at = f"/q/{link}"
    pages = {"open": client.get(at, query_string=CHOSEN).text}
    pages["total"] = client.get(f"{at}/total", query_string=CHOSEN).text
    too_long = {"name": "x" * 300, "note": "\x01", "signature": "scribble"}
    pages["refused"] = client.post(f"{at}/accept", data=too_long).text
    surprise = {"name": "Aoife", **CHOSEN, "shown": "1"}
    pages["other total"] = client.post(f"{at}/accept", data=surprise).text
    pages["not offered"] = client.post(f"{at}/accept", data=surprise | {"packs-1": "13"}).text
    pages["decline"] = client.post(f"{at}/decline", data={"decline-why": "castle"}).text
    pages["question"] = client.post(f"{at}/question", data={}).text
    asked = {"ask-name": "Aoife", "ask-question": "Zorro?"}
    pages["asked"] = client.post(f"{at}/question", data=asked, follow_redirects=True).text
    with work.write() as session:
        answer_question(session, number, "Quux", actor=SELLER, at=utc_now(), public_url=URL)
        revise_quote(session, number, actor=SELLER, at=utc_now())
        newer = sent(session, number)
    pages["replaced"] = client.get(at).text
    accepted = {"name": "Aoife", **CHOSEN, "signature": "M1 2L3 4", "note": "Zorro"}
    client.post(f"/q/{newer}/accept", data=accepted)
    pages["accepted"] = client.get(f"/q/{newer}").text
    with work.read() as session:
        paper = certificate(session, number, 2, actor=SELLER)
    with work.write() as session:
        _, third = issued(session, locale)
    client.post(f"/q/{third}/decline", data={"decline-name": "Aoife", "decline-why": "price"})
    pages["declined"] = client.get(f"/q/{third}").text
    with work.write() as session:
        fourth, link = issued(session, locale)
        end_link(session, fourth, actor=SELLER, at=utc_now())
    pages["ended"] = client.get(f"/q/{link}").text
    with work.write() as session:
        fifth, link = issued(session, locale)
        cancel_quote(session, fifth, actor=SELLER, at=utc_now())
    pages["withdrawn"] = client.get(f"/q/{link}").text
    return pages, text_of(paper.content)


def test_a_quote_is_read_answered_and_proved_in_the_customers_language(client, work, subtests):
    with work.write() as session:
        a_ready_shop(session)
    english, certificate_in_english = told(client, work, "en")
    figures = {"de": "14.760,00", "fr": "14\N{NO-BREAK SPACE}760,00", "zh": "14,760.00"}
    for language in OTHERS:
        with subtests.test(language):
            pages, paper = told(client, work, language)
            left = [left_in_english(english[name], page) for name, page in pages.items()]
            assert set().union(*left) == set()
            for name, page in pages.items():
                assert name == "total" or f'<html lang="{language}"' in page, name
            say = ANSWERING[language]
            assert say.too_long.format(most=200) in pages["refused"]
            assert say.other_total.partition("{")[0] in pages["other total"]
            assert say.not_offered in pages["not offered"]
            assert say.fill_in in pages["question"]
            assert say.replaced[0] in pages["replaced"]
            if language in figures:
                assert figures[language] in pages["total"], pages["total"]
            said = plain(paper)
            assert plain(say.acceptance) in said
            assert plain(say.signed_long["drawn"]) in said
            assert "Chosen otherwise" in certificate_in_english
            assert "Chosen" not in paper


@pytest.mark.parametrize("language", ["en", *OTHERS])
@pytest.mark.parametrize("known", [True, False], ids=["customer", "stranger"])
def test_a_thread_speaks_the_customers_language_else_the_browsers(client, work, language, known):
    with work.write() as session:
        a_ready_shop(session)
        session.execute(update(Customer).values(locale=language))
        asked = (AskedProduct("ALM-500", "case", 2, euros("9.90")), AskedProduct("CRR-01"))
        command = LeaveMessage(
            name="Aoife",
            email="aoife@rooms.example",
            kind=CustomerKind.SPA_OWNER,
            message="",
            products=asked,
        )
        enquiry = leave_message(session, command, actor=SELLER, at=utc_now())
        session.flush()
        if known:
            enquiry.customer_id = session.scalar(select(Customer.id))
        number = enquiry.number
    with work.write() as session:
        answer_enquiry(session, number, "Quux", actor=SELLER, at=utc_now(), public_url=URL)
    with work.read() as session:
        token = session.scalar(select(Enquiry.link_token))
        mail = session.scalars(
            select(Message).where(Message.recipient == "aoife@rooms.example")
        ).one()
    asks = {"Accept-Language": f"{language}, en;q=0.1"}
    page = client.get(f"/m/{token}", headers=asks)
    say = ANSWERING[language]
    assert f'<html lang="{"en-GB" if language == "en" else language}"' in page.text
    for words in (say.only_products, say.asked_for, say.write_again, say.send):
        assert words in page.text, words
    assert words_for(language).packs.get("case", ("", "cases"))[1] in page.text
    empty = client.post(f"/m/{token}", data={}, headers=asks)
    assert empty.status_code == 422
    assert say.fill_in in empty.text
    done = client.post(
        f"/m/{token}", data={"message": "Zorro"}, headers=asks, follow_redirects=True
    )
    assert say.message_sent in done.text
    assert (say if known else ANSWERING["en"]).mail_write_again in mail.body


def test_a_language_nobody_speaks_is_told_in_ours(client, work):
    with work.write() as session:
        a_ready_shop(session)
        _, link = issued(session, "pt")
    page = client.get(f"/q/{link}").text
    assert '<html lang="en-GB"' in page
    with work.read() as session:
        assert session.scalar(select(Quote.id)) is not None


@pytest.mark.parametrize("language", OTHERS)
def test_a_link_that_leads_nowhere_says_so_in_the_readers_language(client, language):
    asks = {"Accept-Language": f"{language}, en;q=0.1"}
    said = FAILING[language]
    for address in ("/q/nobodys", "/q/nobodys/pdf", "/m/nobodys"):
        page = client.get(address, headers=asks)
        assert page.status_code == 404
        assert f'<html lang="{language}"' in page.text
        title, words = said.missing
        assert title in page.text
        assert words in page.text
        assert said.start in page.text
    refused = client.post("/q/nobodys/question", data={}, headers=asks)
    assert said.of(refused.status_code)[0] in refused.text
    elsewhere = client.get("/nobodys", headers=asks)
    assert "Nothing here" in elsewhere.text


def test_every_refusal_is_said_in_every_language():
    statuses = (400, 404, 409, 410, 413, 422, 429, 500, 502, 503)
    assert set(FAILING) == set(OTHERS)
    for said in FAILING.values():
        assert len({said.of(status) for status in statuses}) == 8
        assert all(title and text for title, text in map(said.of, statuses))

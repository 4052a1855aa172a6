"""From draft to accepted: what is frozen, what the customer sees, what is refused."""

import pypdfium2
import pytest
from sqlalchemy import select

from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.outbox.models import Message
from procurement.sales.errors import NotPriced, WrongStatus
from procurement.sales.models import Customer
from procurement.sales.operations.answering import Answer, accept_by_link, accept_quote
from procurement.sales.operations.issuing import revise_quote
from procurement.sales.queries.links import issued_paper, linked_paper, linked_quote, quote_paper
from procurement.sales.queries.quotes import quote_page
from procurement.sales.terms import LineChoice, QuoteStatus
from tests.builders import NOON, files_of
from tests.sales.stories import (
    SELLER,
    a_buyer,
    a_customer,
    a_draft,
    a_line,
    a_ready_shop,
    issue,
)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def test_an_issued_quote_says_the_same_everywhere(session):
    a_ready_shop(session)
    lines = (a_line(packs=7, pack="case", off="2.5"), a_line("CRR-01", 3, price="19.99"))
    quote = issue(session, a_draft(session, *lines).number)
    page = quote_page(session, quote.number, actor=SELLER, at=NOON)
    linked = linked_quote(session, quote.link_token, at=NOON)
    paper = linked_paper(session, quote.link_token)
    assert page.status is QuoteStatus.ISSUED
    assert (page.net.minor, page.tax.minor) == (92547 + 5997, 22665)
    assert page.gross == linked.gross
    assert linked.content.totals.gross == page.gross.decimal
    assert "1,212.09" in text_of(paper.content)
    assert issued_paper(session, quote.number, 1, actor=SELLER).sha256 == page.pdf_sha256


def test_issuing_mails_the_link_and_the_paper_to_the_contact(session):
    a_ready_shop(session)
    quote = issue(session, a_draft(session).number, message="As we said on Thursday.")
    mail = session.scalars(select(Message)).one()
    assert mail.recipient == "linden@rooms.example"
    assert f"https://spa.example/q/{quote.link_token}" in mail.body
    assert "As we said on Thursday." in mail.body
    assert files_of(session, mail) == [quote.pdf_id]


def test_a_link_holds_128_random_bits(session):
    a_ready_shop(session)
    tokens = {issue(session, a_draft(session).number).link_token for _ in range(3)}
    assert len(tokens) == 3
    assert {len(token) for token in tokens} == {26}
    assert all(token.isalnum() for token in tokens)


def test_a_line_without_a_price_holds_the_quote_back_and_is_named(session):
    a_ready_shop(session)
    draft = a_draft(session, a_line(), a_line("CRR-01", 1), ask_prices=True)
    with pytest.raises(NotPriced, match="Line 2") as refusal:
        issue(session, draft.number)
    assert refusal.value.field == "lines.1.unit_price"


def test_a_quote_of_nothing_but_options_is_not_issued(session):
    a_ready_shop(session)
    draft = a_draft(session, a_line(choice=LineChoice.OPTIONAL))
    with pytest.raises(NotPriced, match="not optional"):
        issue(session, draft.number)


def test_a_stale_version_is_not_issued(session):
    a_ready_shop(session)
    draft = a_draft(session)
    with pytest.raises(Conflict, match="look again"):
        issue(session, draft.number, version=draft.version + 7)


def test_the_old_link_lives_until_the_new_revision_is_issued(session):
    a_ready_shop(session)
    first = issue(session, a_draft(session).number)
    revise_quote(session, first.number, actor=SELLER, at=NOON)
    assert linked_quote(session, first.link_token, at=NOON).can_be_answered
    second = issue(session, first.number)
    assert second.revision == 2
    assert linked_quote(session, first.link_token, at=NOON).status is QuoteStatus.SUPERSEDED
    with pytest.raises(WrongStatus):
        accept_by_link(session, first.link_token, Answer(name="Aoife"), at=NOON)
    with pytest.raises(NotFound):
        linked_paper(session, first.link_token)
    accept_by_link(session, second.link_token, Answer(name="Aoife"), at=NOON)
    page = quote_page(session, first.number, actor=SELLER, at=NOON)
    assert [r.status for r in page.revisions] == [QuoteStatus.ACCEPTED, QuoteStatus.SUPERSEDED]


def test_a_revision_in_the_making_cannot_overtake_an_acceptance(session):
    a_ready_shop(session)
    first = issue(session, a_draft(session).number)
    revise_quote(session, first.number, actor=SELLER, at=NOON)
    accept_by_link(session, first.link_token, Answer(name="Aoife"), at=NOON)
    with pytest.raises(WrongStatus, match="accepted by Aoife"):
        issue(session, first.number)


def test_only_one_revision_is_drafted_at_a_time(session):
    a_ready_shop(session)
    number = issue(session, a_draft(session).number).number
    revise_quote(session, number, actor=SELLER, at=NOON)
    with pytest.raises(WrongStatus, match="still a draft"):
        revise_quote(session, number, actor=SELLER, at=NOON)


def test_the_paper_of_a_draft_carries_a_watermark(session):
    a_ready_shop(session)
    draft = a_draft(session)
    paper = quote_paper(session, draft.number, actor=SELLER, at=NOON)
    assert "DRAFT" in text_of(paper.content)
    assert paper.file_name == f"{draft.number}-draft.pdf"


def test_options_wanted_are_kept_with_the_acceptance_and_stay_outside_the_total(session):
    a_ready_shop(session)
    draft = a_draft(session, a_line(), a_line("CRR-01", price="20", choice=LineChoice.OPTIONAL))
    quote = issue(session, draft.number)
    answer = Answer(name="Aoife", note="Order 77", options=(2,))
    accepted = accept_by_link(session, quote.link_token, answer, at=NOON)
    assert accepted.answer_note == "Order 77\nWith option O.1."
    assert accepted.gross_minor == 2927


def test_a_line_that_is_no_option_cannot_be_ticked(session):
    a_ready_shop(session)
    quote = issue(session, a_draft(session).number)
    with pytest.raises(Invalid, match="option"):
        accept_by_link(session, quote.link_token, Answer(name="A", options=(1,)), at=NOON)


def test_a_name_is_needed_to_accept(session):
    a_ready_shop(session)
    quote = issue(session, a_draft(session).number)
    with pytest.raises(Invalid) as refusal:
        accept_by_link(session, quote.link_token, Answer(name="  "), at=NOON)
    assert refusal.value.field == "name"
    assert quote.status is QuoteStatus.ISSUED


def test_a_buyer_sees_and_answers_their_own_issued_quotes_and_hears_of_no_other(session):
    own = a_buyer(a_ready_shop(session))
    other = a_buyer(a_customer(session, "OTHER"))
    draft = a_draft(session)
    for buyer in (own, other):
        with pytest.raises(NotFound):
            quote_page(session, draft.number, actor=buyer, at=NOON)
        with pytest.raises(NotFound):
            quote_paper(session, draft.number, actor=buyer, at=NOON)
        with pytest.raises(NotFound):
            accept_quote(session, draft.number, Answer(name="A"), actor=buyer, at=NOON)
    issue(session, draft.number)
    page = quote_page(session, draft.number, actor=own, at=NOON)
    assert page.link_token is None
    assert page.price_list is None
    assert {line.list_price for line in page.lines} == {None}
    with pytest.raises(NotFound):
        quote_page(session, draft.number, actor=other, at=NOON)
    with pytest.raises(NotFound):
        accept_quote(session, draft.number, Answer(name="A"), actor=other, at=NOON)
    accept_quote(session, draft.number, Answer(name="Aoife"), actor=own, at=NOON)


def test_a_customer_gets_paper_and_mail_in_their_language(session):
    a_ready_shop(session)
    draft = a_draft(session, a_line(packs=2, pack="case"))
    session.scalars(select(Customer)).one().locale = "de_AT"
    quote = issue(session, draft.number, message="Wie besprochen.")
    linked = linked_quote(session, quote.link_token, at=NOON)
    assert (linked.content.locale, linked.content.title) == ("de_AT", "Angebot")
    (line,) = linked.content.sections[0].lines
    assert line.packs.word == "Kartons"
    copied = text_of(linked_paper(session, quote.link_token).content)
    for told in ("Gültig bis", "Gesamtbetrag", "Ja, wir nehmen das Angebot an"):
        assert told in copied, told
    mail = session.scalars(select(Message)).one()
    assert mail.subject.startswith(f"Angebot {quote.number} von ")
    assert "anbei erhalten Sie unser Angebot" in mail.body
    assert "Wie besprochen." in mail.body

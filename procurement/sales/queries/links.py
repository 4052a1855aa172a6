"""What stands behind a private link: the frozen quote, its paper, and whether it can still be answered."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import undefer

from procurement.documents.content import QuoteContent, from_json
from procurement.documents.languages import words_for
from procurement.documents.quote import render_quote
from procurement.files.queries import PDF, Paper, kept_paper
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money
from procurement.kernel.text import is_storable
from procurement.sales.models import Quote, ThreadMessage
from procurement.sales.queries.answers import AnswerRecord, record_of
from procurement.sales.queries.choosing import Chooser, chooser
from procurement.sales.queries.papers import quote_content
from procurement.sales.queries.quotes import no_such_quote, quote_page, visible_to
from procurement.sales.queries.threads import ThreadRow, thread_of
from procurement.sales.rules.speaking import label_said
from procurement.sales.rules.totals import Choice
from procurement.sales.rules.validity import status_on
from procurement.sales.terms import QuoteStatus
from procurement.settings.queries import get_company

# A link to these only says what became of the quote.
REVOKED = frozenset({QuoteStatus.SUPERSEDED, QuoteStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class LinkedQuote:
    """An issued revision as the customer sees it."""

    number: str
    revision: int
    status: QuoteStatus
    content: QuoteContent
    gross: Money
    valid_until: date
    answered_at: datetime | None
    answered_by: str
    answer_note: str
    chooser: Chooser
    thread: tuple[ThreadRow, ...]  # what was asked and answered
    record: AnswerRecord | None  # of the answer
    link_ended: bool = False

    @property
    def is_revoked(self) -> bool:
        return self.status in REVOKED

    @property
    def can_be_answered(self) -> bool:
        return self.status is QuoteStatus.ISSUED

    @property
    def label(self) -> str:
        return label_said(self.number, self.revision, words_for(self.content.locale))


def linked_quote(
    session: ReadSession, token: str, *, at: datetime, choices: Iterable[Choice] = ()
) -> LinkedQuote:
    """The quote behind a link, with what comes of some choices; a link nobody made leads nowhere."""
    quote = None
    if is_storable(token):
        quote = session.scalar(
            select(Quote).where(Quote.link_token == token).options(undefer(Quote.content))
        )
    if quote is None or quote.content is None:
        raise no_such_quote()
    return _linked(session, quote, at, choices)


def frozen_quote(
    session: ReadSession,
    number: str,
    revision: int | None = None,
    *,
    actor: Actor,
    at: datetime,
    choices: Iterable[Choice] = (),
) -> LinkedQuote:
    """The same for somebody signed in: staff, or the customer's own buyer; else the newest that was issued."""
    query = select(Quote).where(Quote.number == number, *visible_to(actor))
    if revision is not None:
        query = query.where(Quote.revision == revision)
    quote = session.scalar(
        query.where(Quote.issued_at.is_not(None))
        .order_by(Quote.revision.desc())
        .limit(1)
        .options(undefer(Quote.content))
    )
    if quote is None or quote.content is None:
        raise no_such_quote()
    return _linked(session, quote, at, choices)


def _linked(
    session: ReadSession, quote: Quote, at: datetime, choices: Iterable[Choice]
) -> LinkedQuote:
    today = today_in(get_company(session).time_zone, at)
    return LinkedQuote(
        number=quote.number,
        revision=quote.revision,
        status=status_on(quote.status, quote.valid_until, today),
        content=from_json(QuoteContent, quote.content or ""),
        gross=Money(quote.gross_minor, quote.currency),
        valid_until=quote.valid_until,
        answered_at=quote.answered_at,
        answered_by=quote.answered_by,
        answer_note=quote.answer_note,
        chooser=chooser(session, quote, choices),
        thread=thread_of(session, ThreadMessage.quote_id == quote.id),
        record=record_of(session, quote),
        link_ended=quote.link_ended_at is not None,
    )


def linked_paper(session: ReadSession, token: str) -> Paper:
    """The PDF behind a link, byte for byte as it was issued; a revoked link has none."""
    pdf_id = None
    if is_storable(token):
        pdf_id = session.scalar(
            select(Quote.pdf_id).where(
                Quote.link_token == token,
                Quote.status.not_in(REVOKED),
                Quote.link_ended_at.is_(None),
            )
        )
    return _paper(session, pdf_id)


def issued_paper(session: ReadSession, number: str, revision: int, *, actor: Actor) -> Paper:
    """The PDF of an issued revision for staff and the customer's own buyer."""
    pdf_id = session.scalar(
        select(Quote.pdf_id).where(
            Quote.number == number, Quote.revision == revision, *visible_to(actor)
        )
    )
    return _paper(session, pdf_id)


def quote_paper(
    session: ReadSession, number: str, *, actor: Actor, at: datetime, revision: int | None = None
) -> Paper:
    """The PDF of a revision: as issued, or drawn now with a watermark while it is a draft."""
    page = quote_page(session, number, actor=actor, at=at, revision=revision)
    if page.issued_at is not None:
        return issued_paper(session, number, page.revision, actor=actor)
    today = today_in(get_company(session).time_zone, at)
    content = render_quote(quote_content(session, page, on=today))
    digest = hashlib.sha256(content).hexdigest()
    return Paper(f"{page.number}-draft.pdf", PDF, digest, content)


def _paper(session: ReadSession, pdf_id: int | None) -> Paper:
    paper = kept_paper(session, pdf_id) if pdf_id else None
    if paper is None:
        raise no_such_quote()
    return paper

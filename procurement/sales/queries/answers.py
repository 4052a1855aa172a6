"""The record of a quote's answer, and whether it still proves what it says."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import undefer

from procurement.files.queries import kept_paper
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import DomainError
from procurement.kernel.money import Money
from procurement.sales.models import Quote, QuoteAnswer
from procurement.sales.queries.quotes import priced, quote_lines, visible_to
from procurement.sales.rules.proof import choices_of, digest, record_digest
from procurement.sales.rules.totals import Choice, QuoteTotals, add_up
from procurement.sales.terms import AnswerKind, Channel, Fault, LossReason, SignatureKind


@dataclass(frozen=True, slots=True)
class ChosenLine:
    """A line the customer chose otherwise than we suggested, in words."""

    position: int
    name: str
    packs: int
    pack_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRecord:
    """Who answered what to which bytes. `faults` says what does not agree any more; empty: all of it does."""

    kind: AnswerKind
    channel: Channel
    at: datetime
    name: str
    note: str
    reason: LossReason | None
    came_from: str
    user_agent: str
    choices: tuple[Choice, ...]
    chosen: tuple[ChosenLine, ...]
    net: Money
    tax: Money
    gross: Money
    signature_kind: SignatureKind
    signature: str
    content_sha256: str
    pdf_sha256: str
    record_sha256: str
    faults: tuple[Fault, ...]


def chosen_totals(session: ReadSession, quote: Quote, choices: tuple[Choice, ...]) -> QuoteTotals:
    """What a quote comes to with these choices, by the one rule of totals."""
    lines = [priced(line) for line in quote_lines(session, quote, staff=False)]
    return add_up(lines, quote.currency, quote.rounding_rule, choices)


def answer_record(
    session: ReadSession, number: str, revision: int, *, actor: Actor
) -> AnswerRecord | None:
    """The answer to a revision that the actor may see, checked as it is read; None without one."""
    quote = session.scalar(
        select(Quote)
        .where(Quote.number == number, Quote.revision == revision, *visible_to(actor))
        .options(undefer(Quote.content))
    )
    return record_of(session, quote) if quote else None


def record_of(session: ReadSession, quote: Quote) -> AnswerRecord | None:
    """The same for a quote read with its content."""
    answer = session.scalar(select(QuoteAnswer).where(QuoteAnswer.quote_id == quote.id))
    if answer is None:
        return None
    choices = choices_of(answer.choices)
    rows = {row.position: row for row in quote_lines(session, quote, staff=False)}
    return AnswerRecord(
        kind=answer.kind,
        channel=answer.channel,
        at=answer.at,
        name=answer.name,
        note=answer.note,
        reason=answer.reason,
        came_from=answer.came_from,
        user_agent=answer.user_agent,
        choices=choices,
        chosen=tuple(
            ChosenLine(one.position, row.product_name, one.packs or row.packs, row.pack_name)
            for one in choices
            if (row := rows.get(one.position))
        ),
        net=Money(answer.net_minor, answer.currency),
        tax=Money(answer.tax_minor, answer.currency),
        gross=Money(answer.gross_minor, answer.currency),
        signature_kind=answer.signature_kind,
        signature=answer.signature,
        content_sha256=answer.content_sha256,
        pdf_sha256=answer.pdf_sha256,
        record_sha256=answer.record_sha256,
        faults=faults_of(session, answer, quote),
    )


def kept_choices(session: ReadSession, quote_id: int) -> tuple[Choice, ...]:
    """What was chosen when a quote was accepted; nothing where nobody chose."""
    kept = session.scalar(select(QuoteAnswer.choices).where(QuoteAnswer.quote_id == quote_id))
    return choices_of(kept) if kept else ()


def told_by(answer: QuoteAnswer, label: str) -> dict[str, str | int | datetime]:
    """What the record's digest is taken over."""
    return {
        "quote": label,
        "kind": answer.kind.value,
        "channel": answer.channel.value,
        "at": answer.at,
        "name": answer.name,
        "note": answer.note,
        "reason": answer.reason.value if answer.reason else "",
        "came_from": answer.came_from,
        "user_agent": answer.user_agent,
        "choices": answer.choices,
        "currency": answer.currency,
        "net": answer.net_minor,
        "tax": answer.tax_minor,
        "gross": answer.gross_minor,
        "signature_kind": answer.signature_kind.value,
        "signature": answer.signature,
        "content_sha256": answer.content_sha256,
        "pdf_sha256": answer.pdf_sha256,
    }


def faults_of(session: ReadSession, answer: QuoteAnswer, quote: Quote) -> tuple[Fault, ...]:
    """Everything computed again from what is kept: the paper, its content, the totals, the record itself."""
    faults = []
    paper = kept_paper(session, quote.pdf_id) if quote.pdf_id else None
    if paper is None or hashlib.sha256(paper.content).hexdigest() != answer.pdf_sha256:
        faults.append(Fault.PDF)
    if digest(quote.content or "") != answer.content_sha256:
        faults.append(Fault.CONTENT)
    try:
        gross = chosen_totals(session, quote, choices_of(answer.choices)).gross
    except DomainError:
        gross = None
    if gross != answer.gross_minor:
        faults.append(Fault.TOTAL)
    if record_digest(told_by(answer, quote.label)) != answer.record_sha256:
        faults.append(Fault.RECORD)
    return tuple(faults)

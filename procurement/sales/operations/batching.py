"""Many quotes at one go: begun by a person, drawn one by one by the worker, stopped by anybody who sells."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from procurement.accounts.queries import account_by_id
from procurement.audit.operations import record
from procurement.files.operations.papers import keep_paper
from procurement.kernel.actor import SYSTEM, Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Invalid
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.sales.models import Quote, QuoteBatch, QuoteBatchLine
from procurement.sales.operations.issuing import IssueQuote, issue_quote
from procurement.sales.queries.batches import no_such_batch
from procurement.sales.queries.links import quote_paper
from procurement.sales.queries.pipeline import QuoteFilter, quotes
from procurement.sales.terms import QuoteStatus
from procurement.sales.terms.batches import BatchStatus
from procurement.settings.queries import get_company

MOST_QUOTES = 5_000
CLAIM_LASTS = timedelta(minutes=2)  # without a quote drawn, its worker is taken to have gone


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginBatch:
    """All quotes of a list. `issues`: its drafts are issued, and mailed if `mails`; else they print as drafts."""

    wanted: QuoteFilter
    public_url: str
    issues: bool = False
    mails: bool = False


def begin_batch(session: Session, command: BeginBatch, *, actor: Actor, at: datetime) -> QuoteBatch:
    """Note what is to be drawn; the worker begins within seconds."""
    actor.require(Permission.SELL)
    rows = all_rows(lambda page: quotes(session, command.wanted, page, actor=actor, at=at))
    keys = [row.key for row in rows]
    if not keys:
        raise Invalid("There are no such quotes.", field="batch")
    if len(keys) > MOST_QUOTES:
        raise Invalid(f"At most {MOST_QUOTES:,} quotes at one go; narrow the list.", field="batch")
    company = get_company(session)
    batch = QuoteBatch(
        number=next_number(session, Series.QUOTE_BATCH, today_in(company.time_zone, at)),
        status=BatchStatus.RUNNING,
        issues=command.issues,
        mails=command.issues and command.mails,
        public_url=command.public_url,
        made_at=at,
        made_by=actor.name[:200],
        made_by_id=actor.id,
    )
    session.add(batch)
    session.flush()  # its key is needed
    session.add_all(
        QuoteBatchLine(batch_id=batch.id, position=place, quote_id=key)
        for place, key in enumerate(keys, start=1)
    )
    record(session, "begin batch", batch.number, f"{len(keys)} quotes", actor=actor, at=at)
    return batch


def cancel_batch(session: Session, number: str, *, actor: Actor, at: datetime) -> QuoteBatch:
    """Stop after the quote in hand; what is drawn or issued stays. One that is over stays as it is."""
    actor.require(Permission.SELL)
    batch = _locked(session, number)
    if batch.status is BatchStatus.RUNNING:
        batch.status, batch.finished_at = BatchStatus.CANCELLED, at
        record(session, "cancel batch", batch.number, actor=actor, at=at)
    return batch


def claim_batch(session: Session, *, at: datetime) -> str | None:
    """The oldest batch that nobody draws, now the caller's."""
    batch = session.scalar(
        select(QuoteBatch)
        .where(
            QuoteBatch.status == BatchStatus.RUNNING,
            or_(QuoteBatch.claimed_at.is_(None), QuoteBatch.claimed_at < at - CLAIM_LASTS),
        )
        .order_by(QuoteBatch.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if batch is None:
        return None
    batch.claimed_at = at
    return batch.number


def draw_next(session: Session, number: str, *, at: datetime) -> bool:
    """Draw, or issue, the next quote of a batch; False when none waits or it was cancelled.

    It ends with the right of whoever began it to sell, as if they had stopped it.
    What a quote refuses (no price, expired) is raised: note it with `note_fault` and go on.
    """
    batch = _locked(session, number)
    line = _waiting(session, batch)
    if batch.status is not BatchStatus.RUNNING:
        return False
    if not _may_go_on(session, batch):
        batch.status, batch.finished_at = BatchStatus.CANCELLED, at
        record(
            session, "cancel batch", number, f"{batch.made_by} sells no more", actor=SYSTEM, at=at
        )
        return False
    batch.claimed_at = at
    if line is None:
        batch.status, batch.finished_at = BatchStatus.DONE, at
        return False
    line.paper_id = _paper_of(session, batch, line, at)
    return True


def note_fault(session: Session, number: str, fault: str, *, at: datetime) -> None:
    """Say why the next quote cannot be drawn, so that the one after it is next."""
    batch = _locked(session, number)
    line = _waiting(session, batch)
    if line is not None and batch.status is BatchStatus.RUNNING:
        line.fault = fault[:500] or "It could not be drawn."
        batch.claimed_at = at


def _may_go_on(session: Session, batch: QuoteBatch) -> bool:
    if batch.made_by_id is None:  # no account began it
        return True
    account = account_by_id(session, batch.made_by_id)
    return account is not None and account.active and account.actor.may(Permission.SELL)


def _paper_of(session: Session, batch: QuoteBatch, line: QuoteBatchLine, at: datetime) -> int:
    quote = session.get_one(Quote, line.quote_id)
    # Whoever began it may sell, as was just asked; a worker has no rights of its own.
    person = Actor(
        id=batch.made_by_id,
        name=batch.made_by,
        permissions=frozenset({Permission.SELL, Permission.SEE_SALES}),
    )
    if quote.status is QuoteStatus.DRAFT and batch.issues:
        command = IssueQuote(number=quote.number, public_url=batch.public_url, send=batch.mails)
        quote = issue_quote(session, command, actor=person, at=at)
    if quote.pdf_id is not None:
        return quote.pdf_id
    paper = quote_paper(session, quote.number, actor=person, at=at, revision=quote.revision)
    return keep_paper(session, paper.content, paper.file_name, at=at).id


def _locked(session: Session, number: str) -> QuoteBatch:
    batch = session.scalar(select(QuoteBatch).where(QuoteBatch.number == number).with_for_update())
    if batch is None:
        raise no_such_batch()
    return batch


def _waiting(session: Session, batch: QuoteBatch) -> QuoteBatchLine | None:
    return session.scalar(
        select(QuoteBatchLine)
        .where(
            QuoteBatchLine.batch_id == batch.id,
            QuoteBatchLine.paper_id.is_(None),
            QuoteBatchLine.fault == "",
        )
        .order_by(QuoteBatchLine.position)
        .limit(1)
    )

"""How far batches of quotes are, and the papers that came of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, exists, func, select

from procurement.files.models import StoredFile
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.permissions import Permission
from procurement.sales.models import Quote, QuoteBatch, QuoteBatchLine
from procurement.sales.terms.batches import BatchStatus

SHOWN = 50
FRESH, FAULTY = timedelta(days=1), timedelta(days=7)  # how long Today tells of one that is over


@dataclass(frozen=True, slots=True)
class BatchRow:
    """`drawn` are on paper, `failed` are not and say why; together they are done."""

    number: str
    status: BatchStatus
    issues: bool
    mails: bool
    made_at: datetime
    made_by: str
    finished_at: datetime | None
    total: int
    drawn: int
    failed: int

    @property
    def done(self) -> int:
        return self.drawn + self.failed


@dataclass(frozen=True, slots=True)
class BatchFault:
    quote: str
    revision: int
    fault: str


def is_any_running(session: ReadSession) -> bool:
    running = select(QuoteBatch.id).where(QuoteBatch.status == BatchStatus.RUNNING).limit(1)
    return session.scalar(running) is not None


def batches(session: ReadSession, *, actor: Actor) -> list[BatchRow]:
    """The last ones, newest first."""
    actor.require(Permission.SEE_SALES)
    return _rows(session)


def batch_row(session: ReadSession, number: str, *, actor: Actor) -> BatchRow:
    actor.require(Permission.SEE_SALES)
    rows = _rows(session, number)
    if not rows:
        raise no_such_batch()
    return rows[0]


def finished_batches(
    session: ReadSession, *, actor: Actor, at: datetime, limit: int
) -> tuple[BatchRow, ...]:
    """Of the actor's own, what ended since yesterday; with faults within the week, for they wait for somebody."""
    if actor.id is None or not actor.may(Permission.SELL):
        return ()
    faulty = exists().where(QuoteBatchLine.batch_id == QuoteBatch.id, QuoteBatchLine.fault != "")
    ended = QuoteBatch.finished_at
    keys = session.scalars(
        select(QuoteBatch.number)
        .where(
            QuoteBatch.made_by_id == actor.id,
            QuoteBatch.status == BatchStatus.DONE,
            (ended > at - FRESH) | (faulty & (ended > at - FAULTY)),
        )
        .order_by(QuoteBatch.id.desc())
        .limit(limit)
    ).all()
    return tuple(_rows(session, *keys)) if keys else ()


def batch_faults(session: ReadSession, number: str, *, actor: Actor) -> list[BatchFault]:
    """The quotes that could not be drawn, in their order."""
    actor.require(Permission.SEE_SALES)
    rows = session.execute(
        select(Quote.number, Quote.revision, QuoteBatchLine.fault)
        .join(QuoteBatch, QuoteBatch.id == QuoteBatchLine.batch_id)
        .join(Quote, Quote.id == QuoteBatchLine.quote_id)
        .where(QuoteBatch.number == number, QuoteBatchLine.fault != "")
        .order_by(QuoteBatchLine.position)
    )
    return [BatchFault(row.number, row.revision, row.fault) for row in rows]


def batch_papers(session: ReadSession, number: str, *, actor: Actor) -> list[tuple[int, str]]:
    """Keys and names of the papers, in their order."""
    actor.require(Permission.SEE_SALES)
    rows = session.execute(
        select(StoredFile.id, StoredFile.file_name)
        .join(QuoteBatchLine, QuoteBatchLine.paper_id == StoredFile.id)
        .join(QuoteBatch, QuoteBatch.id == QuoteBatchLine.batch_id)
        .where(QuoteBatch.number == number)
        .order_by(QuoteBatchLine.position)
    )
    return [(row.id, row.file_name) for row in rows]


def no_such_batch() -> NotFound:
    return NotFound("There is no such batch.")


def _rows(session: ReadSession, *numbers: str) -> list[BatchRow]:
    query = (
        select(
            QuoteBatch,
            func.count(QuoteBatchLine.position).label("total"),
            func.count(QuoteBatchLine.paper_id).label("drawn"),
            func.sum(case((QuoteBatchLine.fault != "", 1), else_=0)).label("failed"),
        )
        .join(QuoteBatchLine, QuoteBatchLine.batch_id == QuoteBatch.id)
        .group_by(QuoteBatch.id)
        .order_by(QuoteBatch.id.desc())
        .limit(SHOWN)
    )
    if numbers:
        query = query.where(QuoteBatch.number.in_(numbers))
    return [
        BatchRow(
            number=batch.number,
            status=batch.status,
            issues=batch.issues,
            mails=batch.mails,
            made_at=batch.made_at,
            made_by=batch.made_by,
            finished_at=batch.finished_at,
            total=total,
            drawn=drawn,
            failed=int(failed),
        )
        for batch, total, drawn, failed in session.execute(query)
    ]

"""The sales inbox: enquiries in a list, how many wait, how soon they were answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select

from procurement.accounts.models import User
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.permissions import Permission
from procurement.kernel.text import containing, fold
from procurement.sales.models import Customer, Enquiry, EnquiryLine
from procurement.sales.rules.waiting import AnswerTimes, answer_times
from procurement.sales.terms import CustomerKind, EnquiryStatus, InboxView, LossReason

MOST_MEASURED = 10_000  # of a period, the latest
_IS_OPEN = Enquiry.status.in_([EnquiryStatus.NEW, EnquiryStatus.ANSWERED])


@dataclass(frozen=True, slots=True)
class EnquiryRow:
    """An enquiry in the inbox; `excerpt` is how the message begins."""

    number: str
    status: EnquiryStatus
    kind: CustomerKind
    name: str
    company: str
    email: str
    excerpt: str
    products: int
    received_at: datetime
    answered_at: datetime | None
    waiting_since: datetime | None
    assigned_to: str | None  # whose it is, by name
    lost_reason: LossReason | None
    key: int

    @property
    def first_answer(self) -> timedelta | None:
        """How long the sender waited for our first word, by the clock on the wall."""
        return self.answered_at - self.received_at if self.answered_at else None


@dataclass(frozen=True, slots=True)
class EnquiryFilter:
    """What the inbox is narrowed to."""

    status: EnquiryStatus | None = None
    text: str = ""
    customer: str | None = None
    view: InboxView | None = None
    waiting_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """How many enquiries are in each state, and how many wait for a word of ours."""

    new: int = 0
    answered: int = 0
    quoted: int = 0
    lost: int = 0
    waiting: int = 0
    unassigned: int = 0  # open and nobody's
    mine: int = 0  # open and the asking person's


def enquiries(
    session: ReadSession, page: PageRequest, wanted: EnquiryFilter, *, actor: Actor
) -> Page[EnquiryRow]:
    """The inbox, the newest first; one statement."""
    actor.require(Permission.SEE_SALES)
    products = (
        select(func.count())
        .select_from(EnquiryLine)
        .where(EnquiryLine.enquiry_id == Enquiry.id)
        .scalar_subquery()
    )
    query = (
        select(Enquiry, products, User.name)
        .outerjoin(User, User.id == Enquiry.assigned_to_id)
        .where(*_narrowed(wanted, actor))
        .order_by(Enquiry.id.desc())
        .limit(page.limit + 1)
    )
    if after := page.key(int):
        query = query.where(Enquiry.id < after[0])
    rows = [_row(enquiry, count, name) for enquiry, count, name in session.execute(query)]
    return page.page(rows, lambda row: (row.key,))


def waiting_longest(
    session: ReadSession, wanted: EnquiryFilter, *, actor: Actor, limit: int
) -> tuple[EnquiryRow, ...]:
    """Who waits for a word of ours, the longest first."""
    actor.require(Permission.SEE_SALES)
    rows = session.execute(
        select(Enquiry, User.name)
        .outerjoin(User, User.id == Enquiry.assigned_to_id)
        .where(Enquiry.waiting_since.is_not(None), *_narrowed(wanted, actor))
        .order_by(Enquiry.waiting_since, Enquiry.id)
        .limit(limit)
    )
    return tuple(_row(enquiry, 0, name) for enquiry, name in rows)


def inbox_counts(session: ReadSession, *, actor: Actor) -> InboxCounts:
    actor.require(Permission.SEE_SALES)
    rows = session.execute(
        select(
            Enquiry.status,
            func.count(),
            func.count(Enquiry.waiting_since),
            func.count().filter(_IS_OPEN, Enquiry.assigned_to_id.is_(None)),
            func.count().filter(_IS_OPEN, Enquiry.assigned_to_id == actor.id),
        ).group_by(Enquiry.status)
    ).all()
    states = {status.value: count for status, count, *_ in rows}
    waiting, unassigned, mine = (sum(row[i] for row in rows) for i in (2, 3, 4))
    return InboxCounts(**states, waiting=waiting, unassigned=unassigned, mine=mine)


def times_to_answer(
    session: ReadSession, *, since: datetime, until: datetime, actor: Actor
) -> AnswerTimes:
    """How long those who wrote in a period waited for our first word."""
    actor.require(Permission.SEE_SALES)
    rows = session.execute(
        select(Enquiry.received_at, Enquiry.answered_at)
        .where(
            Enquiry.received_at >= since,
            Enquiry.received_at < until,
            Enquiry.answered_at.is_not(None),
        )
        .order_by(Enquiry.id.desc())
        .limit(MOST_MEASURED)
    )
    return answer_times([answered - received for received, answered in rows])


def _narrowed(wanted: EnquiryFilter, actor: Actor) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.status:
        conditions.append(Enquiry.status == wanted.status)
    if wanted.customer:
        conditions.append(
            Enquiry.customer_id.in_(select(Customer.id).where(Customer.code == wanted.customer))
        )
    if wanted.view is InboxView.WAITING:
        conditions.append(Enquiry.waiting_since.is_not(None))
    elif wanted.view is InboxView.MINE:
        conditions += [_IS_OPEN, Enquiry.assigned_to_id == actor.id]
    elif wanted.view is InboxView.UNASSIGNED:
        conditions += [_IS_OPEN, Enquiry.assigned_to_id.is_(None)]
    if wanted.waiting_before:
        conditions.append(Enquiry.waiting_since < wanted.waiting_before)
    for word in fold(wanted.text).split():
        pattern = containing(word)
        columns = (Enquiry.number, Enquiry.name, Enquiry.company, Enquiry.email, Enquiry.message)
        conditions.append(or_(*(func.lower(c).like(pattern, escape="\\") for c in columns)))
    return conditions


def _row(enquiry: Enquiry, products: int, assigned_to: str | None) -> EnquiryRow:
    words = " ".join(enquiry.message.split())
    return EnquiryRow(
        number=enquiry.number,
        status=enquiry.status,
        kind=enquiry.kind,
        name=enquiry.name,
        company=enquiry.company,
        email=enquiry.email,
        excerpt=words if len(words) <= 140 else words[:139].rstrip() + "…",
        products=products,
        received_at=enquiry.received_at,
        answered_at=enquiry.answered_at,
        waiting_since=enquiry.waiting_since,
        assigned_to=assigned_to,
        lost_reason=enquiry.lost_reason,
        key=enquiry.id,
    )

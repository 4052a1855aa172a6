"""Quotes in lists: by status with their sums, expiring, answered lately. Figures come from the stored totals."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.permissions import Permission
from procurement.kernel.text import containing, fold
from procurement.sales.models import Customer, Quote
from procurement.sales.queries.quotes import visible_to
from procurement.sales.rules.validity import is_past, status_on
from procurement.sales.terms import QuoteStatus
from procurement.settings.queries import get_company


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """One revision in a list."""

    number: str
    revision: int
    status: QuoteStatus
    customer: str
    customer_name: str
    net: Money
    tax: Money
    gross: Money
    valid_until: date
    drafted_at: datetime
    changed_at: datetime
    issued_at: datetime | None
    answered_at: datetime | None
    answered_by: str
    decline_reason: str
    opened: int  # visits by the private link
    last_opened_at: datetime | None
    key: int

    @property
    def label(self) -> str:
        return self.number if self.revision == 1 else f"{self.number}, revision {self.revision}"


@dataclass(frozen=True, slots=True)
class QuoteFilter:
    """What a list is narrowed to. Superseded revisions are shown only when asked for."""

    status: QuoteStatus | None = None
    customer: str | None = None
    text: str = ""
    opened: bool | None = None  # of those that were sent: whether the customer has looked


@dataclass(frozen=True, slots=True)
class StatusSum:
    """How many quotes are in a status, and what they come to in one currency."""

    status: QuoteStatus
    count: int
    gross: Money


def quotes(
    session: ReadSession, wanted: QuoteFilter, page: PageRequest, *, actor: Actor, at: datetime
) -> Page[QuoteRow]:
    """Quotes the actor may see, newest first."""
    today = _today(session, at)
    query = _select().where(*visible_to(actor), *_narrowed(wanted, today)).order_by(Quote.id.desc())
    if after := page.key(int):
        query = query.where(Quote.id < after[0])
    rows = _rows(session, query.limit(page.limit + 1), today)
    return page.page(rows, lambda row: (row.key,))


def pipeline(
    session: ReadSession, wanted: QuoteFilter, *, actor: Actor, at: datetime
) -> tuple[StatusSum, ...]:
    """Counts and sums by status and currency, in the order an offer lives through them."""
    today = _today(session, at)
    expired = and_(Quote.status == QuoteStatus.ISSUED, Quote.valid_until < today)
    rows = session.execute(
        select(
            Quote.status,
            expired.label("overdue"),
            Quote.currency,
            func.count().label("quotes"),
            func.sum(Quote.gross_minor).label("gross"),
        )
        .join(Customer, Customer.id == Quote.customer_id)
        .where(*visible_to(actor), *_narrowed(wanted, today))
        .group_by(Quote.status, expired, Quote.currency)
    )
    sums: dict[tuple[QuoteStatus, str], tuple[int, int]] = {}
    for row in rows:
        key = (QuoteStatus.EXPIRED if row.overdue else row.status, row.currency)
        count, gross = sums.get(key, (0, 0))
        sums[key] = (count + row.quotes, gross + int(row.gross))
    order = list(QuoteStatus)
    return tuple(
        StatusSum(status, count, Money(gross, currency))
        for (status, currency), (count, gross) in sorted(
            sums.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
        )
    )


def is_any_overdue(session: ReadSession, at: datetime) -> bool:
    """Whether an issued quote is past its last valid day and nobody has written that down yet."""
    soonest: date | None = session.scalar(
        select(func.min(Quote.valid_until)).where(Quote.status == QuoteStatus.ISSUED)
    )
    return soonest is not None and is_past(soonest, get_company(session).time_zone, at)


def expiring(
    session: ReadSession, *, actor: Actor, at: datetime, days: int = 7, limit: int = 20
) -> list[QuoteRow]:
    """Issued quotes whose last valid day comes within so many days, the next one first."""
    actor.require(Permission.SEE_SALES)
    today = _today(session, at)
    query = _select().where(
        Quote.status == QuoteStatus.ISSUED,
        Quote.valid_until.between(today, today + timedelta(days=days)),
    )
    return _rows(session, query.order_by(Quote.valid_until, Quote.id).limit(limit), today)


def answered_lately(
    session: ReadSession, *, actor: Actor, at: datetime, days: int = 7, limit: int = 20
) -> list[QuoteRow]:
    """Quotes accepted or declined within the last days, the latest first."""
    actor.require(Permission.SEE_SALES)
    query = _select().where(
        Quote.status.in_([QuoteStatus.ACCEPTED, QuoteStatus.DECLINED]),
        Quote.answered_at > at - timedelta(days=days),
    )
    today = _today(session, at)
    return _rows(session, query.order_by(Quote.answered_at.desc()).limit(limit), today)


def _select() -> Any:
    return select(Quote, Customer.code, Customer.name).join(
        Customer, Customer.id == Quote.customer_id
    )


def _rows(session: ReadSession, query: Any, today: date) -> list[QuoteRow]:
    return [_row(quote, code, name, today) for quote, code, name in session.execute(query)]


def _row(quote: Quote, customer: str, customer_name: str, today: date) -> QuoteRow:
    return QuoteRow(
        number=quote.number,
        revision=quote.revision,
        status=status_on(quote.status, quote.valid_until, today),
        customer=customer,
        customer_name=customer_name,
        net=Money(quote.net_minor, quote.currency),
        tax=Money(quote.tax_minor, quote.currency),
        gross=Money(quote.gross_minor, quote.currency),
        valid_until=quote.valid_until,
        drafted_at=quote.drafted_at,
        changed_at=quote.changed_at,
        issued_at=quote.issued_at,
        answered_at=quote.answered_at,
        answered_by=quote.answered_by,
        decline_reason=quote.decline_reason,
        opened=quote.opened,
        last_opened_at=quote.last_opened_at,
        key=quote.id,
    )


def _narrowed(wanted: QuoteFilter, today: date) -> list[ColumnElement[bool]]:
    """Expired means written down as expired, or issued and past its last valid day."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.status is None:
        conditions.append(Quote.status != QuoteStatus.SUPERSEDED)
    elif wanted.status is QuoteStatus.EXPIRED:
        overdue = and_(Quote.status == QuoteStatus.ISSUED, Quote.valid_until < today)
        conditions.append(or_(Quote.status == QuoteStatus.EXPIRED, overdue))
    elif wanted.status is QuoteStatus.ISSUED:
        conditions += [Quote.status == QuoteStatus.ISSUED, Quote.valid_until >= today]
    else:
        conditions.append(Quote.status == wanted.status)
    if wanted.opened is not None:
        seen = Quote.first_opened_at.is_not(None)
        conditions += [Quote.issued_at.is_not(None), seen if wanted.opened else ~seen]
    if wanted.customer:
        conditions.append(Customer.code == wanted.customer)
    for word in fold(wanted.text).split():
        pattern = containing(word)
        conditions.append(
            or_(
                func.lower(Quote.number).like(pattern, escape="\\"),
                Customer.search_text.like(pattern, escape="\\"),
            )
        )
    return conditions


def _today(session: ReadSession, at: datetime) -> date:
    return today_in(get_company(session).time_zone, at)

"""What is going on about a quote: its thread, its link, whether it was opened, what nobody has answered yet."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.permissions import Permission
from procurement.sales.models import Customer, Quote, ThreadMessage
from procurement.sales.queries.quotes import no_such_quote
from procurement.sales.queries.threads import ThreadRow, thread_of
from procurement.sales.terms import Writer


@dataclass(frozen=True, slots=True)
class LinkState:
    """How a revision's link has fared."""

    first_opened_at: datetime | None
    last_opened_at: datetime | None
    opened: int
    ended_at: datetime | None
    remind: bool
    reminded_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question about a quote that nobody has answered yet."""

    number: str
    customer_name: str
    author: str
    body: str
    at: datetime


def quote_thread(session: ReadSession, number: str, *, actor: Actor) -> tuple[ThreadRow, ...]:
    """What was written about any revision of a quote."""
    actor.require(Permission.SEE_SALES)
    ids = select(Quote.id).where(Quote.number == number)
    return thread_of(session, ThreadMessage.quote_id.in_(ids))


def link_state(session: ReadSession, number: str, revision: int, *, actor: Actor) -> LinkState:
    actor.require(Permission.SEE_SALES)
    found = session.execute(
        select(
            Quote.first_opened_at,
            Quote.last_opened_at,
            Quote.opened,
            Quote.link_ended_at,
            Quote.remind,
            Quote.reminded_at,
        ).where(Quote.number == number, Quote.revision == revision)
    ).one_or_none()
    if found is None:
        raise no_such_quote()
    return LinkState(*found)


def open_questions(session: ReadSession, *, actor: Actor, limit: int) -> tuple[OpenQuestion, ...]:
    """The longest unanswered first."""
    actor.require(Permission.SEE_SALES)
    rows = session.execute(
        select(
            Quote.number,
            Customer.name,
            ThreadMessage.author,
            ThreadMessage.body,
            ThreadMessage.at,
        )
        .join(Quote, Quote.id == ThreadMessage.quote_id)
        .join(Customer, Customer.id == Quote.customer_id)
        .where(ThreadMessage.writer == Writer.CUSTOMER, ThreadMessage.answered_at.is_(None))
        .order_by(ThreadMessage.at, ThreadMessage.id)
        .limit(limit)
    )
    return tuple(OpenQuestion(*row) for row in rows)

"""Closing the books: afterwards no posting lies in the closed days, not even one that was being written meanwhile."""

from datetime import date, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from procurement.kernel.actor import Actor
from procurement.stock.models import Period


def lock_postings(session: Session) -> None:
    """Let those who are posting finish, and the next ones wait until this transaction is over.

    PostgreSQL only: on SQLite every writer is alone. A posting asks for closed days in its own first statement,
    so one that waited here sees what was closed.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE posting IN SHARE ROW EXCLUSIVE MODE"))


def latest_closing(session: Session) -> Period | None:
    return session.scalars(select(Period).order_by(Period.closed_until.desc()).limit(1)).first()


def close(session: Session, last_day: date, until: datetime, *, actor: Actor, at: datetime) -> None:
    session.add(
        Period(last_day=last_day, closed_until=until, closed_at=at, closed_by=actor.name[:200])
    )


def reopen(session: Session, period: Period) -> None:
    session.delete(period)

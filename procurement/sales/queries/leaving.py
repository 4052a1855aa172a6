"""Accounts that wait to be erased."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from procurement.accounts.models import User
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.permissions import Permission
from procurement.sales.models import Customer, Leaving


@dataclass(frozen=True, slots=True)
class LeavingRow:
    """Somebody who leaves, and when that is done."""

    name: str
    email: str
    customer: str
    customer_name: str
    asked_at: datetime
    due_at: datetime


def leaving(session: ReadSession, *, actor: Actor, limit: int = 50) -> tuple[LeavingRow, ...]:
    """The first to be erased first."""
    actor.require(Permission.SEE_SALES)
    rows = session.execute(
        select(
            User.name, User.email, Customer.code, Customer.name, Leaving.asked_at, Leaving.due_at
        )
        .join(User, User.id == Leaving.user_id)
        .join(Customer, Customer.id == User.customer_id)
        .order_by(Leaving.due_at, Leaving.user_id)
        .limit(limit)
    )
    return tuple(LeavingRow(*row) for row in rows)


def is_anybody_due(session: ReadSession, at: datetime) -> bool:
    """Whether a look is worth a lock."""
    return session.scalar(select(Leaving.user_id).where(Leaving.due_at <= at).limit(1)) is not None


def leaves_at(session: ReadSession, *, actor: Actor) -> datetime | None:
    """When the acting buyer's account is erased, if they asked for it."""
    actor.require(Permission.BUY)
    found: datetime | None = session.scalar(
        select(Leaving.due_at).where(Leaving.user_id == actor.id)
    )
    return found

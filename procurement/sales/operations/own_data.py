"""A buyer takes their data along: the password is asked again, and the trail says when."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.models import User
from procurement.accounts.rules.passwords import is_password
from procurement.audit.operations import record
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Invalid
from procurement.kernel.permissions import Permission
from procurement.sales.queries.own_data import Sections, own_data


def take_data(session: Session, password: str, *, actor: Actor, at: datetime) -> Sections:
    """All that is kept about the acting buyer. Raises Invalid."""
    actor.require(Permission.BUY)
    hashed = session.scalar(select(User.password).where(User.id == actor.id))
    if not is_password(hashed, password):
        raise Invalid("That is not your password.", field="password")
    record(session, "take data", f"account {actor.id}", actor=actor, at=at)
    return own_data(session, actor=actor)

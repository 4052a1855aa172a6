"""What buyers have chosen to be told by mail."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, select

from procurement.accounts.models import User
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.permissions import Permission
from procurement.kernel.text import is_storable
from procurement.sales.models import MailChoices
from procurement.sales.rules.mails import declined_of
from procurement.sales.terms.mails import MailChoicesRow, Topic


def own_choices(session: ReadSession, *, actor: Actor) -> MailChoicesRow:
    actor.require(Permission.BUY)
    return _row(session, User.id == actor.id)


def choices_behind(session: ReadSession, token: str) -> MailChoicesRow:
    """By the link that stands in each mail."""
    if not is_storable(token):
        raise _gone()
    return _row(session, MailChoices.token == token)


def who_want(session: ReadSession, emails: Iterable[str], topic: Topic) -> frozenset[str]:
    """Those of some addresses that are told of a topic; who has no account has not chosen, and is."""
    asked = frozenset(emails)
    rows = session.execute(
        select(User.email, MailChoices.declined)
        .join(MailChoices, MailChoices.user_id == User.id)
        .where(User.email.in_({email.lower() for email in asked}))
    )
    not_told = {email for email, kept in rows if topic in declined_of(kept)}
    return frozenset(email for email in asked if email.lower() not in not_told)


def _row(session: ReadSession, condition: ColumnElement[bool]) -> MailChoicesRow:
    found = session.execute(
        select(User.name, User.email, MailChoices.declined)
        .outerjoin(MailChoices, MailChoices.user_id == User.id)
        .where(condition, User.active)
    ).one_or_none()
    if found is None:
        raise _gone()
    name, email, kept = found
    return MailChoicesRow(name, email, frozenset(Topic) - declined_of(kept or ""))


def _gone() -> NotFound:
    return NotFound("This link is used up; sign in to choose which mails you get.")

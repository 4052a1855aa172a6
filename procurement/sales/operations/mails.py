"""Mails to buyers: every one asks what its reader has chosen, and bears the way to choose otherwise."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from procurement.accounts.models import User
from procurement.audit.operations import record
from procurement.documents.languages.writing import writing_for
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Forbidden, NotFound
from procurement.kernel.permissions import Permission
from procurement.kernel.secrets import new_token
from procurement.outbox.operations import NewMail, put_mail
from procurement.sales.models import MailChoices
from procurement.sales.queries.mails import choices_behind, who_want
from procurement.sales.rules.mails import kept_of
from procurement.sales.terms.mails import Topic

CHOICES = "/mails/{token}"


def write_buyer(
    session: Session,
    mail: NewMail,
    topic: Topic,
    *,
    locale: str,
    at: datetime,
    always: bool = False,
) -> bool:
    """Write to somebody at a customer's, unless they have chosen otherwise (`always`: even then); says whether."""
    if not always and not who_want(session, [mail.recipient], topic):
        return False
    user_id = session.scalar(
        select(User.id).where(
            User.email == mail.recipient.lower(), User.customer_id.is_not(None), User.active
        )
    )
    if user_id is not None:
        path = CHOICES.format(token=_token_of(session, user_id))
        body = f"{mail.body.rstrip()}\n\n-- \n{writing_for(locale).choices}"
        mail = replace(mail, body=body, choices=path)
    put_mail(session, mail, at=at)
    return True


def choose_mails(session: Session, wanted: Iterable[Topic], *, actor: Actor, at: datetime) -> None:
    """What the acting buyer is told from now on."""
    actor.require(Permission.BUY)
    if actor.id is None:
        raise Forbidden(f"{actor.name} gets no mails.")
    _choose(session, actor.id, wanted, actor, at)


def choose_by_link(session: Session, token: str, wanted: Iterable[Topic], *, at: datetime) -> None:
    """The same by the link of a mail: whoever reads somebody's mail may end it."""
    row = choices_behind(session, token)
    user_id = session.scalar(select(MailChoices.user_id).where(MailChoices.token == token))
    if user_id is None:
        raise NotFound("This link is used up.")
    _choose(session, user_id, wanted, Actor(id=user_id, name=row.name), at)


def _choose(
    session: Session, user_id: int, wanted: Iterable[Topic], actor: Actor, at: datetime
) -> None:
    _token_of(session, user_id)
    row = session.get_one(MailChoices, user_id, with_for_update=True)
    row.declined = kept_of(wanted)
    session.flush()  # it is read back at once
    record(session, "choose mails", f"account {user_id}", row.declined, actor=actor, at=at)


def _token_of(session: Session, user_id: int) -> str:
    """Their own; of two mails at once that make the row, one does."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    session.execute(
        insert(MailChoices)
        .values(user_id=user_id, token=new_token(), declined="")
        .on_conflict_do_nothing(index_elements=["user_id"])
    )
    found = session.scalar(select(MailChoices.token).where(MailChoices.user_id == user_id))
    return str(found)

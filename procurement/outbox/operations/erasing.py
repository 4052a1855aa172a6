"""Mails to somebody who is forgotten: that one was written stays, to whom and what it said does not."""

from collections.abc import Sequence

from sqlalchemy import func, or_, update
from sqlalchemy.orm import Session

from procurement.outbox.models import Message
from procurement.outbox.terms import MessageStatus

NOBODY = "erased"


def erase_mails(session: Session, email: str, about: Sequence[str] = ()) -> None:
    """To them, and to us about what they wrote (`about`). What still waits is not sent. Callers ask who may."""
    session.execute(
        update(Message)
        .where(
            or_(
                func.lower(Message.recipient) == email,
                func.lower(Message.reference) == email,
                Message.reference.in_(about),
            )
        )
        .values(
            recipient=NOBODY,
            subject=NOBODY,
            body="",
            choices="",
            last_error="",
            status=MessageStatus.KEPT,
        )
        .execution_options(synchronize_session=False)
    )

"""What a drainer does to the rows: claim one, then say how it went. Each step is a transaction of its own.

A mail is claimed by a conditional UPDATE before it is handed to the server. Of two drainers one gets it. One that dies
after the server took the mail leaves it claimed; when the claim runs out it is tried again, so a mail is sent at least
once, and twice only if a process died in that very moment.
"""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from procurement.files.models import StoredFile
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, NotFound
from procurement.kernel.permissions import Permission
from procurement.outbox.models import Message, MessageFile
from procurement.outbox.terms import Letter, LetterFile, MessageStatus

CLAIM = timedelta(minutes=10)  # longer than a server may keep us waiting
FIRST_WAIT = timedelta(minutes=1)
MOST_ATTEMPTS = 8  # one minute, two, four ...: about two hours in all


def claim_next(session: Session, *, at: datetime) -> Letter | None:
    """Take the mail that has waited longest; None when nothing is due."""
    due = select(Message.id, Message.due_at, Message.attempts).where(
        Message.status == MessageStatus.WAITING, Message.due_at <= at
    )
    for found in session.execute(due.order_by(Message.due_at, Message.id).limit(5)):
        claimed = session.execute(
            update(Message)
            .where(
                Message.id == found.id,
                Message.status == MessageStatus.WAITING,
                Message.attempts == found.attempts,
                Message.due_at <= at,
            )
            .values(attempts=found.attempts + 1, due_at=at + CLAIM)
            .returning(Message.id)
        ).scalar_one_or_none()
        if claimed is not None:
            return _letter(session, claimed)
    return None


def mark_sent(session: Session, letter: Letter, *, at: datetime) -> None:
    _finish(session, letter, status=MessageStatus.SENT, sent_at=at, last_error="")


def mark_failed(session: Session, letter: Letter, why: str, *, at: datetime) -> None:
    """Wait twice as long as the last time, and in the end give up where everybody can see it."""
    wait = FIRST_WAIT * 2 ** (letter.attempts - 1)
    given_up = letter.attempts >= MOST_ATTEMPTS
    status = MessageStatus.FAILED if given_up else MessageStatus.WAITING
    _finish(session, letter, status=status, due_at=at + wait, last_error=why[:500])


def keep_waiting(session: Session) -> int:
    """Without a mail server: what waits stays readable in the application. Says how many there were."""
    kept = session.execute(
        update(Message)
        .where(Message.status == MessageStatus.WAITING)
        .values(status=MessageStatus.KEPT)
        .returning(Message.id)
    )
    return len(kept.all())


def send_again(session: Session, message_id: int, *, actor: Actor, at: datetime) -> None:
    """Put a mail back that failed, or that was kept before there was a mail server."""
    actor.require(Permission.EDIT_SETTINGS)
    message = session.scalar(select(Message).where(Message.id == message_id).with_for_update())
    if message is None:
        raise NotFound("There is no such mail.")
    if message.status not in {MessageStatus.FAILED, MessageStatus.KEPT}:
        raise Conflict("This mail is on its way or has been sent.")
    message.status, message.due_at, message.attempts = MessageStatus.WAITING, at, 0


def _finish(session: Session, letter: Letter, **values: object) -> None:
    session.execute(
        update(Message)
        .where(Message.id == letter.id, Message.attempts == letter.attempts)
        .values(**values)
    )


def _letter(session: Session, message_id: int) -> Letter:
    message = session.get_one(Message, message_id)
    return Letter(
        id=message.id,
        recipient=message.recipient,
        subject=message.subject,
        body=message.body,
        attempts=message.attempts,
        files=_files(session, message_id),
        choices=message.choices,
    )


def _files(session: Session, message_id: int) -> tuple[LetterFile, ...]:
    rows = session.execute(
        select(MessageFile.name, StoredFile.media_type, StoredFile.content)
        .join(StoredFile, StoredFile.id == MessageFile.file_id)
        .where(MessageFile.message_id == message_id)
        .order_by(MessageFile.position)
    )
    return tuple(LetterFile(*row) for row in rows)

"""Mail is put here in the business transaction; nothing is sent before that has committed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.kernel.errors import Invalid
from procurement.outbox.models import Enclosure, Message, MessageStatus

LONGEST_BODY = 100_000


@dataclass(frozen=True, slots=True)
class NewMail:
    """One mail to one address. `reference` is the public name of what it is about: "Q-2026-0007"."""

    recipient: str
    subject: str
    body: str
    reference: str = ""
    attachment_id: int | None = None
    enclosures: tuple[tuple[int, str], ...] = ()  # key and name of further files


def put_mail(session: Session, mail: NewMail, *, at: datetime) -> Message:
    """Write a mail to be sent after the commit."""
    if any(mark in mail.recipient + mail.subject for mark in "\r\n\0"):
        raise Invalid("An address and a subject are one line each.", field="recipient")
    if len(mail.body) > LONGEST_BODY:
        raise Invalid("That mail is too long.", field="body")
    message = Message(
        recipient=mail.recipient,
        subject=mail.subject[:200],
        body=mail.body,
        reference=mail.reference,
        attachment_id=mail.attachment_id,
        status=MessageStatus.WAITING,
        created_at=at,
        due_at=at,
    )
    session.add(message)
    if mail.enclosures:
        session.flush()  # its key is needed
    session.add_all(
        Enclosure(message_id=message.id, position=position, file_id=file_id, name=name)
        for position, (file_id, name) in enumerate(mail.enclosures)
    )
    return message

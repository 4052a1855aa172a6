"""Mail is put here in the business transaction; nothing is sent before that has committed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.files.models import StoredFile
from procurement.kernel.errors import Invalid
from procurement.outbox.models import Message, MessageFile, MessageStatus

LONGEST_BODY = 100_000


@dataclass(frozen=True, slots=True)
class MailFile:
    """A kept file that goes with a mail; without a name it has the one it was kept by."""

    file_id: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class NewMail:
    """One mail to one address, with files in their order.

    `reference` is the public name of what it is about: "Q-2026-0007".
    """

    recipient: str
    subject: str
    body: str
    reference: str = ""
    files: tuple[MailFile, ...] = ()
    choices: str = ""  # the path where its reader chooses which mails they get


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
        choices=mail.choices,
        status=MessageStatus.WAITING,
        created_at=at,
        due_at=at,
    )
    session.add(message)
    if mail.files:
        session.flush()  # its key is needed
        names = _kept_names(session, mail.files)
        session.add_all(
            MessageFile(
                message_id=message.id,
                position=position,
                file_id=file.file_id,
                name=file.name or names[file.file_id],
            )
            for position, file in enumerate(mail.files, 1)
        )
    return message


def _kept_names(session: Session, files: tuple[MailFile, ...]) -> dict[int, str]:
    unnamed = {file.file_id for file in files if not file.name}
    if not unnamed:
        return {}
    query = select(StoredFile.id, StoredFile.file_name).where(StoredFile.id.in_(unnamed))
    return dict(iter(session.execute(query)))

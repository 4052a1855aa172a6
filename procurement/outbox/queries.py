"""Reading the outbox."""

from datetime import datetime

from sqlalchemy import select

from procurement.files.models import StoredFile
from procurement.files.queries import Paper
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.permissions import Permission
from procurement.outbox.models import Message, MessageFile
from procurement.outbox.terms import FileRow, MessagePage, MessageRow, MessageStatus


def messages(
    session: ReadSession, page: PageRequest, *, status: MessageStatus | None, actor: Actor
) -> Page[MessageRow]:
    """Mails, newest first."""
    actor.require(Permission.EDIT_SETTINGS)
    query = select(Message).order_by(Message.id.desc()).limit(page.limit + 1)
    if status is not None:
        query = query.where(Message.status == status)
    if after := page.key(int):
        query = query.where(Message.id < after[0])
    rows = [_row(message) for message in session.scalars(query)]
    return page.page(rows, lambda row: (row.id,))


def message_page(session: ReadSession, message_id: int, *, actor: Actor) -> MessagePage:
    """One mail, whole."""
    actor.require(Permission.EDIT_SETTINGS)
    message = session.scalar(select(Message).where(Message.id == message_id))
    if message is None:
        raise NotFound("There is no such mail.")
    body = f"{message.body}\n{message.choices}" if message.choices else message.body
    return MessagePage(_row(message), body, _files(session, message_id))


def mailed_file(session: ReadSession, message_id: int, position: int, *, actor: Actor) -> Paper:
    """One file of a mail, with its bytes."""
    actor.require(Permission.EDIT_SETTINGS)
    row = session.execute(
        select(MessageFile.name, StoredFile.media_type, StoredFile.sha256, StoredFile.content)
        .join(StoredFile, StoredFile.id == MessageFile.file_id)
        .where(MessageFile.message_id == message_id, MessageFile.position == position)
    ).one_or_none()
    if row is None:
        raise NotFound("This mail has no such file.")
    return Paper(*row)


def _files(session: ReadSession, message_id: int) -> tuple[FileRow, ...]:
    rows = session.execute(
        select(MessageFile.position, MessageFile.file_id, MessageFile.name, StoredFile.size)
        .join(StoredFile, StoredFile.id == MessageFile.file_id)
        .where(MessageFile.message_id == message_id)
        .order_by(MessageFile.position)
    )
    return tuple(FileRow(*row) for row in rows)


def _row(message: Message) -> MessageRow:
    return MessageRow(
        id=message.id,
        recipient=message.recipient,
        subject=message.subject,
        reference=message.reference,
        status=message.status,
        created_at=message.created_at,
        sent_at=message.sent_at,
        attempts=message.attempts,
        last_error=message.last_error,
    )


def is_anything_due(session: ReadSession, at: datetime) -> bool:
    query = select(Message.id).where(Message.status == MessageStatus.WAITING, Message.due_at <= at)
    return session.scalar(query.limit(1)) is not None

"""The messages below an enquiry or a quote, with how far ours have got."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from procurement.kernel.db import ReadSession
from procurement.outbox.models import Message, MessageStatus
from procurement.sales.models import ThreadMessage
from procurement.sales.terms import Writer


@dataclass(frozen=True, slots=True)
class ThreadRow:
    """One message; `mail` says where ours is, None for theirs."""

    at: datetime
    writer: Writer
    author: str
    body: str
    mail: MessageStatus | None
    is_answered: bool

    @property
    def is_ours(self) -> bool:
        return self.writer is Writer.US


def thread_of(session: ReadSession, thread: ColumnElement[bool]) -> tuple[ThreadRow, ...]:
    """The messages that a condition on ThreadMessage picks, oldest first."""
    rows = session.execute(
        select(ThreadMessage, Message.status)
        .outerjoin(Message, Message.id == ThreadMessage.outbox_id)
        .where(thread)
        .order_by(ThreadMessage.at, ThreadMessage.id)
    )
    return tuple(
        ThreadRow(
            at=message.at,
            writer=message.writer,
            author=message.author,
            body=message.body,
            mail=mail,
            is_answered=message.answered_at is not None,
        )
        for message, mail in rows
    )

"""Mail as rows: written with the business change that causes it, sent by the worker after the commit."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, ForeignId, Name, PrimaryKey, Prose
from procurement.kernel.types import str_enum
from procurement.outbox.terms import MessageStatus

__all__ = ["Message", "MessageFile", "MessageStatus"]


class MessageFile(Base):
    """A file of a mail, in its order, under a name of its own."""

    __tablename__ = "outbox_file"

    message_id: Mapped[ForeignId] = mapped_column(ForeignKey("outbox_message.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    file_id: Mapped[ForeignId] = mapped_column(ForeignKey("stored_file.id"), index=True)
    name: Mapped[Name]


class Message(Base):
    """One mail to one address."""

    __tablename__ = "outbox_message"

    id: Mapped[PrimaryKey]
    recipient: Mapped[Name]
    subject: Mapped[Name]
    body: Mapped[str] = mapped_column(Text)
    reference: Mapped[Prose]  # the document it is about: "Q-2026-0007"
    status: Mapped[MessageStatus] = mapped_column(str_enum(MessageStatus, "status"))
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]  # not before; moved on after a failure
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    last_error: Mapped[Prose]
    # Where its reader chooses which mails they get: a path of ours, written below the body when it is sent.
    choices: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (Index(None, "status", "due_at"),)

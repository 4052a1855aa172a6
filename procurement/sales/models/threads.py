"""What customers and we wrote to each other, below an enquiry or a quote."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, ForeignId, Name, PrimaryKey, Prose
from procurement.kernel.types import str_enum
from procurement.sales.terms import Writer


class ThreadMessage(Base):
    """One message of a thread, after the enquiry's own words. Ours went out by mail; theirs came by a private link."""

    __tablename__ = "thread_message"

    id: Mapped[PrimaryKey]
    enquiry_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("enquiry.id"), index=True)
    quote_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("quote.id"), index=True)
    at: Mapped[datetime]
    writer: Mapped[Writer] = mapped_column(str_enum(Writer, "writer"))
    author: Mapped[Name]
    body: Mapped[Prose]
    came_from: Mapped[Prose]  # the address theirs came from
    outbox_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("outbox_message.id"), index=True)
    answered_at: Mapped[datetime | None]  # theirs: when we wrote next

    __table_args__ = (
        CheckConstraint("(enquiry_id IS NULL) <> (quote_id IS NULL)", name="one_thread"),
        Index(
            "ix_thread_message_unanswered",
            "at",
            sqlite_where=text("writer = 'customer' AND answered_at IS NULL"),
            postgresql_where=text("writer = 'customer' AND answered_at IS NULL"),
        ),
    )

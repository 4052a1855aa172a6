"""The trail: one row for each thing somebody did to a document. A trigger refuses UPDATE and DELETE."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, Code, ForeignId, Name, PrimaryKey, Prose


class AuditEntry(Base):
    """`subject` is the document's public name ("PO-2026-0042"), `detail` a sentence for people."""

    __tablename__ = "audit_entry"

    id: Mapped[PrimaryKey]
    at: Mapped[datetime]
    actor_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("user_account.id"))
    actor_name: Mapped[Name]
    action: Mapped[Code]
    subject: Mapped[Name]
    detail: Mapped[Prose]

    __table_args__ = (Index(None, "subject", "at"),)

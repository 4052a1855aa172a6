"""Customers that turned out to be one, and what was said outside of documents."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, Code, ForeignId, Name, PrimaryKey, Prose
from procurement.kernel.types import str_enum
from procurement.sales.rules.customers import NoteKind


class CustomerAlias(Base):
    """The code of a customer that was merged into another: it leads there for good."""

    __tablename__ = "customer_alias"

    code: Mapped[Code] = mapped_column(primary_key=True)
    customer_id: Mapped[ForeignId] = mapped_column(ForeignKey("customer.id"), index=True)
    name: Mapped[Name]
    merged_at: Mapped[datetime]
    merged_by: Mapped[Name]


class CustomerNote(Base):
    """A note, a call, a visit: what nothing else remembers."""

    __tablename__ = "customer_note"

    id: Mapped[PrimaryKey]
    customer_id: Mapped[ForeignId] = mapped_column(ForeignKey("customer.id"))
    kind: Mapped[NoteKind] = mapped_column(str_enum(NoteKind, "kind"))
    at: Mapped[datetime]
    author: Mapped[Name]
    body: Mapped[Prose]

    __table_args__ = (Index(None, "customer_id", "at"),)

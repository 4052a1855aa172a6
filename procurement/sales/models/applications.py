"""Companies that ask for a trade account, and the documents they show."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, Code, ForeignId, Name, PrimaryKey, Prose
from procurement.kernel.types import str_enum
from procurement.sales.terms import CustomerKind
from procurement.sales.terms.applications import ApplicationStatus


class TradeApplication(Base):
    """A company that wants to buy with prices of its own; approving it makes a customer and its first buyer."""

    __tablename__ = "trade_application"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    status: Mapped[ApplicationStatus] = mapped_column(str_enum(ApplicationStatus, "status"))
    company: Mapped[Name]
    kind: Mapped[CustomerKind] = mapped_column(str_enum(CustomerKind, "kind"))
    name: Mapped[Name]  # who writes
    email: Mapped[str] = mapped_column(String(254))
    phone: Mapped[Prose]
    vat_id: Mapped[Prose]
    homepage: Mapped[Prose]
    street: Mapped[Prose]
    postal_code: Mapped[str] = mapped_column(String(20), default="")
    city: Mapped[str] = mapped_column(String(200), default="")
    region: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(2))  # ISO 3166-1
    message: Mapped[Prose]
    consent: Mapped[Prose]  # the words that were agreed to
    consented_at: Mapped[datetime]
    received_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[Prose]  # why it was refused
    customer_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("customer.id"), index=True)

    __table_args__ = (
        CheckConstraint(
            "(status = 'waiting') = (decided_at IS NULL) AND (status = 'waiting') = (decided_by IS NULL)",
            name="decided",
        ),
        CheckConstraint("(status = 'approved') = (customer_id IS NOT NULL)", name="customer"),
        # Who waits for an answer writes again by mail, not by another application.
        Index(
            "uq_trade_application_one_waiting",
            "email",
            unique=True,
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
        Index(None, "status", "id"),
    )


class ApplicationPaper(Base):
    """A document of an application: the company's registration, a resale certificate."""

    __tablename__ = "application_paper"

    application_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("trade_application.id"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    file_id: Mapped[ForeignId] = mapped_column(ForeignKey("stored_file.id"), index=True)
    file_name: Mapped[Name]

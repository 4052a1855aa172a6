"""What suppliers answer to an order, and the private links by which they do."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import Base, ForeignId, Name, PrimaryKey, Prose
from procurement.kernel.types import str_enum
from procurement.purchasing.terms import AnsweredBy, SupplierAnswer


class OrderLink(Base):
    """A way to one revision of an order without signing in. Its secret is on the paper and in the mail, not here."""

    __tablename__ = "order_link"

    id: Mapped[PrimaryKey]
    order_id: Mapped[ForeignId] = mapped_column(ForeignKey("purchase_order.id"), index=True)
    revision: Mapped[int] = mapped_column(Integer)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    expires_on: Mapped[date]  # the last day it leads anywhere
    revoked_at: Mapped[datetime | None]
    # By somebody who was not signed in, in a browser: machines that fetch addresses do not count.
    first_opened_at: Mapped[datetime | None]
    last_opened_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            "(first_opened_at IS NULL) = (last_opened_at IS NULL)", name="opened_first_and_last"
        ),
    )


class OrderConfirmation(Base):
    """One answer of the supplier, as it was given. A later one does not change it."""

    __tablename__ = "order_confirmation"

    id: Mapped[PrimaryKey]
    order_id: Mapped[ForeignId] = mapped_column(ForeignKey("purchase_order.id"), index=True)
    revision: Mapped[int] = mapped_column(Integer)
    answer: Mapped[SupplierAnswer] = mapped_column(str_enum(SupplierAnswer, "answer"))
    answered_by: Mapped[AnsweredBy] = mapped_column(str_enum(AnsweredBy, "answered_by"))
    said_by: Mapped[Name]
    message: Mapped[Prose]
    document: Mapped[Prose]  # the number of theirs
    supplier_order: Mapped[Prose]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[Prose]  # empty when it came by the link
    recorded_by_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("user_account.id"))
    noted_at: Mapped[datetime | None]
    noted_by: Mapped[Prose]

    lines: Mapped[list["OrderConfirmationLine"]] = relationship(
        lazy="raise",
        order_by="OrderConfirmationLine.position",
        cascade="all, delete-orphan",
    )

    __table_args__ = (
        Index(None, "answer", "noted_at"),
        Index(None, "recorded_by_id"),
        CheckConstraint("(noted_at IS NULL) = (noted_by = '')", name="noted_by_somebody"),
    )


class OrderConfirmationLine(Base):
    """What was said of one line, beside what was asked for."""

    __tablename__ = "order_confirmation_line"

    confirmation_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("order_confirmation.id"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    answer: Mapped[SupplierAnswer] = mapped_column(str_enum(SupplierAnswer, "answer"))
    packs_asked: Mapped[int] = mapped_column(Integer)
    packs: Mapped[int] = mapped_column(Integer)
    asked_for: Mapped[date | None]
    due_on: Mapped[date | None]
    remark: Mapped[Prose]

    __table_args__ = (
        CheckConstraint("packs >= 0 AND packs_asked > 0", name="packs_not_negative"),
        CheckConstraint("(answer = 'refused') = (packs = 0)", name="refused_is_nothing"),
    )

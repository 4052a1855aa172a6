"""What visitors and buyers ask for."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import (
    Base,
    Code,
    CurrencyCode,
    ForeignId,
    Name,
    PriceE4,
    PrimaryKey,
    Prose,
)
from procurement.kernel.types import str_enum
from procurement.sales.terms import (
    CustomerKind,
    EnquiryStatus,
    LossReason,
)


class Enquiry(Base):
    """A message from the public site or a request for quotation from a basket."""

    __tablename__ = "enquiry"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    status: Mapped[EnquiryStatus] = mapped_column(str_enum(EnquiryStatus, "status"), index=True)
    kind: Mapped[CustomerKind] = mapped_column(str_enum(CustomerKind, "kind"))
    name: Mapped[Name]
    email: Mapped[Name]
    phone: Mapped[Prose]
    company: Mapped[Prose]
    message: Mapped[Prose]
    language: Mapped[str] = mapped_column(
        String(2), default=""
    )  # as far as the sender's browser tells
    customer_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("customer.id"), index=True)
    received_at: Mapped[datetime]
    consented_at: Mapped[datetime | None]  # when the sender agreed that we keep and answer this
    consent: Mapped[Prose]  # the words agreed to
    answered_at: Mapped[datetime | None]  # for the first time
    waiting_since: Mapped[datetime | None]  # since when the sender waits for a word of ours
    assigned_to_id: Mapped[ForeignId | None] = mapped_column(
        ForeignKey("user_account.id"), index=True
    )
    lost_at: Mapped[datetime | None]
    lost_reason: Mapped[LossReason | None] = mapped_column(str_enum(LossReason, "lost_reason"))
    lost_note: Mapped[Prose]
    # 128 random bits: the sender reads the thread and writes again there.
    link_token: Mapped[str | None] = mapped_column(String(64), unique=True)
    # SHA-256 of who wrote what: the same sent twice within minutes is one enquiry.
    digest: Mapped[str] = mapped_column(String(64), default="", index=True)
    version: Mapped[int] = mapped_column(Integer)

    lines: Mapped[list["EnquiryLine"]] = relationship(
        back_populates="enquiry", lazy="raise", order_by="EnquiryLine.position"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own declaration)
    __table_args__ = (
        CheckConstraint(
            "(status = 'lost') = (lost_reason IS NOT NULL) AND (status = 'lost') = (lost_at IS NOT NULL)",
            name="lost_for_a_reason",
        ),
        CheckConstraint("status <> 'lost' OR waiting_since IS NULL", name="lost_waits_no_more"),
        Index(
            "ix_enquiry_waiting",
            "waiting_since",
            sqlite_where=text("waiting_since IS NOT NULL"),
            postgresql_where=text("waiting_since IS NOT NULL"),
        ),
    )


class EnquiryLine(Base):
    """A product the enquiry is about, how many packs and at which price, if it says so."""

    __tablename__ = "enquiry_line"

    enquiry_id: Mapped[ForeignId] = mapped_column(ForeignKey("enquiry.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    product_id: Mapped[ForeignId] = mapped_column(ForeignKey("product.id"), index=True)
    pack_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("pack.id"))
    packs: Mapped[int | None] = mapped_column(Integer)
    target_e4: Mapped[PriceE4 | None]  # what they hope to pay for a pack
    target_currency: Mapped[CurrencyCode | None]

    enquiry: Mapped[Enquiry] = relationship(back_populates="lines", lazy="raise")

    __table_args__ = (
        CheckConstraint("packs > 0", name="packs_positive"),
        CheckConstraint("target_e4 >= 0", name="target_not_negative"),
        CheckConstraint(
            "(target_e4 IS NULL) = (target_currency IS NULL)", name="target_has_a_currency"
        ),
    )

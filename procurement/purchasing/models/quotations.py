"""Requests for quotation: what is wanted, who was asked, what they answered, who got it."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import (
    Base,
    Code,
    CurrencyCode,
    Flag,
    ForeignId,
    Name,
    PriceE4,
    PrimaryKey,
    Prose,
    Steps,
)
from procurement.kernel.types import str_enum
from procurement.purchasing.terms.quotations import RequestStatus


class RequestForQuotation(Base):
    """Suppliers are asked what these goods would cost, until a day."""

    __tablename__ = "request_for_quotation"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    status: Mapped[RequestStatus] = mapped_column(str_enum(RequestStatus, "status"), index=True)
    title: Mapped[Name]
    note: Mapped[Prose]  # to all suppliers
    answer_by: Mapped[date]
    deliver_to_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("location.id"))
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[Name]
    sent_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[Prose]
    version: Mapped[int] = mapped_column(Integer)

    lines: Mapped[list["RequestLine"]] = relationship(
        lazy="raise", order_by="RequestLine.position", cascade="all, delete-orphan"
    )
    invitations: Mapped[list["Invitation"]] = relationship(
        lazy="raise", order_by="Invitation.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own declaration)
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'cancelled') OR sent_at IS NOT NULL", name="sent"),
    )


class RequestLine(Base):
    """So many packs of a product."""

    __tablename__ = "request_line"

    request_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("request_for_quotation.id"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    product_id: Mapped[ForeignId]
    pack_id: Mapped[ForeignId]
    name: Mapped[Name]  # the product's when asked
    pack_steps: Mapped[Steps]
    packs: Mapped[int] = mapped_column(Integer)
    wanted_by: Mapped[date | None]

    __table_args__ = (
        ForeignKeyConstraint(["pack_id", "product_id"], ["pack.id", "pack.product_id"]),
        CheckConstraint("packs > 0", name="packs_positive"),
    )


class Invitation(Base):
    """A supplier that is asked. Of its private link only the SHA-256 is kept."""

    __tablename__ = "request_invitation"

    id: Mapped[PrimaryKey]
    request_id: Mapped[ForeignId] = mapped_column(ForeignKey("request_for_quotation.id"))
    supplier_id: Mapped[ForeignId] = mapped_column(ForeignKey("supplier.id"), index=True)
    currency: Mapped[CurrencyCode]
    link_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    mailed_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[Prose]
    answered_from: Mapped[Prose]
    is_late: Mapped[Flag] = mapped_column(default=False)
    declined: Mapped[Flag] = mapped_column(default=False)
    valid_until: Mapped[date | None]
    remark: Mapped[Prose]
    order_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("purchase_order.id"), unique=True)

    bids: Mapped[list["Bid"]] = relationship(
        lazy="raise", order_by="Bid.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        UniqueConstraint("request_id", "supplier_id"),
        CheckConstraint("NOT declined OR answered_at IS NOT NULL", name="declined_answered"),
    )


class Bid(Base):
    """What a supplier asks for a line; lines it does not offer have none."""

    __tablename__ = "request_bid"

    id: Mapped[PrimaryKey]
    invitation_id: Mapped[ForeignId] = mapped_column(ForeignKey("request_invitation.id"))
    position: Mapped[int] = mapped_column(Integer)
    pack_id: Mapped[ForeignId] = mapped_column(ForeignKey("pack.id"))
    price_e4: Mapped[PriceE4]  # of one pack
    moq: Mapped[int] = mapped_column(Integer, default=1)
    lead_time_days: Mapped[int] = mapped_column(Integer)
    remark: Mapped[Prose]
    awarded: Mapped[int] = mapped_column(Integer, default=0)  # packs

    breaks: Mapped[list["BidBreak"]] = relationship(
        lazy="raise", order_by="BidBreak.from_packs", cascade="all, delete-orphan"
    )

    __table_args__ = (
        UniqueConstraint("invitation_id", "position"),
        CheckConstraint("price_e4 >= 0", name="price_not_negative"),
        CheckConstraint("moq >= 1", name="moq_positive"),
        CheckConstraint("lead_time_days >= 0", name="lead_time_not_negative"),
        CheckConstraint("awarded >= 0", name="awarded_not_negative"),
    )


class BidBreak(Base):
    """From more packs on, a lower price."""

    __tablename__ = "request_bid_break"

    bid_id: Mapped[ForeignId] = mapped_column(ForeignKey("request_bid.id"), primary_key=True)
    from_packs: Mapped[int] = mapped_column(Integer, primary_key=True)
    price_e4: Mapped[PriceE4]

    __table_args__ = (
        CheckConstraint("from_packs > 1", name="from_more_than_one"),
        CheckConstraint("price_e4 >= 0", name="price_not_negative"),
    )

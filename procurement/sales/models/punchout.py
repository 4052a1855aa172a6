"""Customers who shop from their own procurement system: connections, visits, what was sent, the orders that came."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, Code, Flag, ForeignId, Name, PrimaryKey, Prose
from procurement.kernel.types import str_enum
from procurement.sales.terms.punchout import (
    DeploymentMode,
    MessageKind,
    OrderChange,
    VisitEnd,
    VisitOperation,
)


class PunchoutConnection(Base):
    """A procurement system of a customer's: who it says it is, the secret it shows, for whom it orders."""

    __tablename__ = "punchout_connection"

    id: Mapped[PrimaryKey]
    customer_id: Mapped[ForeignId] = mapped_column(ForeignKey("customer.id"), index=True)
    name: Mapped[Name]
    # The account whose powers and limits hold for what comes; it stands on the orders.
    buyer_id: Mapped[ForeignId] = mapped_column(ForeignKey("user_account.id"), index=True)
    own_domain: Mapped[Code]
    own_identity: Mapped[Name]
    origin_domain: Mapped[Code]
    origin_identity: Mapped[Name]
    sender_domain: Mapped[Code]
    sender_identity: Mapped[Name]
    secret_digest: Mapped[str] = mapped_column(String(64))
    secret_made_at: Mapped[datetime]
    return_hosts: Mapped[Prose]  # one a line: where baskets may go
    mode: Mapped[DeploymentMode] = mapped_column(str_enum(DeploymentMode, "mode"))
    unspsc: Mapped[str] = mapped_column(String(8), default="")
    framed: Mapped[Flag] = mapped_column(default=False)  # pages of those hosts show the shop inside
    active: Mapped[Flag] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own declaration)
    __table_args__ = (
        UniqueConstraint(
            "sender_domain",
            "sender_identity",
            "origin_domain",
            "origin_identity",
            name="uq_punchout_connection_parties",
        ),
        CheckConstraint("length(secret_digest) = 64", name="secret_is_digest"),
    )


class PunchoutVisit(Base):
    """Somebody sent here by a procurement system: the address to begin at works once, the basket is the visit's."""

    __tablename__ = "punchout_visit"

    id: Mapped[PrimaryKey]
    connection_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("punchout_connection.id"), index=True
    )
    operation: Mapped[VisitOperation] = mapped_column(str_enum(VisitOperation, "operation"))
    mode: Mapped[DeploymentMode] = mapped_column(str_enum(DeploymentMode, "mode"))
    buyer_cookie: Mapped[str] = mapped_column(Text)
    return_url: Mapped[str] = mapped_column(Text)
    who: Mapped[Name] = mapped_column(default="")
    email: Mapped[Name] = mapped_column(default="")
    selected: Mapped[Code] = mapped_column(default="")  # a SKU to begin at
    lost: Mapped[Prose]  # lines of the basket that came and are not to be had
    asked_at: Mapped[datetime]
    start_digest: Mapped[str] = mapped_column(String(64), unique=True)
    start_until: Mapped[datetime]
    session_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    started_at: Mapped[datetime | None]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    end: Mapped[VisitEnd | None] = mapped_column(str_enum(VisitEnd, "end"))

    __table_args__ = (
        CheckConstraint("(started_at IS NULL) = (session_digest IS NULL)", name="started_once"),
        CheckConstraint('(ended_at IS NULL) = ("end" IS NULL)', name="ended_somehow"),
        CheckConstraint("ended_at IS NULL OR started_at IS NOT NULL", name="ended_after_start"),
    )


class PunchoutOrder(Base):
    """An order that came from a procurement system, under the number it has there: once for each connection."""

    __tablename__ = "punchout_order"

    connection_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("punchout_connection.id"), primary_key=True
    )
    number: Mapped[Code] = mapped_column(primary_key=True)
    # Ours that stands for it now; an update cancels the one before.
    order_id: Mapped[ForeignId] = mapped_column(ForeignKey("sales_order.id"), unique=True)


class CxmlMessage(Base):
    """What a connection sent and what it was told. Of orders the message itself is kept, without the secret."""

    __tablename__ = "cxml_message"

    id: Mapped[PrimaryKey]
    connection_id: Mapped[ForeignId] = mapped_column(ForeignKey("punchout_connection.id"))
    kind: Mapped[MessageKind] = mapped_column(str_enum(MessageKind, "kind"))
    change: Mapped[OrderChange | None] = mapped_column(str_enum(OrderChange, "change"))
    payload_id: Mapped[str] = mapped_column(String(255))
    reference: Mapped[Name] = mapped_column(default="")  # their order's number, who visits
    received_at: Mapped[datetime]
    code: Mapped[int] = mapped_column(Integer)
    said: Mapped[Prose]
    order_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("sales_order.id"), index=True)
    file_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("stored_file.id"))

    __table_args__ = (
        Index(None, "connection_id", "received_at"),
        # The same message again is the same order: what was taken once is not taken twice.
        Index(
            "uq_cxml_message_taken_once",
            "connection_id",
            "payload_id",
            unique=True,
            sqlite_where=text("order_id IS NOT NULL"),
            postgresql_where=text("order_id IS NOT NULL"),
        ),
        CheckConstraint("code BETWEEN 100 AND 599", name="status"),
        CheckConstraint("order_id IS NULL OR kind = 'order'", name="orders_only"),
    )

"""Blanket orders: so many packs at a price over a time, drawn on by purchase orders."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import Base, Code, Flag, ForeignId, Name, PriceE4, PrimaryKey, Prose


class BlanketOrder(Base):
    """What was agreed with a supplier; `valid_until` is the last day an order may be placed on it."""

    __tablename__ = "blanket_order"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]  # the supplier's number of it, say
    supplier_id: Mapped[ForeignId] = mapped_column(ForeignKey("supplier.id"), index=True)
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    note: Mapped[Prose]
    agreed_at: Mapped[datetime]
    agreed_by: Mapped[Name]
    closed: Mapped[Flag] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(
        Integer, default=0, server_default="0"
    )  # 0 as it was agreed

    lines: Mapped[list["BlanketLine"]] = relationship(
        lazy="raise", order_by="BlanketLine.position", cascade="all, delete-orphan"
    )

    __table_args__ = (CheckConstraint("valid_from <= valid_until", name="validity"),)


class BlanketLine(Base):
    """Packs agreed at a price, and how many of them placed orders hold."""

    __tablename__ = "blanket_line"

    id: Mapped[PrimaryKey]
    blanket_id: Mapped[ForeignId] = mapped_column(ForeignKey("blanket_order.id"))
    position: Mapped[int] = mapped_column(Integer)
    product_id: Mapped[ForeignId]
    pack_id: Mapped[ForeignId]
    packs: Mapped[int] = mapped_column(Integer)
    price_e4: Mapped[PriceE4]
    drawn: Mapped[int] = mapped_column(Integer, default=0)

    __table_args__ = (
        ForeignKeyConstraint(["pack_id", "product_id"], ["pack.id", "pack.product_id"]),
        UniqueConstraint("blanket_id", "position"),
        UniqueConstraint("blanket_id", "pack_id"),
        Index(None, "pack_id", "product_id"),
        CheckConstraint("packs > 0", name="packs_positive"),
        CheckConstraint("price_e4 >= 0", name="price_not_negative"),
        CheckConstraint("drawn >= 0 AND drawn <= packs", name="over_draw"),
    )


class BlanketRevision(Base):
    """One change of what was agreed, in words; the blanket order itself says how it stands now."""

    __tablename__ = "blanket_revision"

    id: Mapped[PrimaryKey]
    blanket_id: Mapped[ForeignId] = mapped_column(ForeignKey("blanket_order.id"))
    number: Mapped[int] = mapped_column(Integer)
    why: Mapped[Prose]
    changed: Mapped[Prose]  # one line for each thing
    changed_at: Mapped[datetime]
    changed_by: Mapped[Name]

    __table_args__ = (
        UniqueConstraint("blanket_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
    )

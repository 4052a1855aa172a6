"""Recalls: lots that must be found, every place where they stood, and what became of them there."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import Base, Code, Flag, ForeignId, Name, PrimaryKey, Prose, Steps
from procurement.kernel.types import str_enum
from procurement.stock.terms import RecallOutcome


class Recall(Base):
    """Lots of one product called back; a drill finds and times the same and moves nothing."""

    __tablename__ = "recall"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    product_id: Mapped[ForeignId] = mapped_column(ForeignKey("product.id"), index=True)
    reason: Mapped[Prose]
    is_drill: Mapped[Flag]
    started_at: Mapped[datetime]
    started_by: Mapped[Name]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[Name | None]

    items: Mapped[list["RecallItem"]] = relationship(
        back_populates="recall", lazy="raise", order_by="RecallItem.position"
    )

    __table_args__ = (
        CheckConstraint("closed_at >= started_at", name="closed_after_start"),
        CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", name="closed_by_somebody"),
    )


class RecallLot(Base):
    """A lot that is called back; what was opened or filled from it belongs to it."""

    __tablename__ = "recall_lot"

    recall_id: Mapped[ForeignId] = mapped_column(ForeignKey("recall.id"), primary_key=True)
    lot_id: Mapped[ForeignId] = mapped_column(ForeignKey("lot.id"), primary_key=True, index=True)


class RecallItem(Base):
    """A lot at a place, with what stood there when it was noticed, and what became of it."""

    __tablename__ = "recall_item"

    recall_id: Mapped[ForeignId] = mapped_column(ForeignKey("recall.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    product_id: Mapped[ForeignId]
    lot_id: Mapped[ForeignId]
    location_id: Mapped[ForeignId] = mapped_column(ForeignKey("location.id"), index=True)
    quantity: Mapped[Steps]
    outcome: Mapped[RecallOutcome | None] = mapped_column(str_enum(RecallOutcome, "outcome"))
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[Name | None]
    note: Mapped[Prose]
    posting_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("posting.id"), index=True)

    recall: Mapped[Recall] = relationship(back_populates="items", lazy="raise")

    __table_args__ = (
        ForeignKeyConstraint(["lot_id", "product_id"], ["lot.id", "lot.product_id"]),
        Index(None, "lot_id", "product_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("(outcome IS NULL) = (settled_at IS NULL)", name="settled_with_outcome"),
        CheckConstraint("(outcome IS NULL) = (settled_by IS NULL)", name="settled_by_somebody"),
    )

"""What a place should hold, and what somebody in it asks for."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, ForeignId, Name, PrimaryKey, Prose, Steps


class StockingRule(Base):
    """What a location should hold of a product, and below what it is topped up."""

    __tablename__ = "stocking_rule"

    location_id: Mapped[ForeignId] = mapped_column(ForeignKey("location.id"), primary_key=True)
    product_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("product.id"), primary_key=True, index=True
    )
    par_level: Mapped[Steps]
    reorder_point: Mapped[Steps]

    __table_args__ = (
        CheckConstraint("reorder_point >= 0", name="reorder_point_not_negative"),
        CheckConstraint("reorder_point <= par_level", name="reorder_point_below_par"),
    )


class TopUpRequest(Base):
    """Somebody in a room says that a product is running low. Open until goods came, or somebody said no."""

    __tablename__ = "top_up_request"

    id: Mapped[PrimaryKey]
    location_id: Mapped[ForeignId] = mapped_column(ForeignKey("location.id"))
    product_id: Mapped[ForeignId] = mapped_column(ForeignKey("product.id"), index=True)
    asked_at: Mapped[datetime]
    asked_by: Mapped[Name]
    note: Mapped[Prose]
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("settled_at >= asked_at", name="settled_after_asked"),
        Index(
            "uq_top_up_request_open",
            "location_id",
            "product_id",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
        Index(None, "location_id"),
    )

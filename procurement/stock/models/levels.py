"""What a place should hold."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, ForeignId, Steps


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

"""What an order said when it was issued: kept beside its paper, for the documents that machines read."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, ForeignId


class OrderPaper(Base):
    """One issue of an order: 0 as it was placed, then each revision. Never changed."""

    __tablename__ = "order_paper"

    order_id: Mapped[ForeignId] = mapped_column(ForeignKey("purchase_order.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    issued_at: Mapped[datetime]
    # documents.content.PurchaseOrderContent as JSON, without pictures and without the supplier's private link.
    content: Mapped[str] = mapped_column(Text, deferred=True)

    __table_args__ = (CheckConstraint("revision >= 0", name="revision_not_negative"),)

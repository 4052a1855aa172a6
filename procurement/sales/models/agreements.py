"""Orders beyond a buyer's limit, and which colleague agreed to them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, Flag, ForeignId


class OrderAgreement(Base):
    """An order that its buyer may not place alone: it is with the seller only once a colleague has agreed."""

    __tablename__ = "order_agreement"

    order_id: Mapped[ForeignId] = mapped_column(ForeignKey("sales_order.id"), primary_key=True)
    asked_by_id: Mapped[ForeignId] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(200))
    agreed: Mapped[Flag] = mapped_column(default=False)

    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name="decided"),
        CheckConstraint("decided_at IS NOT NULL OR NOT agreed", name="agreed"),
    )

"""Files attached to orders."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, Flag, ForeignId, Name


class OrderAttachment(Base):
    """A file beside an order, for ourselves or sent with it."""

    __tablename__ = "order_attachment"

    order_id: Mapped[ForeignId] = mapped_column(ForeignKey("purchase_order.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    file_id: Mapped[ForeignId] = mapped_column(ForeignKey("stored_file.id"), index=True)
    name: Mapped[Name]
    for_supplier: Mapped[Flag]
    added_at: Mapped[datetime]
    added_by: Mapped[Name]

    __table_args__ = (UniqueConstraint("order_id", "file_id"),)

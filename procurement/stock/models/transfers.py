"""Goods on their way from one place to another."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import Base, Code, ForeignId, Name, PrimaryKey, Steps
from procurement.kernel.types import str_enum
from procurement.stock.terms import TransferStatus


class Transfer(Base):
    """Goods to be carried from one location to another: reserved when drafted, posted when done."""

    __tablename__ = "transfer"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    status: Mapped[TransferStatus] = mapped_column(str_enum(TransferStatus, "status"))
    from_id: Mapped[ForeignId] = mapped_column(ForeignKey("location.id"), index=True)
    to_id: Mapped[ForeignId] = mapped_column(ForeignKey("location.id"), index=True)
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[Name]
    done_at: Mapped[datetime | None]
    posting_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("posting.id"), unique=True)

    lines: Mapped[list["TransferLine"]] = relationship(
        back_populates="transfer", lazy="raise", order_by="TransferLine.position"
    )

    __table_args__ = (CheckConstraint("from_id <> to_id", name="goes_somewhere"),)


class TransferLine(Base):
    """One lot of a transfer, picked by FEFO and reserved."""

    __tablename__ = "transfer_line"

    transfer_id: Mapped[ForeignId] = mapped_column(ForeignKey("transfer.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    product_id: Mapped[ForeignId] = mapped_column(ForeignKey("product.id"), index=True)
    lot_id: Mapped[ForeignId] = mapped_column(ForeignKey("lot.id"), index=True)
    quantity: Mapped[Steps]
    reservation_id: Mapped[ForeignId] = mapped_column(ForeignKey("reservation.id"), unique=True)

    transfer: Mapped[Transfer] = relationship(back_populates="lines", lazy="raise")

    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)

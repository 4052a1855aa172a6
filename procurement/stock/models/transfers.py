"""Goods on their way from one place to another."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import Base, Code, ForeignId, Name, PrimaryKey, Prose, Steps
from procurement.kernel.types import str_enum
from procurement.stock.errors import TransferState
from procurement.stock.terms import TRANSFER_TRANSITIONS, TransferStatus


class TopUpRun(Base):
    """One round through the rooms of a site: its transfers name it. How far it is, they say."""

    __tablename__ = "top_up_run"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    site_id: Mapped[ForeignId] = mapped_column(ForeignKey("site.id"), index=True)
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[Name]


class Transfer(Base):
    """Goods to be carried from one location to another: reserved when drafted, posted when carried.

    Between two houses they are sent and arrive, in part or whole; until then they stand, reserved for this transfer,
    at `transit_id`: in transit, or at the laundry that linen passes.
    """

    __tablename__ = "transfer"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    status: Mapped[TransferStatus] = mapped_column(str_enum(TransferStatus, "status"))
    from_id: Mapped[ForeignId] = mapped_column(ForeignKey("location.id"), index=True)
    to_id: Mapped[ForeignId] = mapped_column(ForeignKey("location.id"), index=True)
    transit_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("location.id"), index=True)
    run_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("top_up_run.id"), index=True)
    note: Mapped[Prose]
    drafted_at: Mapped[datetime]  # or asked for, where it began with a request
    drafted_by: Mapped[Name]
    sent_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    posting_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("posting.id"), unique=True)

    lines: Mapped[list["TransferLine"]] = relationship(
        back_populates="transfer", lazy="raise", order_by="TransferLine.position"
    )

    __table_args__ = (
        CheckConstraint("from_id <> to_id", name="goes_somewhere"),
        CheckConstraint(
            "status NOT IN ('in_transit', 'partly_arrived') OR transit_id IS NOT NULL",
            name="under_way_somewhere",
        ),
    )

    def become(self, status: TransferStatus) -> None:
        """Take the next status, where there is a way to it. Raises TransferState."""
        if status not in TRANSFER_TRANSITIONS[self.status]:
            raise self._is_already()
        self.status = status

    def require_draft(self) -> None:
        """Only what stands picked on its shelf is carried in one step. Raises TransferState."""
        if self.status is not TransferStatus.DRAFT:
            raise self._is_already()

    def _is_already(self) -> TransferState:
        if self.status is TransferStatus.REQUESTED:
            return TransferState(f"Transfer {self.number} is only asked for; pick it first.")
        word = self.status.replace("_", " ")
        return TransferState(f"Transfer {self.number} is {word} already.")


class TransferWish(Base):
    """What a request asks for; which lots answer it is said when it is picked."""

    __tablename__ = "transfer_wish"

    transfer_id: Mapped[ForeignId] = mapped_column(ForeignKey("transfer.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    product_id: Mapped[ForeignId] = mapped_column(ForeignKey("product.id"), index=True)
    quantity: Mapped[Steps]

    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"),)


class TransferLine(Base):
    """One lot of a transfer, picked by FEFO and reserved; under way it is reserved there."""

    __tablename__ = "transfer_line"

    transfer_id: Mapped[ForeignId] = mapped_column(ForeignKey("transfer.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    product_id: Mapped[ForeignId] = mapped_column(ForeignKey("product.id"), index=True)
    lot_id: Mapped[ForeignId] = mapped_column(ForeignKey("lot.id"), index=True)
    quantity: Mapped[Steps]
    sent: Mapped[Steps] = mapped_column(default=0)
    arrived: Mapped[Steps] = mapped_column(default=0)
    explained: Mapped[Steps] = mapped_column(default=0)  # lost, broken, left behind
    reservation_id: Mapped[ForeignId] = mapped_column(ForeignKey("reservation.id"), unique=True)

    transfer: Mapped[Transfer] = relationship(back_populates="lines", lazy="raise")

    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("sent >= 0 AND sent <= quantity", name="sent_was_picked"),
        CheckConstraint(
            "arrived >= 0 AND explained >= 0 AND arrived + explained <= sent",
            name="arrived_was_sent",
        ),
    )

    @property
    def under_way(self) -> int:
        return self.sent - self.arrived - self.explained

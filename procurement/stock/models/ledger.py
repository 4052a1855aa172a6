"""The tables of the ledger: only `stock/ledger/` writes them."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import Base, Code, Flag, ForeignId, Name, PrimaryKey, Prose, Steps
from procurement.kernel.types import str_enum
from procurement.stock.terms import Cause, Reason


class Period(Base):
    """Up to and including this moment the books are closed: the end of `last_day` in the company's zone."""

    __tablename__ = "period"

    id: Mapped[PrimaryKey]
    closed_until: Mapped[datetime] = mapped_column(unique=True)
    last_day: Mapped[date]
    closed_at: Mapped[datetime]
    closed_by: Mapped[Name]

    __table_args__ = (CheckConstraint("closed_until < closed_at", name="closed_when_over"),)


class Posting(Base):
    """One business event in the ledger. Never changed: a mistake is reversed by another posting, once."""

    __tablename__ = "posting"

    id: Mapped[PrimaryKey]
    ref: Mapped[str] = mapped_column(String(36), unique=True)  # UUIDv7, public
    reason: Mapped[Reason] = mapped_column(str_enum(Reason, "reason"))
    cause: Mapped[Cause | None] = mapped_column(str_enum(Cause, "cause"))
    occurred_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    actor_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("user_account.id"))
    actor_name: Mapped[Name]
    note: Mapped[Prose]
    # The document that made it ("GR-2026-0007"): only that document's operation reverses it.
    document: Mapped[Code | None] = mapped_column(index=True)
    idempotency_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    reverses_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("posting.id"), unique=True)

    movements: Mapped[list["Movement"]] = relationship(
        back_populates="posting", lazy="raise", order_by="Movement.id"
    )

    __table_args__ = (
        CheckConstraint("occurred_at <= recorded_at", name="not_in_the_future"),
        CheckConstraint("cause IS NULL OR reason = 'write_off'", name="cause_of_write_off"),
        CheckConstraint("(reason = 'reversal') = (reverses_id IS NOT NULL)", name="reversal_names"),
        Index(None, "occurred_at"),
    )


class Movement(Base):
    """A quantity of a lot from one location to another. Never changed."""

    __tablename__ = "movement"

    id: Mapped[PrimaryKey]
    posting_id: Mapped[ForeignId] = mapped_column(ForeignKey("posting.id"), index=True)
    product_id: Mapped[ForeignId]
    lot_id: Mapped[ForeignId]
    from_id: Mapped[ForeignId] = mapped_column(ForeignKey("location.id"))
    to_id: Mapped[ForeignId] = mapped_column(ForeignKey("location.id"))
    quantity: Mapped[Steps]
    occurred_at: Mapped[datetime]  # the posting's, repeated for the as-at indexes

    posting: Mapped[Posting] = relationship(back_populates="movements", lazy="raise")

    __table_args__ = (
        ForeignKeyConstraint(["lot_id", "product_id"], ["lot.id", "lot.product_id"]),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("from_id <> to_id", name="moves_somewhere"),
        Index(None, "to_id", "lot_id"),
        Index(None, "from_id", "lot_id"),
        Index(None, "to_id", "occurred_at"),
        Index(None, "from_id", "occurred_at"),
        Index(None, "product_id", "occurred_at"),
        Index(None, "lot_id", "product_id"),
    )


class PostingPhoto(Base):
    """A picture taken of what was written off: the broken bottle, the leaking pump."""

    __tablename__ = "posting_photo"

    posting_id: Mapped[ForeignId] = mapped_column(ForeignKey("posting.id"), primary_key=True)
    file_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("stored_file.id"), primary_key=True, index=True
    )


class Balance(Base):
    """On hand and reserved of a lot at a physical location: the sum of the movements, kept by the ledger.

    Virtual places keep no balance: their rows would be the hottest of all, and nobody may run out of "consumed".
    """

    __tablename__ = "balance"

    location_id: Mapped[ForeignId] = mapped_column(primary_key=True)
    lot_id: Mapped[ForeignId] = mapped_column(primary_key=True)
    product_id: Mapped[ForeignId]
    is_physical: Mapped[Flag] = mapped_column(default=True)  # for the foreign key: it cannot lie
    on_hand: Mapped[Steps]
    reserved: Mapped[Steps]

    __table_args__ = (
        ForeignKeyConstraint(
            ["location_id", "is_physical"], ["location.id", "location.is_physical"]
        ),
        ForeignKeyConstraint(["lot_id", "product_id"], ["lot.id", "lot.product_id"]),
        CheckConstraint("is_physical", name="physical_only"),
        CheckConstraint("on_hand >= 0", name="never_below_nothing"),
        CheckConstraint("reserved >= 0 AND reserved <= on_hand", name="reserved_is_there"),
        Index(None, "product_id", "location_id"),
        Index(None, "lot_id", "product_id"),
    )


class Reservation(Base):
    """A quantity on the shelf promised to a named demand; open until released."""

    __tablename__ = "reservation"

    id: Mapped[PrimaryKey]
    location_id: Mapped[ForeignId]
    lot_id: Mapped[ForeignId]
    quantity: Mapped[Steps]
    demand: Mapped[Code]  # the document it is promised to: "T-2026-0003"
    made_at: Mapped[datetime]
    released_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["location_id", "lot_id"], ["balance.location_id", "balance.lot_id"]),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        Index(None, "demand"),
        Index(None, "location_id", "lot_id"),
    )

"""Stock counts: the sheet of a room, and what people found there."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import (
    Base,
    Code,
    CurrencyCode,
    Flag,
    ForeignId,
    MinorUnits,
    Name,
    PrimaryKey,
    Prose,
    Steps,
)
from procurement.kernel.types import str_enum
from procurement.stock.terms import CountCause, CountStatus, How

_ACTIVE = text("status IN ('open', 'review')")


class StockCount(Base):
    """One counting of one location. The tolerance is the company's at the start; values are in `currency`."""

    __tablename__ = "stock_count"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    location_id: Mapped[ForeignId] = mapped_column(ForeignKey("location.id"), index=True)
    status: Mapped[CountStatus] = mapped_column(str_enum(CountStatus, "status"))
    blind: Mapped[Flag]
    due_only: Mapped[Flag]  # the sheet holds only what the plan says is due
    currency: Mapped[CurrencyCode]
    tolerance_bp: Mapped[int] = mapped_column(Integer)
    tolerance_minor: Mapped[MinorUnits]
    approval_minor: Mapped[MinorUnits]
    started_at: Mapped[datetime]
    started_by: Mapped[Name]
    # None of a count that no signed-in person started, or that was started before ids were kept.
    started_by_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("user_account.id"))
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[Name | None]
    closed_at: Mapped[datetime | None]  # posted or cancelled
    closed_by: Mapped[Name | None]
    # None also of a posted count that found no difference.
    posting_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("posting.id"), unique=True)

    __table_args__ = (
        CheckConstraint(
            "(closed_at IS NOT NULL) = (status IN ('posted', 'cancelled'))", name="closed_at"
        ),
        CheckConstraint("posting_id IS NULL OR status = 'posted'", name="posting_of_posted"),
        Index(
            "uq_stock_count_active",
            "location_id",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
    )


class StockCountLine(Base):
    """A lot, or a product of which no lot is known, to be counted in a count.

    `counted`, `expected` and the value are written when the count is posted, and stay empty where nobody counted.
    """

    __tablename__ = "stock_count_line"

    id: Mapped[PrimaryKey]
    count_id: Mapped[ForeignId] = mapped_column(ForeignKey("stock_count.id"))
    position: Mapped[int] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(String(200))  # what it is, so that it is there once
    product_id: Mapped[ForeignId] = mapped_column(ForeignKey("product.id"), index=True)
    lot_id: Mapped[ForeignId | None]
    supplier_lot: Mapped[Code | None]  # of something found: what its label says
    expires_on: Mapped[date | None]
    at_start: Mapped[Steps]  # on hand when the sheet was written
    found: Mapped[Flag]  # it was not on the sheet
    left_out: Mapped[Flag]  # somebody decided that its difference is not posted
    cause: Mapped[CountCause | None] = mapped_column(str_enum(CountCause, "cause"))
    counted: Mapped[Steps | None]
    expected: Mapped[Steps | None]
    value_minor: Mapped[MinorUnits | None]  # of the difference, below zero where goods are missing

    __table_args__ = (
        UniqueConstraint("count_id", "position"),
        UniqueConstraint("count_id", "key"),
        ForeignKeyConstraint(["lot_id", "product_id"], ["lot.id", "lot.product_id"]),
        CheckConstraint("(counted IS NULL) = (expected IS NULL)", name="counted_beside_expected"),
        CheckConstraint("counted >= 0", name="counted_not_negative"),
        Index(None, "lot_id", "product_id"),
    )


class StockCountEntry(Base):
    """One thing counted once by one person. Never changed: a later entry supersedes it."""

    __tablename__ = "stock_count_entry"

    id: Mapped[PrimaryKey]
    uid: Mapped[str] = mapped_column(String(36), unique=True)  # made on the device
    count_id: Mapped[ForeignId] = mapped_column(ForeignKey("stock_count.id"), index=True)
    # None of an entry that came when the count was closed.
    line_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("stock_count_line.id"), index=True)
    product_id: Mapped[ForeignId] = mapped_column(ForeignKey("product.id"), index=True)
    lot_said: Mapped[Code | None]
    quantity: Mapped[Steps]
    counted_at: Mapped[datetime]
    counted_by: Mapped[Name]
    actor_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("user_account.id"))
    how: Mapped[How] = mapped_column(str_enum(How, "how"))
    again: Mapped[Flag]  # counted a second time because the first was far off
    note: Mapped[Prose]
    received_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        CheckConstraint("counted_at <= received_at", name="not_in_the_future"),
    )


class StockCountCorrection(Base):
    """An entry supersedes another of the same count, which it names by the id its device made."""

    __tablename__ = "stock_count_correction"

    count_id: Mapped[ForeignId] = mapped_column(ForeignKey("stock_count.id"), primary_key=True)
    superseded: Mapped[str] = mapped_column(String(36), primary_key=True)
    entry_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("stock_count_entry.id"), primary_key=True, index=True
    )

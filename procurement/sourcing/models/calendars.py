"""When suppliers take orders."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import Base, ForeignId, Name


class SupplierCalendar(Base):
    """Order days as ISO weekdays ("12345"), the cut-off in minutes after midnight of the supplier's zone."""

    __tablename__ = "supplier_calendar"

    supplier_id: Mapped[ForeignId] = mapped_column(ForeignKey("supplier.id"), primary_key=True)
    order_days: Mapped[str] = mapped_column(String(7))
    cut_off_minute: Mapped[int | None] = mapped_column(Integer)
    time_zone: Mapped[str] = mapped_column(String(64))
    country: Mapped[str] = mapped_column(String(2))
    subdivision: Mapped[str] = mapped_column(String(32))

    closed: Mapped[list["SupplierClosedDays"]] = relationship(
        lazy="raise", order_by="SupplierClosedDays.first_on", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("order_days <> ''", name="some_order_day"),
        CheckConstraint("cut_off_minute BETWEEN 0 AND 1439", name="cut_off_in_a_day"),
    )


class SupplierClosedDays(Base):
    """Days on which a supplier is closed, beside the public holidays; both inclusive."""

    __tablename__ = "supplier_closed_days"

    supplier_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("supplier_calendar.supplier_id"), primary_key=True
    )
    first_on: Mapped[date] = mapped_column(primary_key=True)
    last_on: Mapped[date]
    why: Mapped[Name]

    __table_args__ = (CheckConstraint("last_on >= first_on", name="ends_after_it_begins"),)

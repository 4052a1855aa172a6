"""Needs that somebody has put aside."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, ForeignId, Name, Prose


class NeedSnooze(Base):
    """Not before that day, or (`comes_back_below`) not before less than so much is there and coming."""

    __tablename__ = "need_snooze"

    location_id: Mapped[ForeignId] = mapped_column(ForeignKey("location.id"), primary_key=True)
    product_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("product.id"), primary_key=True, index=True
    )
    until: Mapped[date]  # the day on which it comes back, in the site's zone
    comes_back_below: Mapped[int | None] = mapped_column(BigInteger)  # steps
    note: Mapped[Prose]
    snoozed_at: Mapped[datetime]
    snoozed_by: Mapped[Name]

    __table_args__ = (CheckConstraint("comes_back_below >= 0", name="level_not_negative"),)

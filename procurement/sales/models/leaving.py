"""Buyers who have asked for their account to be deleted: it waits a while, in which they may come back."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, ForeignId, Name


class Leaving(Base):
    """One row while a deletion waits; it goes with the person's data when that is erased."""

    __tablename__ = "leaving"

    user_id: Mapped[ForeignId] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    asked_at: Mapped[datetime]
    asked_by: Mapped[Name]
    due_at: Mapped[datetime]  # erased from then on

    __table_args__ = (CheckConstraint("due_at >= asked_at", name="due_later"),)

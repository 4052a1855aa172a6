"""Baskets: a buyer's own, or that of a visit from a procurement system."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, ForeignId, PrimaryKey


class BasketLine(Base):
    """So many of a pack that somebody has put aside to ask, order or take back with them.

    A buyer's are kept across their devices; those of a visit go with it.
    """

    __tablename__ = "basket_line"

    id: Mapped[PrimaryKey]
    user_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("user_account.id"))
    visit_id: Mapped[ForeignId | None] = mapped_column(
        ForeignKey("punchout_visit.id", ondelete="CASCADE")
    )
    pack_id: Mapped[ForeignId]
    product_id: Mapped[ForeignId]
    packs: Mapped[int] = mapped_column(Integer)
    changed_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("user_id", "pack_id"),
        UniqueConstraint("visit_id", "pack_id"),
        ForeignKeyConstraint(["pack_id", "product_id"], ["pack.id", "pack.product_id"]),
        Index(None, "pack_id", "product_id"),
        CheckConstraint("(user_id IS NULL) <> (visit_id IS NULL)", name="one_owner"),
        CheckConstraint("packs BETWEEN 1 AND 1000000", name="packs"),
    )

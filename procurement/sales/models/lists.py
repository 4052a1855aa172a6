"""Lists that buyers keep: what they order again and again, under a name."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import Base, Flag, ForeignId, Name, PrimaryKey


class SavedList(Base):
    """A person's list; shared, their colleagues of the same customer see it, too."""

    __tablename__ = "saved_list"

    id: Mapped[PrimaryKey]
    ref: Mapped[str] = mapped_column(String(16), unique=True)  # in addresses
    user_id: Mapped[ForeignId] = mapped_column(ForeignKey("user_account.id"))
    customer_id: Mapped[ForeignId] = mapped_column(ForeignKey("customer.id"))
    name: Mapped[Name]
    shared: Mapped[Flag] = mapped_column(default=False)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    lines: Mapped[list["SavedListLine"]] = relationship(
        lazy="raise", order_by="SavedListLine.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        UniqueConstraint("user_id", "name"),
        CheckConstraint("name <> ''", name="named"),
        Index(None, "customer_id"),
    )


class SavedListLine(Base):
    """So many packs, in the list's own order."""

    __tablename__ = "saved_list_line"

    list_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("saved_list.id", ondelete="CASCADE"), primary_key=True
    )
    pack_id: Mapped[ForeignId] = mapped_column(primary_key=True)
    product_id: Mapped[ForeignId]
    packs: Mapped[int] = mapped_column(Integer)
    note: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        ForeignKeyConstraint(["pack_id", "product_id"], ["pack.id", "pack.product_id"]),
        CheckConstraint("packs BETWEEN 1 AND 1000000", name="packs"),
        CheckConstraint("position BETWEEN 1 AND 1000", name="position"),
        Index(None, "pack_id", "product_id"),
    )

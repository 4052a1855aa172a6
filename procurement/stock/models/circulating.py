"""What is not used up: tools with a number of their own, and linen that goes round."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, Code, ForeignId, Name, PrimaryKey, Prose


class Tool(Base):
    """One tool: a lot of one piece, whose number stands on it. Where it is, its balance says."""

    __tablename__ = "tool"

    lot_id: Mapped[ForeignId] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    number: Mapped[Code] = mapped_column(unique=True)
    from_lot_id: Mapped[ForeignId] = mapped_column(ForeignKey("lot.id"), index=True)
    serial: Mapped[Code | None]  # the maker's
    warranty_until: Mapped[date | None]
    clean_every_days: Mapped[int | None] = mapped_column(Integer)
    tagged_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("clean_every_days > 0", name="cleaned_after_days"),
        CheckConstraint("from_lot_id <> lot_id", name="came_from_a_lot"),
    )


class ToolCleaning(Base):
    """A tool was cleaned."""

    __tablename__ = "tool_cleaning"

    id: Mapped[PrimaryKey]
    lot_id: Mapped[ForeignId] = mapped_column(ForeignKey("tool.lot_id"), index=True)
    cleaned_at: Mapped[datetime]
    cleaned_by: Mapped[Name]
    note: Mapped[Prose]


class LinenRule(Base):
    """How much linen of a kind goes round in a house: rooms x turns a day x pieces a turn x days."""

    __tablename__ = "linen_rule"

    site_id: Mapped[ForeignId] = mapped_column(ForeignKey("site.id"), primary_key=True)
    product_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("product.id"), primary_key=True, index=True
    )
    turns_a_day: Mapped[int] = mapped_column(Integer)
    pieces_a_turn: Mapped[int] = mapped_column(Integer)
    days: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        CheckConstraint("turns_a_day > 0", name="turns_positive"),
        CheckConstraint("pieces_a_turn > 0", name="pieces_positive"),
        CheckConstraint("days > 0", name="days_positive"),
    )

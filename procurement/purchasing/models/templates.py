"""Orders that come again: templates, and the rhythms in which they are drafted."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import Base, Code, Flag, ForeignId, Name, PriceE4, PrimaryKey, Prose
from procurement.kernel.types import str_enum
from procurement.purchasing.terms import Every


class OrderTemplate(Base):
    """What an order to a supplier usually holds; prices are looked up when it is drafted."""

    __tablename__ = "order_template"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    supplier_id: Mapped[ForeignId] = mapped_column(ForeignKey("supplier.id"), index=True)
    deliver_to_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("location.id"), index=True)
    note_to_supplier: Mapped[Prose]
    note_to_us: Mapped[Prose]
    made_at: Mapped[datetime]
    made_by: Mapped[Name]
    active: Mapped[Flag] = mapped_column(default=True)

    lines: Mapped[list["OrderTemplateLine"]] = relationship(
        lazy="raise", order_by="OrderTemplateLine.position", cascade="all, delete-orphan"
    )


class OrderTemplateLine(Base):
    """So many packs of a product. The price counts only where the supplier's is not on file."""

    __tablename__ = "order_template_line"

    template_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("order_template.id"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    product_id: Mapped[ForeignId]
    pack_id: Mapped[ForeignId]
    packs: Mapped[int] = mapped_column(Integer)
    price_e4: Mapped[PriceE4]
    tax_ppm: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        ForeignKeyConstraint(["pack_id", "product_id"], ["pack.id", "pack.product_id"]),
        Index(None, "pack_id", "product_id"),
        CheckConstraint("packs > 0", name="packs_positive"),
        CheckConstraint("price_e4 >= 0", name="price_not_negative"),
    )


class StandingOrder(Base):
    """A template drafted by itself every so many weeks or months. Ended when there is no next day."""

    __tablename__ = "standing_order"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    template_id: Mapped[ForeignId] = mapped_column(ForeignKey("order_template.id"), index=True)
    every: Mapped[int] = mapped_column(Integer)
    unit: Mapped[Every] = mapped_column(str_enum(Every, "unit"))
    weekday: Mapped[int] = mapped_column(Integer)  # Monday is 0
    until: Mapped[date | None]
    next_on: Mapped[date | None]
    paused: Mapped[Flag] = mapped_column(default=False)
    begun_at: Mapped[datetime]
    begun_by: Mapped[Name]
    begun_by_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("user_account.id"))
    problem: Mapped[Prose]  # why the last one could not be drafted

    __table_args__ = (
        Index(None, "begun_by_id"),
        Index(None, "next_on"),
        CheckConstraint("every BETWEEN 1 AND 52", name="every"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("until IS NULL OR next_on IS NULL OR next_on <= until", name="until"),
    )

"""Suppliers' price files, and what prices were when."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import Base, Code, Flag, ForeignId, Name, PrimaryKey, Prose
from procurement.kernel.types import str_enum
from procurement.sourcing.terms.price_files import LineKind, PriceFileStatus


class PriceFile(Base):
    """A list of prices a supplier sent, as it was compared with ours when it was read."""

    __tablename__ = "price_file"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    supplier_id: Mapped[ForeignId] = mapped_column(ForeignKey("supplier.id"), index=True)
    name: Mapped[Name]
    read_as: Mapped[Prose]  # which column was taken for what
    refused: Mapped[Prose]  # rows that could not be read, and why
    status: Mapped[PriceFileStatus] = mapped_column(str_enum(PriceFileStatus, "status"), index=True)
    received_at: Mapped[datetime]
    received_by: Mapped[Name]
    apply_on: Mapped[date | None]
    applied_at: Mapped[datetime | None]
    applied_by: Mapped[Prose]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[Prose]
    trouble: Mapped[Prose]  # why it was not applied on its day

    lines: Mapped[list["PriceFileLine"]] = relationship(
        lazy="raise", order_by="PriceFileLine.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint(
            "status <> 'scheduled' OR apply_on IS NOT NULL", name="scheduled_for_a_day"
        ),
        CheckConstraint(
            "(status IN ('applied', 'undone')) = (applied_at IS NOT NULL)", name="applied_at_a_time"
        ),
    )


class PriceFileLine(Base):
    """One thing of the file. `before` and `after` are price breaks as text: "1:86000 10:79500" (packs, 1/10000)."""

    __tablename__ = "price_file_line"

    file_id: Mapped[ForeignId] = mapped_column(ForeignKey("price_file.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    row: Mapped[int | None] = mapped_column(Integer)
    kind: Mapped[LineKind] = mapped_column(str_enum(LineKind, "kind"))
    code: Mapped[Code]
    name: Mapped[Name]
    item_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("supplier_item.id"), index=True)
    pack_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("pack.id"))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    chosen: Mapped[Flag] = mapped_column(default=False)
    applied: Mapped[Flag] = mapped_column(default=False)
    outcome: Mapped[Prose]

    __table_args__ = (
        Index(None, "pack_id"),
        CheckConstraint("NOT applied OR item_id IS NOT NULL", name="applied_to_an_item"),
    )


class PriceChange(Base):
    """An item's price breaks changed; never edited. The price of a day is what the last change until then says."""

    __tablename__ = "price_change"

    id: Mapped[PrimaryKey]
    item_id: Mapped[ForeignId] = mapped_column(ForeignKey("supplier_item.id"))
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[Name]
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    file_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("price_file.id"), index=True)

    __table_args__ = (
        Index(None, "item_id", "id"),
        CheckConstraint("before <> after", name="changes_something"),
    )

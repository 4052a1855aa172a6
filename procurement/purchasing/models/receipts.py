"""Goods receipts: one document for each delivery."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import (
    Base,
    Code,
    Flag,
    ForeignId,
    Name,
    PriceE4,
    PrimaryKey,
    Prose,
)
from procurement.kernel.types import str_enum
from procurement.purchasing.terms import Condition, Fault


class GoodsReceipt(Base):
    """The document of one delivery; partial is normal."""

    __tablename__ = "goods_receipt"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    order_id: Mapped[ForeignId] = mapped_column(ForeignKey("purchase_order.id"), index=True)
    delivery_note: Mapped[Prose]
    received_at: Mapped[datetime]
    received_by: Mapped[Name]
    posting_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("posting.id"), unique=True)
    # A receipt that was wrong is reversed as a whole; what was ordered is outstanding again.
    reversed_at: Mapped[datetime | None]
    reversed_by: Mapped[str | None] = mapped_column(String(200))
    reversed_why: Mapped[Prose]
    idempotency_key: Mapped[str | None] = mapped_column(String(200), unique=True)

    lines: Mapped[list["GoodsReceiptLine"]] = relationship(
        back_populates="receipt", lazy="raise", order_by="GoodsReceiptLine.position"
    )


class GoodsReceiptLine(Base):
    """What arrived of one order line, in one lot; refused packs cause no movement."""

    __tablename__ = "goods_receipt_line"

    receipt_id: Mapped[ForeignId] = mapped_column(ForeignKey("goods_receipt.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    order_line_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("purchase_order_line.id"), index=True
    )
    packs: Mapped[int] = mapped_column(Integer)
    condition: Mapped[Condition] = mapped_column(str_enum(Condition, "condition"))
    lot_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("lot.id"), index=True)
    into_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("location.id"), index=True)
    movement_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("movement.id"), unique=True)
    close_short: Mapped[Flag] = mapped_column(default=False)
    fault: Mapped[Fault | None] = mapped_column(str_enum(Fault, "fault"))
    why: Mapped[Prose] = mapped_column(default="")
    # What the delivery note says; nothing where nobody read it.
    noted_packs: Mapped[int | None] = mapped_column(Integer)
    noted_price_e4: Mapped[PriceE4 | None]
    least_days: Mapped[int | None] = mapped_column(Integer)  # shelf life that was asked for

    receipt: Mapped[GoodsReceipt] = relationship(back_populates="lines", lazy="raise")

    __table_args__ = (
        CheckConstraint("packs >= 0", name="packs_not_negative"),
        CheckConstraint(
            "(condition = 'refused' OR packs = 0) = (movement_id IS NULL)", name="taken_in_moves"
        ),
        CheckConstraint("fault IS NULL OR condition <> 'good'", name="good_has_no_fault"),
        CheckConstraint(
            "(noted_packs IS NULL OR noted_packs >= 0)"
            " AND (noted_price_e4 IS NULL OR noted_price_e4 >= 0)",
            name="noted_not_negative",
        ),
    )


class GoodsReceiptPhoto(Base):
    """What a line of a delivery looked like."""

    __tablename__ = "goods_receipt_photo"

    receipt_id: Mapped[ForeignId] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    file_id: Mapped[ForeignId] = mapped_column(ForeignKey("stored_file.id"), primary_key=True)

    __table_args__ = (
        ForeignKeyConstraint(
            ["receipt_id", "position"],
            ["goods_receipt_line.receipt_id", "goods_receipt_line.position"],
        ),
    )

"""Goods sent back to who delivered them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import (
    Base,
    Code,
    CurrencyCode,
    ForeignId,
    MinorUnits,
    Name,
    PrimaryKey,
    Prose,
    Steps,
)
from procurement.kernel.types import str_enum
from procurement.purchasing.terms import ReturnReason


class SupplierReturn(Base):
    """The document of one return: posted when it is made, taken back as a whole when it was wrong."""

    __tablename__ = "supplier_return"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    supplier_id: Mapped[ForeignId] = mapped_column(ForeignKey("supplier.id"), index=True)
    location_id: Mapped[ForeignId] = mapped_column(ForeignKey("location.id"), index=True)
    claim_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("claim.id"), index=True)
    reason: Mapped[ReturnReason] = mapped_column(str_enum(ReturnReason, "return_reason"))
    note: Mapped[Prose]
    currency: Mapped[CurrencyCode]
    credit_minor: Mapped[MinorUnits | None]  # what we expect for it
    sent_at: Mapped[datetime]
    sent_by: Mapped[Name]
    posting_id: Mapped[ForeignId] = mapped_column(ForeignKey("posting.id"), unique=True)
    pdf_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("stored_file.id"))
    # The supplier's credit note that answers it; where none names it, the order lines say whether one is missing.
    credit_note_id: Mapped[ForeignId | None] = mapped_column(
        ForeignKey("supplier_invoice.id"), index=True
    )
    reversed_at: Mapped[datetime | None]
    reversed_by: Mapped[str | None] = mapped_column(String(200))
    reversed_why: Mapped[Prose]
    idempotency_key: Mapped[str | None] = mapped_column(String(200), unique=True)

    lines: Mapped[list["SupplierReturnLine"]] = relationship(
        lazy="raise", order_by="SupplierReturnLine.position"
    )

    __table_args__ = (
        CheckConstraint("credit_minor >= 0", name="credit_not_negative"),
        CheckConstraint(
            "(reversed_at IS NULL) = (reversed_by IS NULL)", name="reversed_by_somebody"
        ),
    )


class SupplierReturnLine(Base):
    """So much of one lot; the value is what it cost, where that is known in the return's currency."""

    __tablename__ = "supplier_return_line"

    return_id: Mapped[ForeignId] = mapped_column(ForeignKey("supplier_return.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    product_id: Mapped[ForeignId]
    lot_id: Mapped[ForeignId]
    # By which it came; None: nobody knows any more.
    order_line_id: Mapped[ForeignId | None] = mapped_column(
        ForeignKey("purchase_order_line.id"), index=True
    )
    quantity: Mapped[Steps]
    value_minor: Mapped[MinorUnits | None]

    __table_args__ = (
        ForeignKeyConstraint(["lot_id", "product_id"], ["lot.id", "lot.product_id"]),
        Index(None, "lot_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

"""What we ask of a supplier for a delivery that was not as ordered."""

from datetime import date, datetime

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
)
from procurement.kernel.types import str_enum
from procurement.purchasing.terms import ClaimStatus, Fault, Remedy


class Claim(Base):
    """A claim for one delivery; its sum is that of its lines. Its paper is what was sent last."""

    __tablename__ = "claim"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    supplier_id: Mapped[ForeignId] = mapped_column(ForeignKey("supplier.id"), index=True)
    receipt_id: Mapped[ForeignId] = mapped_column(ForeignKey("goods_receipt.id"), index=True)
    status: Mapped[ClaimStatus] = mapped_column(str_enum(ClaimStatus, "claim_status"), index=True)
    currency: Mapped[CurrencyCode]
    asked_minor: Mapped[MinorUnits]
    deadline: Mapped[date]
    note: Mapped[Prose]  # to the supplier
    made_at: Mapped[datetime]
    made_by: Mapped[Name]
    sent_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answer: Mapped[Prose]
    remedy: Mapped[Remedy | None] = mapped_column(str_enum(Remedy, "remedy"))
    agreed_minor: Mapped[MinorUnits | None]
    settled_at: Mapped[datetime | None]
    pdf_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("stored_file.id"))
    idempotency_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    version: Mapped[int] = mapped_column(Integer)

    lines: Mapped[list["ClaimLine"]] = relationship(
        lazy="raise", order_by="ClaimLine.position", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own declaration)
    __table_args__ = (
        CheckConstraint("asked_minor >= 0", name="asked_not_negative"),
        CheckConstraint("agreed_minor >= 0", name="agreed_not_negative"),
        CheckConstraint(
            "(status IN ('agreed', 'settled')) = (remedy IS NOT NULL)", name="agreed_to_something"
        ),
        CheckConstraint(
            "status IN ('open', 'withdrawn') OR sent_at IS NOT NULL", name="sent_before"
        ),
    )


class ClaimLine(Base):
    """So many packs of one line of the delivery."""

    __tablename__ = "claim_line"

    claim_id: Mapped[ForeignId] = mapped_column(ForeignKey("claim.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    receipt_id: Mapped[ForeignId]
    receipt_position: Mapped[int] = mapped_column(Integer)
    fault: Mapped[Fault] = mapped_column(str_enum(Fault, "claimed_fault"))
    packs: Mapped[int] = mapped_column(Integer)
    asked_minor: Mapped[MinorUnits]
    note: Mapped[Prose]

    __table_args__ = (
        ForeignKeyConstraint(
            ["receipt_id", "receipt_position"],
            ["goods_receipt_line.receipt_id", "goods_receipt_line.position"],
        ),
        Index(None, "receipt_id", "receipt_position"),
        CheckConstraint("packs > 0", name="packs_positive"),
        CheckConstraint("asked_minor >= 0", name="asked_not_negative"),
    )

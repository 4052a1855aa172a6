"""What decides how a customer is taxed: their numbers and their certificates."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, Code, ForeignId, Name, PrimaryKey, Prose
from procurement.kernel.types import str_enum
from procurement.sales.rules.taxing import ExemptionKind


class CustomerTaxNumber(Base):
    """A tax number beside the first one (`customer.vat_id`): of another country they are registered in."""

    __tablename__ = "customer_tax_number"

    customer_id: Mapped[ForeignId] = mapped_column(ForeignKey("customer.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[Code]

    __table_args__ = (UniqueConstraint("customer_id", "number"),)


class ExemptionCertificate(Base):
    """A resale or exemption certificate of a customer; it counts once somebody has looked at it."""

    __tablename__ = "exemption_certificate"

    id: Mapped[PrimaryKey]
    customer_id: Mapped[ForeignId] = mapped_column(ForeignKey("customer.id"))
    kind: Mapped[ExemptionKind] = mapped_column(str_enum(ExemptionKind, "kind"))
    number: Mapped[Code]
    jurisdiction: Mapped[str] = mapped_column(String(6), default="")  # "", "DE", "US-CA"
    reason: Mapped[Prose]  # of an exemption, as it stands on the invoice
    file_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]  # inclusive
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[Name]
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        UniqueConstraint("customer_id", "kind", "number", "jurisdiction"),
        CheckConstraint("valid_from <= valid_until", name="validity"),
        CheckConstraint("(verified_at IS NULL) = (verified_by IS NULL)", name="verified"),
        Index(None, "valid_until"),
    )

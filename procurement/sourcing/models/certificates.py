"""Certificates of suppliers and of what they sell; kinds of products that ask for a safety data sheet."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, Code, ForeignId, Name, PrimaryKey
from procurement.kernel.types import str_enum
from procurement.sourcing.terms.certificates import CertificateKind


class Certificate(Base):
    """One version of a paper; the next names it in `replaces_id`, and only one can."""

    __tablename__ = "certificate"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    kind: Mapped[CertificateKind] = mapped_column(str_enum(CertificateKind, "kind"))
    supplier_id: Mapped[ForeignId] = mapped_column(ForeignKey("supplier.id"), index=True)
    product_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("product.id"), index=True)
    reference: Mapped[Name]  # the number its issuer gave it
    issuer: Mapped[Name]
    version: Mapped[int] = mapped_column(Integer)
    valid_until: Mapped[date | None]  # inclusive
    remind_days: Mapped[int] = mapped_column(Integer)
    file_id: Mapped[ForeignId] = mapped_column(ForeignKey("stored_file.id"), index=True)
    replaces_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("certificate.id"), unique=True)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[Name]

    __table_args__ = (
        CheckConstraint("version >= 1", name="version_positive"),
        CheckConstraint("(version = 1) = (replaces_id IS NULL)", name="later_versions_replace"),
        CheckConstraint("remind_days BETWEEN 0 AND 730", name="remind_days"),
    )


class SafetySheetKind(Base):
    """Products of this kind (of the catalogue) need a safety data sheet from each supplier."""

    __tablename__ = "safety_sheet_kind"

    kind: Mapped[Code] = mapped_column(primary_key=True)

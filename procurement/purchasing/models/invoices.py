"""Supplier invoices and credit notes, how they differ from what was ordered and received, and the terms for both."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import (
    Base,
    Code,
    CurrencyCode,
    Flag,
    ForeignId,
    MinorUnits,
    Name,
    PriceE4,
    PrimaryKey,
    Prose,
)
from procurement.kernel.types import str_enum
from procurement.purchasing.terms.invoices import (
    DifferenceKind,
    InvoicedFor,
    InvoiceKind,
    InvoiceStatus,
)

_LIVE = text("status <> 'cancelled'")


class SupplierInvoice(Base):
    """A supplier's invoice or credit note, with the sums its paper prints. A credit note's are above nothing, too."""

    __tablename__ = "supplier_invoice"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    supplier_id: Mapped[ForeignId] = mapped_column(ForeignKey("supplier.id"))
    supplier_number: Mapped[Code]
    kind: Mapped[InvoiceKind] = mapped_column(str_enum(InvoiceKind, "kind"))
    credits_id: Mapped[ForeignId | None] = mapped_column(
        ForeignKey("supplier_invoice.id"), index=True
    )
    status: Mapped[InvoiceStatus] = mapped_column(str_enum(InvoiceStatus, "status"), index=True)
    currency: Mapped[CurrencyCode]
    invoiced_on: Mapped[date]
    due_on: Mapped[date]
    freight_minor: Mapped[MinorUnits] = mapped_column(default=0)
    other_minor: Mapped[MinorUnits] = mapped_column(default=0)
    other_words: Mapped[Prose]
    net_minor: Mapped[MinorUnits]
    tax_minor: Mapped[MinorUnits]
    gross_minor: Mapped[MinorUnits]
    misprint_minor: Mapped[MinorUnits] = mapped_column(default=0)  # printed less what it adds up to
    note: Mapped[Prose]
    paper_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("stored_file.id"))
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[Name]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[Prose]
    idempotency_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    version: Mapped[int] = mapped_column(Integer)

    lines: Mapped[list["SupplierInvoiceLine"]] = relationship(
        lazy="raise", order_by="SupplierInvoiceLine.position", cascade="all, delete-orphan"
    )
    differences: Mapped[list["SupplierInvoiceDifference"]] = relationship(
        lazy="raise", order_by="SupplierInvoiceDifference.ordinal", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own declaration)
    __table_args__ = (
        Index(
            "uq_supplier_invoice_supplier_number",
            "supplier_id",
            "supplier_number",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        Index("ix_supplier_invoice_due_on", "due_on"),
        CheckConstraint("net_minor + tax_minor = gross_minor", name="totals_agree"),
        CheckConstraint("freight_minor >= 0 AND other_minor >= 0", name="charges_not_negative"),
        CheckConstraint("(kind = 'credit_note') = (credits_id IS NOT NULL)", name="credits_one"),
        CheckConstraint("due_on >= invoiced_on", name="due_after_invoiced"),
    )


class SupplierInvoiceLine(Base):
    """So many packs of an order line at so much; of a credit note, taken back."""

    __tablename__ = "supplier_invoice_line"

    invoice_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("supplier_invoice.id"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    order_line_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("purchase_order_line.id"), index=True
    )
    about: Mapped[InvoicedFor] = mapped_column(str_enum(InvoicedFor, "about"))
    packs: Mapped[int] = mapped_column(Integer)
    price_e4: Mapped[PriceE4]
    tax_ppm: Mapped[int] = mapped_column(Integer)
    net_minor: Mapped[MinorUnits]

    __table_args__ = (
        CheckConstraint("packs > 0", name="packs_positive"),
        CheckConstraint("price_e4 >= 0", name="price_not_negative"),
    )


class SupplierInvoiceDifference(Base):
    """A difference as it was last found; from the decision on it stays."""

    __tablename__ = "supplier_invoice_difference"

    invoice_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("supplier_invoice.id"), primary_key=True
    )
    ordinal: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[DifferenceKind] = mapped_column(str_enum(DifferenceKind, "kind"))
    position: Mapped[int | None] = mapped_column(Integer)
    words: Mapped[Prose]
    amount_minor: Mapped[MinorUnits]
    is_within: Mapped[Flag]


_TERMS = (
    ("payment_days BETWEEN 0 AND 365", "payment_days"),
    ("tolerance_bp BETWEEN 0 AND 10000", "tolerance_bp"),
    ("tolerance_minor >= 0", "tolerance_not_negative"),
)


class InvoiceRules(Base):
    """When invoices are due and how far they may differ, in the company's currency: one row, once it was set."""

    __tablename__ = "invoice_rules"

    id: Mapped[PrimaryKey]
    payment_days: Mapped[int] = mapped_column(Integer)
    tolerance_bp: Mapped[int] = mapped_column(Integer)
    tolerance_minor: Mapped[MinorUnits]

    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        *(CheckConstraint(rule, name=name) for rule, name in _TERMS),
    )


class SupplierInvoiceTerms(Base):
    """The same for one supplier, in its currency."""

    __tablename__ = "supplier_invoice_terms"

    supplier_id: Mapped[ForeignId] = mapped_column(ForeignKey("supplier.id"), primary_key=True)
    payment_days: Mapped[int] = mapped_column(Integer)
    tolerance_bp: Mapped[int] = mapped_column(Integer)
    tolerance_minor: Mapped[MinorUnits]

    __table_args__ = tuple(CheckConstraint(rule, name=name) for rule, name in _TERMS)

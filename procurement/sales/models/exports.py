"""What was handed on to be invoiced: batches, and each shipment and return in at most one of them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, Code, CurrencyCode, ForeignId, MinorUnits, Name, PrimaryKey


class InvoiceExport(Base):
    """A batch, kept as it was made: it is downloaded again byte for byte."""

    __tablename__ = "invoice_export"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    made_by: Mapped[Name]
    csv: Mapped[str] = mapped_column(Text, deferred=True)
    idempotency_key: Mapped[str | None] = mapped_column(String(200), unique=True)


class InvoiceExportItem(Base):
    """A shipment to invoice or a return to credit; `ubl` is None where Peppol has no words for it, as `why` says."""

    __tablename__ = "invoice_export_item"

    export_id: Mapped[ForeignId] = mapped_column(ForeignKey("invoice_export.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    shipment_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("shipment.id"), unique=True)
    return_id: Mapped[ForeignId | None] = mapped_column(
        ForeignKey("customer_return.id"), unique=True
    )
    number: Mapped[Code]
    customer_name: Mapped[Name]
    currency: Mapped[CurrencyCode]
    net_minor: Mapped[MinorUnits]
    tax_minor: Mapped[MinorUnits]
    gross_minor: Mapped[MinorUnits]
    ubl: Mapped[str | None] = mapped_column(Text, deferred=True)
    why: Mapped[Name] = mapped_column(default="")

    __table_args__ = (
        CheckConstraint("(shipment_id IS NULL) <> (return_id IS NULL)", name="of_one_thing"),
        CheckConstraint("net_minor + tax_minor = gross_minor", name="totals_agree"),
    )

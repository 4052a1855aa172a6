"""The terms for invoices, to be read and changed."""

from datetime import date

from sqlalchemy import select

from procurement.kernel.db import ReadSession
from procurement.purchasing.models import SupplierInvoiceTerms
from procurement.purchasing.queries.invoice_match import invoice_terms
from procurement.purchasing.terms.invoices import (
    InvoiceTermsRow,
)
from procurement.sourcing.errors import SupplierUnknown
from procurement.sourcing.models import Supplier


def terms_of(session: ReadSession, supplier: str | None, on: date) -> InvoiceTermsRow:
    """What holds for a supplier, by its own terms or everybody's; without one, for all."""
    if supplier is None:
        return invoice_terms(session, None, on)
    found = session.scalar(select(Supplier).where(Supplier.code == supplier))
    if found is None:
        raise SupplierUnknown(f"There is no supplier {supplier}.")
    return invoice_terms(session, found, on)


def own_invoice_terms(session: ReadSession, on: date) -> list[InvoiceTermsRow]:
    """The suppliers that have terms of their own, by name."""
    found = session.execute(
        select(Supplier, SupplierInvoiceTerms)  # both, so that neither is asked for again
        .join(SupplierInvoiceTerms, SupplierInvoiceTerms.supplier_id == Supplier.id)
        .order_by(Supplier.name)
    )
    return [invoice_terms(session, supplier, on) for supplier, _ in found]

"""Matching invoices again when what they are matched with has changed."""

from sqlalchemy.orm import Session

from procurement.purchasing.models import SupplierInvoice, SupplierInvoiceDifference
from procurement.purchasing.queries.invoice_match import (
    invoice_terms,
    match_charges,
    match_lines,
    undecided_of_order,
)
from procurement.purchasing.rules.matching import differences_of, status_of
from procurement.purchasing.terms.invoices import (
    InvoiceStatus,
)
from procurement.sourcing.models import Supplier


def match_invoice(session: Session, invoice: SupplierInvoice) -> None:
    """Compare an undecided invoice with order and receipt, keep what differs. A dispute stays until nothing does."""
    session.flush()  # the rows are read from the tables
    supplier = session.get_one(Supplier, invoice.supplier_id)
    found = differences_of(
        match_lines(session, invoice),
        match_charges(session, invoice, supplier),
        invoice_terms(session, supplier, invoice.invoiced_on).tolerance,
    )
    invoice.differences.clear()
    session.flush()  # the old ones leave their places first
    invoice.differences = [
        SupplierInvoiceDifference(
            ordinal=ordinal,
            kind=one.kind,
            position=one.position,
            words=one.words,
            amount_minor=one.amount.minor,
            is_within=one.is_within,
        )
        for ordinal, one in enumerate(found, start=1)
    ]
    status = status_of(found)
    if invoice.status is InvoiceStatus.DISPUTED and status is InvoiceStatus.RECORDED:
        return
    invoice.status = status


def match_order_invoices(session: Session, order_id: int) -> None:
    """Goods of an order came or went, and a credit note came: its undecided invoices are matched again.

    The order is locked by who calls.
    """
    session.flush()  # what changed is read from the tables
    for invoice in undecided_of_order(session, order_id):
        match_invoice(session, invoice)

"""Claims and invoices as a scorecard counts them: made, or dated, in its days. Two statements for all suppliers."""

from collections import defaultdict
from datetime import timedelta

from sqlalchemy import select

from procurement.kernel.clock import start_of_day, today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money
from procurement.purchasing.models import (
    Claim,
    GoodsReceipt,
    SupplierInvoice,
    SupplierInvoiceDifference,
)
from procurement.purchasing.terms import ClaimStatus
from procurement.purchasing.terms.invoices import InvoiceKind, InvoiceStatus
from procurement.purchasing.terms.scorecard import ClaimTold, InvoiceTold, Period, TheirPapers
from procurement.settings.queries import get_company
from procurement.sourcing.models import Supplier


def papers_of(
    session: ReadSession, period: Period, *, supplier: str | None = None
) -> dict[str, TheirPapers]:
    """By supplier, the latest first; a claim that was withdrawn and an invoice recorded in error say nothing."""
    claims = _claims(session, period, supplier)
    invoices = _invoices(session, period, supplier)
    return {
        code: TheirPapers(tuple(claims.get(code, ())), tuple(invoices.get(code, ())))
        for code in claims.keys() | invoices.keys()
    }


def _claims(
    session: ReadSession, period: Period, supplier: str | None
) -> dict[str, list[ClaimTold]]:
    zone = get_company(session).time_zone
    statement = (
        select(Supplier.code, Claim, GoodsReceipt.number)
        .join(Supplier, Supplier.id == Claim.supplier_id)
        .join(GoodsReceipt, GoodsReceipt.id == Claim.receipt_id)
        .where(
            Claim.status != ClaimStatus.WITHDRAWN,
            Claim.made_at >= start_of_day(period.since, zone),
            Claim.made_at < start_of_day(period.until + timedelta(days=1), zone),
        )
        .order_by(Claim.id.desc())
    )
    if supplier is not None:
        statement = statement.where(Supplier.code == supplier)
    found: defaultdict[str, list[ClaimTold]] = defaultdict(list)
    for code, claim, receipt in session.execute(statement):
        agreed = claim.agreed_minor
        found[code].append(
            ClaimTold(
                number=claim.number,
                made_on=today_in(zone, claim.made_at),
                receipt=receipt,
                status=claim.status,
                asked=Money(claim.asked_minor, claim.currency),
                agreed=None if agreed is None else Money(agreed, claim.currency),
            )
        )
    return found


def _invoices(
    session: ReadSession, period: Period, supplier: str | None
) -> dict[str, list[InvoiceTold]]:
    statement = (
        select(Supplier.code, SupplierInvoice, SupplierInvoiceDifference)
        .join(Supplier, Supplier.id == SupplierInvoice.supplier_id)
        .outerjoin(
            SupplierInvoiceDifference,
            (SupplierInvoiceDifference.invoice_id == SupplierInvoice.id)
            & ~SupplierInvoiceDifference.is_within,
        )
        .where(
            SupplierInvoice.kind == InvoiceKind.INVOICE,
            SupplierInvoice.status != InvoiceStatus.CANCELLED,
            SupplierInvoice.invoiced_on.between(period.since, period.until),
        )
        .order_by(SupplierInvoice.id.desc(), SupplierInvoiceDifference.ordinal)
    )
    if supplier is not None:
        statement = statement.where(Supplier.code == supplier)
    owners: dict[int, tuple[str, SupplierInvoice]] = {}
    words: defaultdict[int, list[SupplierInvoiceDifference]] = defaultdict(list)
    for code, invoice, difference in session.execute(statement):
        owners[invoice.id] = code, invoice
        if difference is not None:
            words[invoice.id].append(difference)
    found: defaultdict[str, list[InvoiceTold]] = defaultdict(list)
    for key, (code, invoice) in owners.items():
        found[code].append(
            InvoiceTold(
                number=invoice.number,
                supplier_number=invoice.supplier_number,
                invoiced_on=invoice.invoiced_on,
                status=invoice.status,
                gross=Money(invoice.gross_minor, invoice.currency),
                differences=tuple(one.words for one in words[key]),
                too_much=Money(
                    sum(max(0, one.amount_minor) for one in words[key]), invoice.currency
                ),
            )
        )
    return found

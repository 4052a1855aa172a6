"""What was shipped and came back, for the program that writes the invoices: UBL and CSV, each thing once."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime

from procurement.documents.trade import TradeParty
from procurement.exchange.export import Cell, to_csv
from procurement.exchange.ubl.billing import invoice_to_ubl
from procurement.kernel.actor import Actor
from procurement.kernel.countries import country_of
from procurement.kernel.db import ReadSession, Session
from procurement.kernel.errors import Conflict
from procurement.sales.models import InvoiceExport
from procurement.sales.operations.exporting import Written, begin_batch, keep_batch
from procurement.sales.queries.exports import kept_csv, kept_documents
from procurement.sales.terms.exports import InvoiceDraft
from procurement.settings.queries import get_company
from procurement.settings.terms import CompanyProfile

HEADER = (
    "document",
    "type",
    "date",
    "customer",
    "customer_name",
    "vat_id",
    "order",
    "customer_ref",
    "shipment",
    "line",
    "product",
    "name",
    "pack",
    "packs",
    "unit_price",
    "discount_percent",
    "net",
    "tax_code",
    "tax_percent",
    "tax_category",
    "tax_why",
    "currency",
    "document_net",
    "document_tax",
    "document_gross",
)
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a zip of the same documents is the same bytes


def export_invoices(
    session: Session, *, actor: Actor, at: datetime, key: str | None = None
) -> InvoiceExport:
    """Make a batch of everything that is in none. The same key gives the same batch. Conflict: nothing is left."""
    batch = begin_batch(session, key, actor=actor, at=at)
    if batch.before is not None:
        return batch.before
    seller = seller_party(get_company(session))
    documents = [_written(draft, seller) for draft in batch.drafts]
    csv = to_csv(HEADER, _cells(batch.drafts)).decode("utf-8")
    return keep_batch(session, batch, documents, csv, key, actor=actor, at=at)


def export_csv(session: ReadSession, number: str, *, actor: Actor) -> bytes:
    """The lines of a batch, as they were written."""
    return kept_csv(session, number, actor=actor).encode("utf-8")


def export_zip(session: ReadSession, number: str, *, actor: Actor) -> bytes:
    """The UBL documents of a batch in one file; the same bytes each time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in kept_documents(session, number, actor=actor):
            archive.writestr(zipfile.ZipInfo(f"{name}.xml", _EPOCH), text.encode("utf-8"))
    return packed.getvalue()


def _written(draft: InvoiceDraft, seller: TradeParty) -> Written:
    try:
        return Written(draft, invoice_to_ubl(draft, seller, _buyer(draft)).decode("utf-8"))
    except Conflict as refusal:
        return Written(draft, None, refusal.message[:200])


def seller_party(company: CompanyProfile) -> TradeParty:
    """The company as machines know it."""
    return TradeParty(
        name=company.name,
        address=_without_country(company.address.splitlines()),
        country=country_of(company.address) or _country_of_number(company.vat_id),
        vat_id=company.vat_id.replace(" ", ""),
        phone=company.phone,
        email=company.email,
        endpoint=company.peppol_id,
    )


def _buyer(draft: InvoiceDraft) -> TradeParty:
    number = draft.vat_id.replace(" ", "")
    return TradeParty(
        name=draft.customer_name,
        address=_without_country(draft.bill_to),
        country=country_of("\n".join(draft.bill_to)) or _country_of_number(number),
        vat_id=number,
        email=draft.email,
        endpoint=draft.peppol_id,
        contact=draft.contact,
    )


def _country_of_number(vat_id: str) -> str:
    """A tax number begins with its country, Greece's with EL."""
    start = vat_id[:2].upper()
    return "GR" if start == "EL" else start if start.isalpha() and len(start) == 2 else ""


def _without_country(lines: Sequence[str]) -> tuple[str, ...]:
    kept = tuple(line.strip() for line in lines if line.strip())
    return kept[:-1] if len(kept) > 1 and country_of(kept[-1]) else kept


def _cells(drafts: Sequence[InvoiceDraft]) -> Iterator[tuple[Cell, ...]]:
    """A row for each line; what came back is below zero."""
    for draft in drafts:
        sign = -1 if draft.is_credit else 1
        for line in draft.lines:
            yield (
                draft.number,
                "credit_note" if draft.is_credit else "invoice",
                draft.on,
                draft.customer,
                draft.customer_name,
                draft.vat_id,
                draft.order,
                draft.customer_ref,
                draft.of_shipment,
                line.position,
                line.sku,
                line.name,
                line.pack,
                sign * line.packs,
                line.price.decimal,
                line.discount.percent,
                sign * line.net.decimal,
                line.tax_code,
                line.tax.percent,
                line.category,
                line.why_untaxed,
                draft.currency,
                sign * draft.net.decimal,
                sign * draft.tax.decimal,
                sign * draft.gross.decimal,
            )

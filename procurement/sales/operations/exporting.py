"""Handing on what was shipped and came back to whoever writes the invoices: each thing once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.sales.models import InvoiceExport, InvoiceExportItem
from procurement.sales.queries.exports import drafts_for_update
from procurement.sales.terms.exports import InvoiceDraft
from procurement.settings.queries import get_company


@dataclass(frozen=True, slots=True)
class Written:
    """A draft with its UBL; None where Peppol has no words for it, and why."""

    draft: InvoiceDraft
    ubl: str | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """A number taken, and what goes out under it; `before` is the batch that the same key made already."""

    number: str
    drafts: tuple[InvoiceDraft, ...] = ()
    before: InvoiceExport | None = None


def begin_batch(session: Session, key: str | None, *, actor: Actor, at: datetime) -> Batch:
    """Take the next number and lock what is in no batch. Raises Conflict when there is nothing.

    Who comes second waits for the number, and then finds only what the first has left.
    """
    actor.require(Permission.SELL)
    zone = get_company(session).time_zone
    with session.begin_nested() as taking:
        number = next_number(session, Series.INVOICE_EXPORT, today_in(zone, at))
        before = _made_with(session, key)
        if before is not None:
            taking.rollback()  # the number is left for the next batch
            return Batch(before.number, before=before)
    drafts = drafts_for_update(session)
    if not drafts:
        raise Conflict("All that was shipped is exported already.")
    return Batch(number, tuple(drafts))


def _made_with(session: Session, key: str | None) -> InvoiceExport | None:
    if key is None:
        return None
    found: InvoiceExport | None = session.scalar(
        select(InvoiceExport).where(InvoiceExport.idempotency_key == key)
    )
    return found


def keep_batch(
    session: Session,
    batch: Batch,
    documents: Sequence[Written],
    csv: str,
    key: str | None,
    *,
    actor: Actor,
    at: datetime,
) -> InvoiceExport:
    """Keep the batch as it was written."""
    export = InvoiceExport(
        number=batch.number, made_at=at, made_by=actor.name[:200], csv=csv, idempotency_key=key
    )
    session.add(export)
    session.flush()  # its items name it by its key
    session.add_all(
        InvoiceExportItem(
            export_id=export.id,
            position=position,
            shipment_id=one.draft.shipment_id,
            return_id=one.draft.return_id,
            number=one.draft.number,
            customer_name=one.draft.customer_name,
            currency=one.draft.currency,
            net_minor=one.draft.net.minor,
            tax_minor=one.draft.tax.minor,
            gross_minor=one.draft.gross.minor,
            ubl=one.ubl,
            why=one.why,
        )
        for position, one in enumerate(documents, start=1)
    )
    session.flush()  # a thing that is in another batch is refused here
    detail = f"{len(documents)} documents"
    record(session, "export invoices", batch.number, detail, actor=actor, at=at)
    return export

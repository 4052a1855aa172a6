"""What was shipped or came back and is not handed on to be invoiced yet; the batches there are."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload, undefer

from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.permissions import Permission
from procurement.sales.errors import OrderUnknown
from procurement.sales.models import (
    CustomerReturn,
    InvoiceExport,
    InvoiceExportItem,
    Shipment,
)
from procurement.sales.queries.invoice_drafts import Drafting
from procurement.sales.terms.exports import (
    Exportable,
    ExportItemRow,
    ExportPage,
    ExportRow,
    InvoiceDraft,
)

MOST_IN_A_BATCH = 500  # of shipments, and of returns; the next batch has the rest


def is_exported(
    session: ReadSession, *, shipment: int | None = None, back: int | None = None
) -> str:
    """The number of the batch that a shipment or a return is in; empty while it is in none."""
    statement = select(InvoiceExport.number).join(
        InvoiceExportItem, InvoiceExportItem.export_id == InvoiceExport.id
    )
    if shipment is not None:
        statement = statement.where(InvoiceExportItem.shipment_id == shipment)
    else:
        statement = statement.where(InvoiceExportItem.return_id == back)
    return str(session.scalar(statement) or "")


def exportable(session: ReadSession) -> Exportable:
    shipments = select(func.count()).select_from(Shipment).where(*_shipments_left())
    returns = select(func.count()).select_from(CustomerReturn).where(*_returns_left())
    row = session.execute(select(shipments.scalar_subquery(), returns.scalar_subquery())).one()
    return Exportable(int(row[0]), int(row[1]))


def drafts_for_update(session: Session) -> list[InvoiceDraft]:
    """Everything that is in no batch, locked: what is being reversed meanwhile is not among it."""
    shipments = session.scalars(
        select(Shipment)
        .where(*_shipments_left())
        .order_by(Shipment.id)
        .limit(MOST_IN_A_BATCH)
        .options(selectinload(Shipment.lines))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    returns = session.scalars(
        select(CustomerReturn)
        .where(*_returns_left())
        .order_by(CustomerReturn.id)
        .limit(MOST_IN_A_BATCH)
        .options(selectinload(CustomerReturn.lines))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return Drafting(session, shipments, returns).drafts()


def exports(session: ReadSession, paging: PageRequest, *, actor: Actor) -> Page[ExportRow]:
    """Batches, the latest first."""
    actor.require(Permission.SEE_SALES)
    statement = _exports().order_by(InvoiceExport.id.desc()).limit(paging.limit + 1)
    if (after := paging.key(int)) is not None:
        statement = statement.where(InvoiceExport.id < after[0])
    found = [(row[0].id, _row(*row)) for row in session.execute(statement)]
    keys = {row.number: key for key, row in found}
    return paging.page([row for _, row in found], lambda row: (keys[row.number],))


def export_page(session: ReadSession, number: str, *, actor: Actor) -> ExportPage:
    """A batch with what is in it. Raises OrderUnknown."""
    actor.require(Permission.SEE_SALES)
    row = session.execute(_exports().where(InvoiceExport.number == number)).one_or_none()
    if row is None:
        raise OrderUnknown(f"There is no export {number}.")
    items = session.execute(
        select(InvoiceExportItem, InvoiceExportItem.ubl.is_not(None))
        .where(InvoiceExportItem.export_id == row[0].id)
        .order_by(InvoiceExportItem.position)
    )
    return ExportPage(
        _row(*row),
        tuple(
            ExportItemRow(
                number=item.number,
                is_credit=item.return_id is not None,
                customer_name=item.customer_name,
                net=Money(item.net_minor, item.currency),
                tax=Money(item.tax_minor, item.currency),
                gross=Money(item.gross_minor, item.currency),
                has_ubl=bool(has_ubl),
                why=item.why,
            )
            for item, has_ubl in items
        ),
    )


def kept_csv(session: ReadSession, number: str, *, actor: Actor) -> str:
    """The batch as it was made. Raises OrderUnknown."""
    actor.require(Permission.SEE_SALES)
    found: str | None = session.scalar(
        select(InvoiceExport.csv).where(InvoiceExport.number == number)
    )
    if found is None:
        raise OrderUnknown(f"There is no export {number}.")
    return found


def kept_documents(session: ReadSession, number: str, *, actor: Actor) -> list[tuple[str, str]]:
    """Name and text of each UBL document of a batch, in their order. Raises OrderUnknown."""
    actor.require(Permission.SEE_SALES)
    export_id = session.scalar(select(InvoiceExport.id).where(InvoiceExport.number == number))
    if export_id is None:
        raise OrderUnknown(f"There is no export {number}.")
    items = session.scalars(
        select(InvoiceExportItem)
        .where(InvoiceExportItem.export_id == export_id, InvoiceExportItem.ubl.is_not(None))
        .order_by(InvoiceExportItem.position)
        .options(undefer(InvoiceExportItem.ubl))
    )
    return [(item.number, item.ubl) for item in items]


def _shipments_left() -> tuple[Any, ...]:
    return (
        Shipment.reversed_at.is_(None),
        ~select(InvoiceExportItem.shipment_id)
        .where(InvoiceExportItem.shipment_id == Shipment.id)
        .exists(),
    )


def _returns_left() -> tuple[Any, ...]:
    return (
        CustomerReturn.reversed_at.is_(None),
        ~select(InvoiceExportItem.return_id)
        .where(InvoiceExportItem.return_id == CustomerReturn.id)
        .exists(),
    )


def _exports() -> Any:
    items = (
        select(func.count())
        .where(InvoiceExportItem.export_id == InvoiceExport.id)
        .correlate(InvoiceExport)
        .scalar_subquery()
    )
    return select(InvoiceExport, items)


def _row(export: InvoiceExport, items: int) -> ExportRow:
    return ExportRow(export.number, export.made_at, export.made_by, int(items))

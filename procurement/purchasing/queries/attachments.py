"""Files attached to orders."""

from sqlalchemy import select

from procurement.documents.ubl_order import MOST_PLACES
from procurement.files.models import StoredFile
from procurement.files.queries import Paper
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.money import minor_digits
from procurement.kernel.permissions import Permission
from procurement.purchasing.models import OrderAttachment, PurchaseOrder
from procurement.purchasing.rules.wording import paper_name
from procurement.purchasing.terms import AttachmentRow
from procurement.sourcing.models import Supplier


def attachments_of(session: ReadSession, number: str) -> tuple[AttachmentRow, ...]:
    """The files beside an order, in the order they were added."""
    rows = session.execute(
        select(OrderAttachment, StoredFile.media_type, StoredFile.size)
        .join(PurchaseOrder, PurchaseOrder.id == OrderAttachment.order_id)
        .join(StoredFile, StoredFile.id == OrderAttachment.file_id)
        .where(PurchaseOrder.number == number)
        .order_by(OrderAttachment.position)
    )
    return tuple(
        AttachmentRow(
            one.position,
            one.name,
            media_type,
            size,
            one.for_supplier,
            one.added_at,
            one.added_by,
        )
        for one, media_type, size in rows
    )


def attached_file(session: ReadSession, number: str, position: int, *, actor: Actor) -> Paper:
    """One of them, with its bytes."""
    actor.require(Permission.SEE_PURCHASING)
    row = session.execute(
        select(OrderAttachment.name, StoredFile.media_type, StoredFile.sha256, StoredFile.content)
        .join(PurchaseOrder, PurchaseOrder.id == OrderAttachment.order_id)
        .join(StoredFile, StoredFile.id == OrderAttachment.file_id)
        .where(PurchaseOrder.number == number, OrderAttachment.position == position)
    ).one_or_none()
    if row is None:
        raise NotFound(f"{number} has no file {position}.")
    return Paper(*row)


def files_for_supplier(session: ReadSession, order_id: int) -> tuple[tuple[int, str], ...]:
    """Key and name of each file that goes to the supplier with the order."""
    rows = session.execute(
        select(OrderAttachment.file_id, OrderAttachment.name)
        .where(OrderAttachment.order_id == order_id, OrderAttachment.for_supplier)
        .order_by(OrderAttachment.position)
    )
    return tuple((file_id, name) for file_id, name in rows)


def files_that_go(session: ReadSession, number: str) -> tuple[str, ...]:
    """The names of what a mail of this order carries, in their order."""
    row = session.execute(
        select(PurchaseOrder.id, PurchaseOrder.revision, PurchaseOrder.currency, Supplier.wants_ubl)
        .join(Supplier, Supplier.id == PurchaseOrder.supplier_id)
        .where(PurchaseOrder.number == number)
    ).one_or_none()
    if row is None:
        return ()
    name = paper_name(number, row.revision)
    is_sayable = minor_digits(row.currency) <= MOST_PLACES
    ubl = (f"{name}-ubl.xml",) if row.wants_ubl and is_sayable else ()
    return f"{name}.pdf", *ubl, *(file for _, file in files_for_supplier(session, row.id))

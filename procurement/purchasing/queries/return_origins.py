"""By which order goods came that go back to their supplier."""

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from procurement.kernel.db import ReadSession
from procurement.purchasing.models import (
    GoodsReceipt,
    GoodsReceiptLine,
    PurchaseOrder,
    PurchaseOrderLine,
    SupplierReturn,
    SupplierReturnLine,
)
from procurement.sourcing.models import Supplier
from procurement.stock.queries.lots import lots_named


def lines_of_lots(
    session: ReadSession, lots: set[int], supplier_id: int
) -> dict[int, tuple[str, int]]:
    """Key of a lot -> number of the order and key of the line of the first delivery that brought it."""
    rows = session.execute(
        select(GoodsReceiptLine.lot_id, PurchaseOrder.number, GoodsReceiptLine.order_line_id)
        .join(GoodsReceipt, GoodsReceipt.id == GoodsReceiptLine.receipt_id)
        .join(PurchaseOrder, PurchaseOrder.id == GoodsReceipt.order_id)
        .where(
            GoodsReceiptLine.lot_id.in_(lots),
            GoodsReceipt.reversed_at.is_(None),
            PurchaseOrder.supplier_id == supplier_id,
        )
        .order_by(GoodsReceiptLine.order_line_id.desc())
    )
    return {lot: (order, line) for lot, order, line in rows if lot is not None}


def supplier_of_lot(session: ReadSession, name: str) -> str:
    """Who delivered a lot named "SKU/NUMBER", the latest delivery first; empty where nobody knows."""
    lot = lots_named(session, [name])[name]
    found = session.scalar(
        select(Supplier.code)
        .join(PurchaseOrder, PurchaseOrder.supplier_id == Supplier.id)
        .join(GoodsReceipt, GoodsReceipt.order_id == PurchaseOrder.id)
        .join(GoodsReceiptLine, GoodsReceiptLine.receipt_id == GoodsReceipt.id)
        .where(GoodsReceiptLine.lot_id == lot, GoodsReceipt.reversed_at.is_(None))
        .order_by(GoodsReceipt.id.desc())
        .limit(1)
    )
    return found or ""


def orders_of_return(session: ReadSession, number: str) -> set[str]:
    """The orders that the goods of a return came by."""
    return set(
        session.scalars(
            select(PurchaseOrder.number)
            .join(PurchaseOrderLine, PurchaseOrderLine.order_id == PurchaseOrder.id)
            .join(SupplierReturnLine, SupplierReturnLine.order_line_id == PurchaseOrderLine.id)
            .join(SupplierReturn, SupplierReturn.id == SupplierReturnLine.return_id)
            .where(SupplierReturn.number == number)
        )
    )


def went_back(session: Session, return_id: int) -> list[tuple[PurchaseOrderLine, int]]:
    """Order lines of a return with what of each went back, in steps."""
    rows = session.execute(
        select(PurchaseOrderLine, SupplierReturnLine.quantity)
        .join(SupplierReturnLine, SupplierReturnLine.order_line_id == PurchaseOrderLine.id)
        .where(SupplierReturnLine.return_id == return_id)
    )
    return [(line, int(steps)) for line, steps in rows]


def is_credit_due() -> ColumnElement[bool]:
    """Of SupplierReturn: whether the supplier still owes a credit note for it.

    None names it, no claim counts it, and its goods are not invoiced for just what we kept: more is, or nothing yet.
    """
    line = PurchaseOrderLine
    kept = line.received * line.pack_steps - line.returned_steps
    is_open = or_(line.invoiced == 0, line.invoiced * line.pack_steps > kept)
    owed = (
        select(SupplierReturnLine.return_id)
        .outerjoin(line, line.id == SupplierReturnLine.order_line_id)
        .where(
            SupplierReturnLine.return_id == SupplierReturn.id,
            or_(SupplierReturnLine.order_line_id.is_(None), is_open),
        )
        .correlate(SupplierReturn)
        .exists()
    )
    return and_(
        SupplierReturn.credit_note_id.is_(None),
        SupplierReturn.reversed_at.is_(None),
        SupplierReturn.claim_id.is_(None),
        SupplierReturn.credit_minor > 0,
        owed,
    )

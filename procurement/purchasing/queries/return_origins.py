"""By which order goods came that go back to their supplier."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from procurement.kernel.db import ReadSession
from procurement.purchasing.models import (
    Claim,
    ClaimLine,
    GoodsReceipt,
    GoodsReceiptLine,
    PurchaseOrder,
    PurchaseOrderLine,
    SupplierReturn,
    SupplierReturnLine,
)
from procurement.purchasing.terms.claims import UNSETTLED
from procurement.sourcing.models import Supplier
from procurement.stock.models import Posting
from procurement.stock.queries.lots import lots_named
from procurement.stock.queries.traces import roots_of


def lines_of_lots(
    session: ReadSession, lots: set[int], supplier_id: int
) -> dict[int, tuple[str, int]]:
    """Key of a lot -> number of the order and key of the line of the first delivery that brought it.

    What was opened or filled from a lot came as that lot did.
    """
    roots = roots_of(session, lots)
    rows = session.execute(
        select(GoodsReceiptLine.lot_id, PurchaseOrder.number, GoodsReceiptLine.order_line_id)
        .join(GoodsReceipt, GoodsReceipt.id == GoodsReceiptLine.receipt_id)
        .join(PurchaseOrder, PurchaseOrder.id == GoodsReceipt.order_id)
        .where(
            GoodsReceiptLine.lot_id.in_(set(roots.values())),
            GoodsReceipt.reversed_at.is_(None),
            PurchaseOrder.supplier_id == supplier_id,
        )
        .order_by(GoodsReceiptLine.order_line_id.desc())
    )
    came = {root: (order, line) for root, order, line in rows}
    return {lot: came[root] for lot, root in roots.items() if root in came}


def suppliers_of_lots(session: ReadSession, names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Code and name of who delivered each lot named "SKU/NUMBER", or what it was opened from, last.

    Lots of which nobody knows are left out. Raises NotFound.
    """
    lots = lots_named(session, names)
    roots = roots_of(session, lots.values())
    rows = session.execute(
        select(GoodsReceiptLine.lot_id, Supplier.code, Supplier.name)
        .join(GoodsReceipt, GoodsReceipt.id == GoodsReceiptLine.receipt_id)
        .join(PurchaseOrder, PurchaseOrder.id == GoodsReceipt.order_id)
        .join(Supplier, Supplier.id == PurchaseOrder.supplier_id)
        .where(GoodsReceiptLine.lot_id.in_(set(roots.values())), GoodsReceipt.reversed_at.is_(None))
        .order_by(GoodsReceipt.id)
    )
    sender = {root: (code, name) for root, code, name in rows}
    return {name: sender[roots[lot]] for name, lot in lots.items() if roots[lot] in sender}


def covering_claim(session: ReadSession, lot_id: int, supplier: str, steps: int) -> str | None:
    """The latest unsettled claim against a supplier that names at least so much of a lot, or of what it came from."""
    root = roots_of(session, [lot_id])[lot_id]
    claimed = func.sum(ClaimLine.packs * PurchaseOrderLine.pack_steps)
    number: str | None = session.scalar(
        select(Claim.number)
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .join(
            GoodsReceiptLine,
            and_(
                GoodsReceiptLine.receipt_id == ClaimLine.receipt_id,
                GoodsReceiptLine.position == ClaimLine.receipt_position,
            ),
        )
        .join(PurchaseOrderLine, PurchaseOrderLine.id == GoodsReceiptLine.order_line_id)
        .join(Supplier, Supplier.id == Claim.supplier_id)
        .where(
            GoodsReceiptLine.lot_id == root,
            Supplier.code == supplier,
            Claim.status.in_(sorted(UNSETTLED)),
        )
        .group_by(Claim.id, Claim.number)
        .having(claimed >= steps)
        .order_by(Claim.id.desc())
        .limit(1)
    )
    return number


def returns_of_postings(session: ReadSession, refs: Iterable[str]) -> dict[str, str]:
    """Public name of a posting -> number of the return that made it; other postings are left out."""
    rows = session.execute(
        select(Posting.ref, SupplierReturn.number)
        .join(SupplierReturn, SupplierReturn.posting_id == Posting.id)
        .where(Posting.ref.in_(set(refs)))
    )
    return {row.ref: row.number for row in rows}


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

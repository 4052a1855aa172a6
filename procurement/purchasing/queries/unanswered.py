"""Orders that were sent and that nobody has answered."""

from datetime import datetime

from sqlalchemy import func, select

from procurement.kernel.db import ReadSession
from procurement.purchasing.models import OrderLink, OrderPaper, PurchaseOrder
from procurement.purchasing.terms import OrderStatus, UnansweredRow
from procurement.sourcing.models import Supplier


def unanswered_orders(
    session: ReadSession, issued_before: datetime, *, limit: int
) -> tuple[UnansweredRow, ...]:
    """Placed orders of which nothing has come and nothing was said since they were issued last, the oldest first."""
    issued = (
        select(OrderPaper.order_id, func.max(OrderPaper.issued_at).label("at"))
        .group_by(OrderPaper.order_id)
        .subquery()
    )
    opened = (
        select(func.max(OrderLink.last_opened_at))
        .where(OrderLink.order_id == PurchaseOrder.id, OrderLink.revision == PurchaseOrder.revision)
        .correlate(PurchaseOrder)
        .scalar_subquery()
    )
    rows = session.execute(
        select(PurchaseOrder.number, Supplier.name, issued.c.at, opened)
        .join(issued, issued.c.order_id == PurchaseOrder.id)
        .join(Supplier, Supplier.id == PurchaseOrder.supplier_id)
        .where(
            PurchaseOrder.status == OrderStatus.PLACED,
            PurchaseOrder.answer.is_(None),
            issued.c.at < issued_before,
        )
        .order_by(issued.c.at, PurchaseOrder.id)
        .limit(limit)
    )
    return tuple(
        UnansweredRow(order=number, supplier_name=supplier, issued_at=at, opened_at=opened_at)
        for number, supplier, at, opened_at in rows
    )

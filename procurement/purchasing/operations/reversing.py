"""Taking back a goods receipt that was wrong."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Invalid
from procurement.kernel.permissions import Permission
from procurement.purchasing.errors import AlreadyReversed
from procurement.purchasing.models import GoodsReceipt
from procurement.purchasing.operations.deciding import refresh_status
from procurement.purchasing.operations.matching import match_order_invoices
from procurement.purchasing.queries.orders import purchase_order_for_update
from procurement.purchasing.queries.receipts import (
    goods_receipt_for_update,
    order_number_of_receipt,
    posting_with_movements,
)
from procurement.stock import ledger


def reverse_receipt(
    session: Session, number: str, *, why: str, actor: Actor, at: datetime
) -> GoodsReceipt:
    """Post everything back to the supplier and let the order expect it again.

    Raises AlreadyReversed, InsufficientStock (some of it has been used or carried away), Invalid (no reason given).
    """
    actor.require(Permission.RECEIVE_GOODS)
    why = text.prose(why, "why")
    if not why:
        raise Invalid("Say why the receipt is taken back.", field="why")
    order = purchase_order_for_update(session, order_number_of_receipt(session, number))
    receipt = goods_receipt_for_update(session, number)
    if receipt.reversed_at is not None:
        raise AlreadyReversed(f"{number} was reversed already.")
    if receipt.posting_id is not None:
        posting = posting_with_movements(session, receipt.posting_id)
        ledger.reverse(session, posting, actor=actor, at=at, why=why, document=number)
    lines = {line.id: line for line in order.lines}
    for taken in receipt.lines:
        ordered = lines[taken.order_line_id]
        if taken.movement_id is not None:
            ordered.received -= taken.packs
        if taken.close_short:
            ordered.closed = False
    receipt.reversed_at, receipt.reversed_by, receipt.reversed_why = at, actor.name, why
    refresh_status(order)
    match_order_invoices(session, order.id)
    record(session, "reverse receipt", order.number, f"{number}: {why}", actor=actor, at=at)
    return receipt

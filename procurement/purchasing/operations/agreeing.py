"""What an order forgets when it changes: who agreed to it, and why it was sent back."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from procurement.purchasing.models import OrderApproval, PurchaseOrder


def forget_approvals(session: Session, order: PurchaseOrder) -> None:
    """Who agreed, agreed to what it was; the trail keeps it."""
    session.execute(delete(OrderApproval).where(OrderApproval.order_id == order.id))
    order.approved_at = order.approved_by = None


def no_longer_returned(order: PurchaseOrder) -> None:
    order.returned_at = order.returned_by = None
    order.returned_why = ""

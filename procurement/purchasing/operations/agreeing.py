"""Agreeing to an order, and what it forgets when it changes: who agreed, and why it was sent back."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from procurement.kernel.actor import Actor
from procurement.purchasing.models import OrderApproval, PurchaseOrder
from procurement.purchasing.terms import ApprovalState


def agree(
    session: Session, order: PurchaseOrder, state: ApprovalState, *, actor: Actor, at: datetime
) -> None:
    """Note that somebody agreed; for a budget only, where the rules do not count them."""
    session.add(
        OrderApproval(
            order_id=order.id,
            user_id=actor.id,
            name=actor.name,
            given_at=at,
            for_budget=not state.counts,
        )
    )


def words_of_step(state: ApprovalState) -> str:
    """How far it has come with one more who agrees."""
    if not state.counts:
        return "as the owner of the budget"
    return f"{state.needed - state.missing + 1} of {state.needed}"


def forget_approvals(session: Session, order: PurchaseOrder) -> None:
    """Who agreed, agreed to what it was; the trail keeps it."""
    session.execute(delete(OrderApproval).where(OrderApproval.order_id == order.id))
    order.approved_at = order.approved_by = None


def no_longer_returned(order: PurchaseOrder) -> None:
    order.returned_at = order.returned_by = None
    order.returned_why = ""

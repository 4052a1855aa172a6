"""An order that its customer has placed for good: confirmed at once where the house does so, else thanked for."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.kernel.actor import SYSTEM, Actor
from procurement.sales.models import Customer, SalesOrder
from procurement.sales.operations.confirming import confirm_order
from procurement.sales.operations.telling import tell_received
from procurement.sales.queries.credit import credit_with
from procurement.sales.terms.orders import Payment
from procurement.settings.queries import get_company


def hand_over(
    session: Session, order: SalesOrder, customer: Customer, *, placed_by: Actor, at: datetime
) -> None:
    """From now on it is ours to confirm, or is confirmed as far as credit goes and nobody has to look first."""
    on_account = order.payment is Payment.ON_ACCOUNT
    is_beyond = on_account and credit_with(session, order).is_over
    if get_company(session).confirms_orders and not is_beyond and not order.look_first:
        confirm_order(session, order.number, actor=SYSTEM, at=at)
    else:
        tell_received(session, order, customer, placed_by=placed_by, at=at)

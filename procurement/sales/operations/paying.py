"""Money for prepaid orders: told by the payment provider, or written down by our people."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import SYSTEM, Actor
from procurement.kernel.errors import Invalid
from procurement.kernel.money import Money
from procurement.kernel.permissions import Permission
from procurement.sales.errors import PaymentRefused
from procurement.sales.models import PaymentEvent, SalesOrder
from procurement.sales.queries.sales_orders import order_for_update
from procurement.sales.terms.orders import Payment, SalesOrderStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentTold:
    """An event of the provider's: so much was paid for an order, under a reference of theirs."""

    event_id: str
    order: str
    amount: Money
    reference: str


def take_payment(session: Session, told: PaymentTold, *, at: datetime) -> SalesOrder:
    """Mark the order paid. The same event again changes nothing.

    Who calls it has proved that the provider says so. Raises OrderUnknown; PaymentRefused (cancelled, on account, paid
    already, another payment under the same number); Invalid (another amount or currency).
    """
    order = order_for_update(session, told.order)
    event_id = text.name(told.event_id, "id")
    reference = text.name(told.reference, "reference")
    before = session.scalar(select(PaymentEvent).where(PaymentEvent.event_id == event_id))
    if before is not None:
        same = (order.id, told.amount.minor, told.amount.currency, reference)
        if (before.order_id, before.amount_minor, before.currency, before.reference) != same:
            raise PaymentRefused(f"{event_id} said something else before.", field="id")
        return order
    due = Money(order.gross_minor, order.currency)
    if told.amount.currency != due.currency:
        raise Invalid(f"{order.number} is in {due.currency}.", field="currency")
    if told.amount != due:
        raise Invalid(f"{order.number} comes to {due}.", field="amount")
    _pay(session, order, reference, actor=SYSTEM, at=at)
    session.add(
        PaymentEvent(
            event_id=event_id,
            order_id=order.id,
            amount_minor=told.amount.minor,
            currency=told.amount.currency,
            reference=reference,
            received_at=at,
        )
    )
    return order


def record_payment(
    session: Session, number: str, reference: str, *, actor: Actor, at: datetime
) -> SalesOrder:
    """Somebody saw the money come in. Raises PaymentRefused."""
    actor.require(Permission.SELL)
    order = order_for_update(session, number)
    _pay(session, order, text.name(reference, "reference"), actor=actor, at=at)
    return order


def _pay(
    session: Session, order: SalesOrder, reference: str, *, actor: Actor, at: datetime
) -> None:
    if order.payment is not Payment.PREPAID:
        raise PaymentRefused(f"{order.number} is on account: it is paid by its invoice.")
    if order.status is SalesOrderStatus.CANCELLED:
        raise PaymentRefused(f"{order.number} was cancelled.")
    if order.paid_at is not None:
        raise PaymentRefused(f"{order.number} is paid already, as {order.payment_reference}.")
    order.paid_at, order.payment_reference = at, reference
    record(session, "paid", order.number, reference, actor=actor, at=at)

"""An order that its customer has placed for good: confirmed at once where the house does so, else thanked for."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.accounts.models import User
from procurement.kernel.actor import SYSTEM, Actor
from procurement.kernel.money import Money
from procurement.outbox.operations import NewMail, put_mail
from procurement.sales.models import Customer, SalesOrder
from procurement.sales.operations.confirming import confirm_order
from procurement.sales.queries.credit import credit_with
from procurement.sales.terms.orders import Payment
from procurement.settings.queries import get_company


def hand_over(
    session: Session, order: SalesOrder, customer: Customer, *, placed_by: Actor, at: datetime
) -> None:
    """From now on it is ours to confirm, or is confirmed as far as the customer's credit goes."""
    on_account = order.payment is Payment.ON_ACCOUNT
    is_beyond = on_account and credit_with(session, order).is_over
    if get_company(session).confirms_orders and not is_beyond:
        confirm_order(session, order.number, actor=SYSTEM, at=at)
    else:
        _thank(session, order, customer, placed_by, at)


def _thank(
    session: Session, order: SalesOrder, customer: Customer, actor: Actor, at: datetime
) -> None:
    """Whoever placed it hears at once that it is with us; the confirmation follows when somebody gives it."""
    user = session.get(User, actor.id) if actor.id is not None else None
    recipient = user.email[:200] if user else customer.email
    if not recipient:
        return
    company = get_company(session).name
    reference = f" (your order {order.customer_ref})" if order.customer_ref else ""
    pay = "Please pay before we ship; the proforma invoice stands with the order in your account."
    parts = (
        f"Dear {actor.name},",
        f"thank you for your order{reference}. It is with us as {order.number}, "
        f"for {Money(order.gross_minor, order.currency)} with tax. We confirm it shortly.",
        pay if order.payment is Payment.PREPAID else "",
        company,
    )
    mail = NewMail(
        recipient=recipient,
        subject=f"We have your order {order.number}, {company}"[:200],
        body="\n\n".join(filter(None, parts)),
        reference=order.number,
    )
    put_mail(session, mail, at=at)

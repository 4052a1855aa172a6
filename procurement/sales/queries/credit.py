"""What a customer's open orders take of the credit agreed on."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money
from procurement.kernel.permissions import Permission
from procurement.sales.models import Customer, SalesOrder
from procurement.sales.queries.customers import no_such_customer
from procurement.sales.rules.credit import Credit
from procurement.sales.terms.orders import TO_SHIP, Payment


def credit_with(session: Session, order: SalesOrder) -> Credit:
    """The credit of an order's customer with this order: open are confirmed orders that are not all shipped.

    What is prepaid takes none.

    The customer is locked, so that two orders confirmed at once do not both take what is left. Orders in another
    currency than the customer's are not counted: nobody has agreed on a rate.
    """
    customer = session.scalars(
        select(Customer).where(Customer.id == order.customer_id).with_for_update()
    ).one()
    limit = customer.credit_limit_minor
    used = session.scalar(
        select(func.sum(SalesOrder.gross_minor)).where(
            SalesOrder.customer_id == customer.id,
            SalesOrder.currency == customer.currency,
            SalesOrder.status.in_(sorted(TO_SHIP)),
            SalesOrder.payment == Payment.ON_ACCOUNT,
            SalesOrder.id != order.id,
        )
    )
    credit = Credit(
        None if limit is None else Money(limit, customer.currency),
        Money(int(used or 0), customer.currency),
    )
    if order.currency != customer.currency or order.payment is Payment.PREPAID:
        return credit
    return credit.with_order(Money(order.gross_minor, order.currency))


def credit_of(session: ReadSession, code: str, *, actor: Actor) -> Credit:
    """Limit and use of a customer, for their page; counted as `credit_with` counts."""
    actor.require(Permission.SEE_SALES)
    return _credit(session, Customer.code == code)


def own_credit(session: ReadSession, *, actor: Actor) -> Credit:
    """A buyer's own company's."""
    actor.require(Permission.BUY)
    return _credit(session, Customer.id == actor.customer_id)


def _credit(session: ReadSession, whose: ColumnElement[bool]) -> Credit:
    found = session.execute(
        select(Customer.id, Customer.currency, Customer.credit_limit_minor).where(whose)
    ).one_or_none()
    if found is None:
        raise no_such_customer()
    used = session.scalar(
        select(func.sum(SalesOrder.gross_minor)).where(
            SalesOrder.customer_id == found.id,
            SalesOrder.currency == found.currency,
            SalesOrder.status.in_(sorted(TO_SHIP)),
            SalesOrder.payment == Payment.ON_ACCOUNT,
        )
    )
    limit = found.credit_limit_minor
    return Credit(
        None if limit is None else Money(limit, found.currency),
        Money(int(used or 0), found.currency),
    )

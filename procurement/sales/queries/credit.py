"""What a customer's open orders take of the credit agreed on."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.kernel.money import Money
from procurement.sales.models import Customer, SalesOrder
from procurement.sales.rules.credit import Credit
from procurement.sales.terms.orders import TO_SHIP


def credit_with(session: Session, order: SalesOrder) -> Credit:
    """The credit of an order's customer with this order: open are confirmed orders that are not all shipped.

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
            SalesOrder.id != order.id,
        )
    )
    credit = Credit(
        None if limit is None else Money(limit, customer.currency),
        Money(int(used or 0), customer.currency),
    )
    if order.currency != customer.currency:
        return credit
    return credit.with_order(Money(order.gross_minor, order.currency))

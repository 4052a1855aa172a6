"""Which terms hold for a customer's orders."""

from sqlalchemy import or_, select

from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money
from procurement.kernel.permissions import Permission
from procurement.sales.models import Customer, CustomerGroup, OrderTermsRow, SalesOrder
from procurement.sales.rules.order_terms import OrderTerms, Standing
from procurement.sales.terms.order_terms import OrderTermsShown
from procurement.sales.terms.orders import SalesOrderStatus


def order_terms(session: ReadSession) -> list[OrderTermsShown]:
    """All that are set, by currency, everybody's before those of groups."""
    rows = session.execute(
        select(OrderTermsRow, CustomerGroup.code, CustomerGroup.name)
        .outerjoin(CustomerGroup, CustomerGroup.id == OrderTermsRow.group_id)
        .order_by(OrderTermsRow.currency, OrderTermsRow.group_id.is_not(None), CustomerGroup.name)
    )
    return [
        OrderTermsShown(
            row.id,
            row.currency,
            code,
            name,
            _money(row.opening_minor, row.currency),
            _money(row.reorder_minor, row.currency),
            _money(row.freight_minor, row.currency),
            _money(row.free_from_minor, row.currency),
        )
        for row, code, name in rows
    ]


def terms_of(session: ReadSession, customer: Customer) -> OrderTerms:
    """What holds for this customer: what their group's terms do not say, everybody's do."""
    found = OrderTerms(customer.currency)
    rows = session.scalars(
        select(OrderTermsRow)
        .where(
            OrderTermsRow.currency == customer.currency,
            or_(OrderTermsRow.group_id.is_(None), OrderTermsRow.group_id == customer.group_id),
        )
        .order_by(OrderTermsRow.group_id.is_not(None))
    )
    for row in rows:
        found = _terms(row).over(found)
    return found


def standing_of(
    session: ReadSession, customer: Customer, goods: Money, net: Money, *, collected: bool = False
) -> Standing:
    """How an order of such a value stands to the customer's terms."""
    terms = terms_of(session, customer)
    is_first = _is_first(session, customer.id) if terms.opening or terms.reorder else False
    return Standing(terms, goods, net, is_first, collected)


def own_standing(
    session: ReadSession, goods: Money, net: Money, *, actor: Actor
) -> Standing | None:
    """The same for a buyer's basket; None for somebody who buys for nobody, or in another currency."""
    actor.require(Permission.BUY)
    customer = session.get(Customer, actor.customer_id) if actor.customer_id else None
    if customer is None or customer.currency != net.currency:
        return None
    return standing_of(session, customer, goods, net)


def _is_first(session: ReadSession, customer_id: int) -> bool:
    """Whether nothing was ordered yet; a draft of our people that nobody confirmed is no order."""
    before = session.scalar(
        select(SalesOrder.id)
        .where(
            SalesOrder.customer_id == customer_id,
            SalesOrder.status != SalesOrderStatus.CANCELLED,
            SalesOrder.placed_at.is_not(None) | SalesOrder.confirmed_at.is_not(None),
        )
        .limit(1)
    )
    return before is None


def _terms(row: OrderTermsRow) -> OrderTerms:
    return OrderTerms(
        row.currency,
        _money(row.opening_minor, row.currency),
        _money(row.reorder_minor, row.currency),
        _money(row.freight_minor, row.currency),
        _money(row.free_from_minor, row.currency),
    )


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)

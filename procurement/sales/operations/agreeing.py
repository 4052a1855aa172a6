"""Inside a customer's company: an order beyond its buyer's limit, agreed to or refused by a colleague."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.models import User
from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import SYSTEM, Actor
from procurement.kernel.errors import Conflict, Forbidden, Invalid
from procurement.kernel.money import Money
from procurement.kernel.permissions import Permission
from procurement.outbox.operations import NewMail
from procurement.sales.errors import OrderUnknown
from procurement.sales.models import Customer, OrderAgreement, SalesOrder
from procurement.sales.operations.confirming import cancel_sales_order
from procurement.sales.operations.handing_over import hand_over
from procurement.sales.operations.mails import write_buyer
from procurement.sales.queries.buyers import buyers, powers_of
from procurement.sales.queries.mails import who_want
from procurement.sales.queries.sales_orders import order_for_update
from procurement.sales.terms.mails import Topic
from procurement.sales.terms.orders import SalesOrderStatus
from procurement.settings.queries import get_company


def ask_colleagues(session: Session, order: SalesOrder, *, actor: Actor, at: datetime) -> None:
    """The order waits; everybody who may agree to so much hears of it. Raises Conflict when nobody may."""
    amount = Money(order.gross_minor, order.currency)
    asked = [
        one
        for one in buyers(session, order.customer_id, actor=actor)
        if one.active and not one.is_me and one.powers.may_approve and one.powers.covers(amount)
    ]
    if not asked or actor.id is None:
        raise Conflict(
            f"{amount} is beyond your limit, and no colleague of yours may agree to so much."
        )
    session.add(OrderAgreement(order_id=order.id, asked_by_id=actor.id, asked_at=at))
    session.flush()  # who looks at the order sees that it waits
    told = who_want(session, [one.email for one in asked], Topic.COLLEAGUE_ASKS)
    for one in asked:
        if told and one.email not in told:
            continue  # another colleague hears of it
        words = f"{actor.name} would like to order for {amount}, with tax: {order.number}."
        _write(session, one.email, f"Please agree to {order.number}", one.name, words, order, at)


def agree(session: Session, number: str, *, actor: Actor, at: datetime) -> SalesOrder:
    """A colleague with the power for so much agrees: now the order is with us."""
    customer, order, agreement = _open(session, number, actor)
    _decide(agreement, actor, at, agreed=True)
    session.flush()  # it does not wait any more
    record(session, "agree to order", number, customer.name, actor=actor, at=at)
    buyer = session.get_one(User, agreement.asked_by_id)
    hand_over(session, order, customer, placed_by=Actor(buyer.id, buyer.name), at=at)
    return order


def refuse(session: Session, number: str, why: str, *, actor: Actor, at: datetime) -> SalesOrder:
    """The order is not placed; who wanted it reads why."""
    customer, order, agreement = _open(session, number, actor)
    reason = text.prose(why, "why").strip()
    if not reason:
        raise Invalid("Say why; your colleague reads it.", field="why")
    _decide(agreement, actor, at, agreed=False)
    session.flush()  # it does not wait any more
    cancel_sales_order(session, number, actor=SYSTEM, at=at)
    record(session, "refuse order", number, customer.name, actor=actor, at=at)
    buyer = session.get_one(User, agreement.asked_by_id)
    words = f"{actor.name} did not agree to {number}:\n\n{reason}"
    if buyer.active:
        _write(session, buyer.email, f"{number} was not agreed to", buyer.name, words, order, at)
    return order


def _open(
    session: Session, number: str, actor: Actor
) -> tuple[Customer, SalesOrder, OrderAgreement]:
    """Locked: who decides at once with a colleague, or with us who cancel it, is told."""
    actor.require(Permission.BUY)
    is_theirs = session.scalar(
        select(SalesOrder.id)
        .join(OrderAgreement, OrderAgreement.order_id == SalesOrder.id)
        .where(SalesOrder.number == number, SalesOrder.customer_id == actor.customer_id)
    )
    if is_theirs is None:
        raise OrderUnknown("There is no such document.")
    order = order_for_update(session, number)
    agreement = session.get_one(OrderAgreement, order.id, populate_existing=True)
    customer = session.get_one(Customer, order.customer_id)
    if agreement.decided_at is not None:
        raise Conflict(f"{agreement.decided_by} has decided about {number} already.")
    if order.status is not SalesOrderStatus.DRAFT:
        raise Conflict(f"{number} was withdrawn meanwhile.")
    powers = powers_of(session, actor)
    if agreement.asked_by_id == actor.id or not powers.may_approve:
        raise Forbidden("A colleague who may approve orders decides about this one.")
    if not powers.covers(Money(order.gross_minor, order.currency)):
        raise Forbidden(f"{number} is beyond your own limit, too.")
    return customer, order, agreement


def _decide(agreement: OrderAgreement, actor: Actor, at: datetime, *, agreed: bool) -> None:
    agreement.decided_at, agreement.decided_by = at, actor.name[:200]
    agreement.agreed = agreed


def _write(
    session: Session,
    address: str,
    subject: str,
    name: str,
    words: str,
    order: SalesOrder,
    at: datetime,
) -> None:
    company = get_company(session).name
    where = f"You find it among the orders of your account at {company}."
    body = "\n\n".join((f"Hello {name},", words, where)) + "\n"
    mail = NewMail(address, f"{subject}, {company}"[:200], body, order.number)
    write_buyer(session, mail, Topic.COLLEAGUE_ASKS, locale="en", at=at, always=True)

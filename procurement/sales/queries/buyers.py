"""Who buys for a customer, and what each of them may do there."""

from sqlalchemy import func, select

from procurement.accounts.models import User
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.money import Money
from procurement.kernel.permissions import Permission
from procurement.sales.models import Buyer, Customer
from procurement.sales.terms.buyers import BuyerRow, Powers

ALL = Powers()
NOTHING = Powers(may_manage=False, may_approve=False)


def buyers(session: ReadSession, customer_id: int, *, actor: Actor) -> list[BuyerRow]:
    """The people of a customer, by name: for themselves, and for who sees sales."""
    if not actor.may(Permission.SEE_SALES):
        actor.require(Permission.BUY)
        if actor.customer_id != customer_id:
            raise NotFound("There is no such customer.")
    rows = session.execute(
        select(User, Buyer, Customer.currency)
        .join(Customer, Customer.id == User.customer_id)
        .outerjoin(Buyer, Buyer.user_id == User.id)
        .where(User.customer_id == customer_id)
        .order_by(User.active.desc(), func.lower(User.name), User.id)
    )
    return [
        BuyerRow(
            email=user.email,
            name=user.name,
            active=user.active,
            has_password=user.password is not None,
            created_at=user.created_at,
            powers=_powers(buyer, currency),
            is_me=user.id == actor.id,
        )
        for user, buyer, currency in rows
    ]


def powers_of(session: ReadSession, actor: Actor) -> Powers:
    """What the acting buyer may do in their company; who has no account there looks after nobody."""
    if actor.id is None:
        return NOTHING
    found = session.execute(
        select(Buyer, Customer.currency)
        .join(User, User.id == Buyer.user_id)
        .join(Customer, Customer.id == User.customer_id)
        .where(Buyer.user_id == actor.id)
    ).one_or_none()
    return _powers(*found) if found else ALL


def has_buyers(session: ReadSession, customer_id: int) -> bool:
    """Whether somebody buys for a customer already."""
    found = session.scalar(
        select(User.id).where(User.customer_id == customer_id, User.active).limit(1)
    )
    return found is not None


def has_order_limits(session: ReadSession, customer_id: int) -> bool:
    """Whether a buyer of a customer has a limit, which is in the customer's currency of the day it was set."""
    found = session.scalar(
        select(Buyer.user_id)
        .join(User, User.id == Buyer.user_id)
        .where(User.customer_id == customer_id, Buyer.order_limit_minor.is_not(None))
        .limit(1)
    )
    return found is not None


def own_currency(session: ReadSession, actor: Actor) -> str:
    """What the acting buyer's company pays in."""
    found: str | None = session.scalar(
        select(Customer.currency).where(Customer.id == actor.customer_id)
    )
    if found is None:
        raise NotFound("Your account is not tied to a customer yet; please write to us.")
    return found


def _powers(buyer: Buyer | None, currency: str) -> Powers:
    if buyer is None:
        return ALL
    limit = buyer.order_limit_minor
    return Powers(
        may_manage=buyer.may_manage,
        may_approve=buyer.may_approve,
        order_limit=Money(limit, currency) if limit is not None else None,
    )

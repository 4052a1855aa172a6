"""Buyers look after their own company: colleagues are invited, given powers, let go and taken back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from procurement.accounts.errors import NoSuchUser
from procurement.accounts.models import User
from procurement.accounts.operations.users import LinkMaker, close_account, invite_buyer
from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, Forbidden, Invalid
from procurement.kernel.permissions import Permission
from procurement.sales.models import Buyer, Customer
from procurement.sales.queries.buyers import powers_of
from procurement.sales.terms.buyers import Powers
from procurement.settings.queries import get_company

MOST_BUYERS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteColleague:
    email: str
    name: str
    powers: Powers


def invite_colleague(
    session: Session, command: InviteColleague, *, link_of: LinkMaker, actor: Actor, at: datetime
) -> None:
    """Somebody else who buys for the same customer; a link to choose a password goes to them."""
    customer = managed_company(session, actor)
    there = session.scalars(select(User.id).where(User.customer_id == customer.id)).all()
    if len(there) >= MOST_BUYERS:
        raise Conflict(f"A company has at most {MOST_BUYERS} people here.")
    user = invite_buyer(
        session,
        command.email,
        text.name(command.name, "name"),
        customer.id,
        company=get_company(session).name,
        link_of=link_of,
        actor=actor,
        at=at,
    )
    _put(session, user, command.powers, customer)


def change_colleague(
    session: Session, email: str, powers: Powers, *, actor: Actor, at: datetime
) -> None:
    """Other powers. Somebody of the company must go on to manage it."""
    customer = managed_company(session, actor)
    user = _colleague(session, email, customer)
    if not powers.may_manage:
        require_another_manager(session, user, customer)
    _put(session, user, powers, customer)
    record(session, "change buyer", user.email, _words(powers), actor=actor, at=at)


def let_go(session: Session, email: str, *, actor: Actor, at: datetime) -> None:
    """They sign in no more; what they ordered stays."""
    customer = managed_company(session, actor)
    user = _colleague(session, email, customer)
    if user.id == actor.id:
        raise Conflict("Nobody switches off their own account.")
    require_another_manager(session, user, customer)
    close_account(session, user)
    record(session, "switch off account", user.email, actor=actor, at=at)


def take_back(session: Session, email: str, *, actor: Actor, at: datetime) -> None:
    customer = managed_company(session, actor)
    user = _colleague(session, email, customer)
    user.active = True
    record(session, "switch on account", user.email, actor=actor, at=at)


def managed_company(session: Session, actor: Actor) -> Customer:
    """The acting buyer's company, locked: of two who give up managing at once, one stays."""
    actor.require(Permission.BUY)
    if actor.customer_id is None:
        raise Forbidden("Your account is not tied to a customer yet; please write to us.")
    customer = session.scalars(
        select(Customer)
        .where(Customer.id == actor.customer_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if not powers_of(session, actor).may_manage:
        raise Forbidden("A colleague looks after your company here; ask them.")
    return customer


def _colleague(session: Session, email: str, customer: Customer) -> User:
    user = session.scalars(
        select(User)
        .where(User.email == email.lower(), User.customer_id == customer.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if user is None:
        raise NoSuchUser
    return user


def require_another_manager(session: Session, user: User, customer: Customer) -> None:
    """Raises Conflict when nobody else looks after the company's people."""
    other = session.scalar(
        select(User.id)
        .outerjoin(Buyer, Buyer.user_id == User.id)
        .where(
            User.customer_id == customer.id,
            User.active,
            User.id != user.id,
            or_(Buyer.user_id.is_(None), Buyer.may_manage),
        )
        .limit(1)
    )
    if other is None:
        raise Conflict("Somebody must look after your company's people; name another one first.")


def _put(session: Session, user: User, powers: Powers, customer: Customer) -> None:
    limit = powers.order_limit
    if limit is not None and limit.currency != customer.currency:
        raise Invalid(f"A limit is in {customer.currency}.", field="order_limit")
    if limit is not None and limit.minor < 0:
        raise Invalid("A limit is not below nothing.", field="order_limit")
    buyer = session.get(Buyer, user.id) or Buyer(user_id=user.id)
    buyer.may_manage, buyer.may_approve = powers.may_manage, powers.may_approve
    buyer.order_limit_minor = limit.minor if limit is not None else None
    session.add(buyer)


def _words(powers: Powers) -> str:
    words = ["manages"] if powers.may_manage else []
    words += ["approves"] if powers.may_approve else []
    words += [f"up to {powers.order_limit}"] if powers.order_limit is not None else ["no limit"]
    return ", ".join(words)

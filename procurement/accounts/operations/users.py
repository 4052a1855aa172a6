"""People: created, invited, given other roles, let go and taken back."""

import uuid
from collections.abc import Callable
from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from procurement.accounts.errors import (
    AddressTaken,
    AlreadyFounded,
    LastAdministrator,
    NoSuchUser,
    WeakPassword,
)
from procurement.accounts.models import OpenSession, User, UserRole
from procurement.accounts.rules.passwords import faults_of, hash_password
from procurement.accounts.terms import LONGEST_EMAIL, NewUser
from procurement.audit.operations import record
from procurement.kernel.actor import SYSTEM, Actor
from procurement.kernel.errors import Conflict, Forbidden, Invalid
from procurement.kernel.permissions import Permission, Role
from procurement.outbox.operations import NewMail, put_mail

FIRST_MARK = "first-administrator"
LinkMaker = Callable[[str], str]  # from an account's mark to the address where a password is set


def create_user(
    session: Session, new: NewUser, *, password: str | None = None, actor: Actor, at: datetime
) -> User:
    """Somebody who may sign in. Without a password they cannot, until a link let them set one."""
    actor.require(Permission.EDIT_USERS)
    return _create(session, new, password=password, actor=actor, at=at)


def _create(
    session: Session, new: NewUser, *, password: str | None, actor: Actor, at: datetime
) -> User:
    email = clean_email(new.email)
    _check_roles(new.roles, new.customer_id)
    if session.scalar(select(User.id).where(User.email == email)) is not None:
        raise AddressTaken
    user = User(
        email=email,
        name=new.name.strip() or email,
        password=_hashed(password, email) if password is not None else None,
        fs_uniquifier=uuid.uuid4().hex,
        customer_id=new.customer_id,
        created_at=at,
    )
    session.add(user)
    session.flush()  # the roles and the trail need its id
    session.add_all(UserRole(user_id=user.id, role=role) for role in sorted(new.roles))
    record(session, "create account", email, _words(new.roles), actor=actor, at=at)
    return user


def invite_user(
    session: Session,
    new: NewUser,
    *,
    company: str,
    link_of: LinkMaker,
    actor: Actor,
    at: datetime,
) -> User:
    """Create an account and send its person a link to choose a password."""
    actor.require(Permission.EDIT_USERS)
    return _invite(session, new, company=company, link_of=link_of, actor=actor, at=at)


def invite_buyer(
    session: Session,
    email: str,
    name: str,
    customer_id: int,
    *,
    company: str,
    link_of: LinkMaker,
    actor: Actor,
    at: datetime,
) -> User:
    """An account for somebody who buys for a customer: by who keeps customers, or by a buyer for their own company."""
    if not actor.may(Permission.EDIT_USERS) and not actor.may(Permission.EDIT_CUSTOMERS):
        actor.require(Permission.BUY)
        if actor.customer_id != customer_id:
            raise Forbidden("Colleagues are of one's own company.")
    new = NewUser(email, name, frozenset({Role.WHOLESALE_BUYER}), customer_id)
    return _invite(session, new, company=company, link_of=link_of, actor=actor, at=at)


def _invite(
    session: Session,
    new: NewUser,
    *,
    company: str,
    link_of: LinkMaker,
    actor: Actor,
    at: datetime,
) -> User:
    user = _create(session, new, password=None, actor=actor, at=at)
    body = (
        f"Hello {user.name},\n\n{actor.name} has made an account for you at {company}.\n"
        f"Choose your password here, within seven days:\n\n{link_of(user.fs_uniquifier)}\n\n"
        "If you did not expect this, simply leave it.\n"
    )
    put_mail(session, NewMail(user.email, f"Your account at {company}", body, user.email), at=at)
    return user


def send_password_link(
    session: Session, email: str, *, company: str, link_of: LinkMaker, actor: Actor, at: datetime
) -> None:
    """Send a link to choose a new password. Open sessions end at once, in case the old one is in other hands."""
    actor.require(Permission.EDIT_USERS)
    user = user_for_update(session, email)
    if not user.active:
        raise Conflict("This account is switched off; switch it on first.")
    _end_sessions(session, user)
    body = (
        f"Hello {user.name},\n\n{actor.name} asks you to choose a new password for {company}.\n"
        f"Do so here, within seven days:\n\n{link_of(user.fs_uniquifier)}\n"
    )
    put_mail(session, NewMail(user.email, f"Your password at {company}", body, user.email), at=at)
    record(session, "send password link", user.email, actor=actor, at=at)


def change_user(
    session: Session,
    email: str,
    *,
    name: str,
    roles: frozenset[Role],
    customer_id: int | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Another name, other roles."""
    actor.require(Permission.EDIT_USERS)
    user = user_for_update(session, email)
    _check_roles(roles, customer_id)
    old = frozenset(session.scalars(select(UserRole.role).where(UserRole.user_id == user.id)))
    if Role.ADMINISTRATOR in old - roles:
        _require_another_administrator(session, user)
    user.name = name.strip() or user.email
    user.customer_id = customer_id
    if roles != old:
        session.execute(delete(UserRole).where(UserRole.user_id == user.id))
        session.add_all(UserRole(user_id=user.id, role=role) for role in sorted(roles))
    detail = f"{_words(old)} → {_words(roles)}" if roles != old else ""
    record(session, "change account", user.email, detail, actor=actor, at=at)


def switch_off(session: Session, email: str, *, actor: Actor, at: datetime) -> None:
    """They cannot sign in any more, their sessions end, their tokens answer nothing. Their history stays."""
    actor.require(Permission.EDIT_USERS)
    user = user_for_update(session, email)
    if user.id == actor.id:
        raise Conflict("Nobody switches off their own account.")
    _require_another_administrator(session, user)
    close_account(session, user)
    record(session, "switch off account", user.email, actor=actor, at=at)


def close_account(session: Session, user: User) -> None:
    """Nobody signs in with it, and who is signed in is out. Callers ask who may, and keep the trail."""
    user.active = False
    _end_sessions(session, user)


def switch_on(session: Session, email: str, *, actor: Actor, at: datetime) -> None:
    actor.require(Permission.EDIT_USERS)
    user = user_for_update(session, email)
    user.active = True
    record(session, "switch on account", user.email, actor=actor, at=at)


def create_first_administrator(
    session: Session, email: str, name: str, password: str, *, at: datetime
) -> User:
    """The first person of an empty installation."""
    if session.scalar(select(User.id).limit(1)) is not None:
        raise AlreadyFounded
    new = NewUser(email, name, frozenset({Role.ADMINISTRATOR}))
    user = create_user(session, new, password=password, actor=SYSTEM, at=at)
    user.fs_uniquifier = FIRST_MARK  # unique: of two founders at the same moment one is refused
    return user


def clean_email(email: str) -> str:
    """An address in its one spelling."""
    try:
        found = validate_email(email.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise Invalid("That is not a mail address.", field="email") from None
    address = found.normalized.lower()
    if len(address) > LONGEST_EMAIL:
        raise Invalid("That mail address is too long.", field="email")
    return address


def user_for_update(session: Session, email: str) -> User:
    user = session.scalars(
        select(User)
        .where(User.email == email.lower())
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if user is None:
        raise NoSuchUser
    return user


def _check_roles(roles: frozenset[Role], customer_id: int | None) -> None:
    if not roles:
        raise Invalid("Choose at least one role.", field="roles")
    if Role.WHOLESALE_BUYER in roles and len(roles) > 1:
        raise Invalid(
            "A wholesale buyer has no other role; staff use another address.", field="roles"
        )
    if Role.WHOLESALE_BUYER not in roles and customer_id is not None:
        raise Invalid("Only a wholesale buyer belongs to a customer.", field="customer")


def _require_another_administrator(session: Session, user: User) -> None:
    """Held until the transaction ends, so that two administrators cannot remove each other at once."""
    administrators = session.scalars(
        select(User)
        .join(UserRole, UserRole.user_id == User.id)
        .where(UserRole.role == Role.ADMINISTRATOR, User.active)
        .order_by(User.id)
        .with_for_update(of=User)
    ).all()
    others = [other for other in administrators if other.id != user.id]
    if len(others) < len(administrators) and not others:
        raise LastAdministrator


def _end_sessions(session: Session, user: User) -> None:
    user.fs_uniquifier = uuid.uuid4().hex
    session.execute(delete(OpenSession).where(OpenSession.user_id == user.id))


def _hashed(password: str, email: str) -> str:
    if faults := faults_of(password, email=email):
        raise WeakPassword(faults)
    return hash_password(password)


def _words(roles: frozenset[Role]) -> str:
    return ", ".join(role.replace("_", " ") for role in sorted(roles))

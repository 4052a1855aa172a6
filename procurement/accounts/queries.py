"""Reading accounts."""

from typing import Any

from sqlalchemy import ColumnElement, func, select

from procurement.accounts.models import User, UserRole
from procurement.accounts.terms import AccountRow
from procurement.kernel.db import ReadSession


def account_by_email(session: ReadSession, email: str) -> AccountRow | None:
    """The account of an address; upper and lower case are the same address to us."""
    return _account(session, User.email == email.lower())


def account_by_uniquifier(session: ReadSession, uniquifier: str) -> AccountRow | None:
    return _account(session, User.fs_uniquifier == uniquifier)


def account_by_id(session: ReadSession, user_id: int) -> AccountRow | None:
    return _account(session, User.id == user_id)


def accounts(session: ReadSession) -> list[AccountRow]:
    """Everybody, by name."""
    users = session.scalars(select(User).order_by(func.lower(User.name), User.id)).all()
    roles: dict[int, set[Any]] = {}
    for role in session.scalars(select(UserRole)):
        roles.setdefault(role.user_id, set()).add(role.role)
    return [_row(user, frozenset(roles.get(user.id, ()))) for user in users]


def has_accounts(session: ReadSession) -> bool:
    return session.scalar(select(User.id).limit(1)) is not None


def _account(session: ReadSession, condition: ColumnElement[bool]) -> AccountRow | None:
    user = session.scalar(select(User).where(condition))
    if user is None:
        return None
    roles = session.scalars(select(UserRole.role).where(UserRole.user_id == user.id))
    return _row(user, frozenset(roles))


def _row(user: User, roles: frozenset[Any]) -> AccountRow:
    return AccountRow(
        id=user.id,
        email=user.email,
        name=user.name,
        password=user.password,
        active=user.active,
        fs_uniquifier=user.fs_uniquifier,
        customer_id=user.customer_id,
        roles=roles,
        created_at=user.created_at,
    )

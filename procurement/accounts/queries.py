"""Reading accounts."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from procurement.accounts.models import ApiToken, OpenSession, Passkey, User, UserRole
from procurement.accounts.terms import AccountRow, PasskeyRow, TokenRow
from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.permissions import Permission, Role, permissions_of

# Asked at every request, so written down once: an account's columns, once for each of its roles.
_ACCOUNT = select(
    User.id,
    User.email,
    User.name,
    User.password,
    User.active,
    User.fs_uniquifier,
    User.customer_id,
    User.created_at,
    UserRole.role,
).outerjoin(UserRole, UserRole.user_id == User.id)
_BY_EMAIL = _ACCOUNT.where(User.email == bindparam("asked"))
_BY_UNIQUIFIER = _ACCOUNT.where(User.fs_uniquifier == bindparam("asked"))
_BY_ID = _ACCOUNT.where(User.id == bindparam("asked"))
_BY_TOKEN = _ACCOUNT.join(ApiToken, ApiToken.user_id == User.id).where(
    ApiToken.digest == bindparam("asked"),
    ApiToken.revoked_at.is_(None),
    or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > bindparam("at")),
    User.active,
)


_OPEN = select(OpenSession.digest).where(
    OpenSession.digest == bindparam("digest"),
    OpenSession.user_id == bindparam("user"),
    OpenSession.ends_at > bindparam("at"),
)


def account_by_email(session: ReadSession, email: str) -> AccountRow | None:
    """The account of an address; upper and lower case are the same address to us."""
    return _account(session, _BY_EMAIL, asked=email.lower())


def account_by_uniquifier(session: ReadSession, uniquifier: str) -> AccountRow | None:
    return _account(session, _BY_UNIQUIFIER, asked=uniquifier)


def account_by_id(session: ReadSession, user_id: int) -> AccountRow | None:
    return _account(session, _BY_ID, asked=user_id)


def account_by_digest(session: ReadSession, digest: str, at: datetime) -> AccountRow | None:
    """The active account that a token's digest stands for, while the token is good."""
    return _account(session, _BY_TOKEN, asked=digest, at=at)


def user_by_uniquifier(session: Session, uniquifier: str) -> User | None:
    """The account itself, to be changed."""
    return session.scalars(
        select(User)
        .where(User.fs_uniquifier == uniquifier)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def accounts(session: ReadSession) -> list[AccountRow]:
    """Everybody, by name."""
    users = session.scalars(select(User).order_by(func.lower(User.name), User.id)).all()
    roles: dict[int, set[Role]] = {}
    for given in session.scalars(select(UserRole)):
        roles.setdefault(given.user_id, set()).add(given.role)
    return [_row(user, frozenset(roles.get(user.id, ()))) for user in users]


def people_who_may(session: ReadSession, permission: Permission) -> list[AccountRow]:
    """The active people with a permission, by name."""
    return [
        one for one in accounts(session) if one.active and permission in permissions_of(one.roles)
    ]


def has_accounts(session: ReadSession) -> bool:
    return session.scalar(select(User.id).limit(1)) is not None


def is_open(session: ReadSession, digest: str, user_id: int, at: datetime) -> bool:
    """Whether a browser's session still counts."""
    asked = {"digest": digest, "user": user_id, "at": at}
    return session.scalar(_OPEN, asked) is not None


def tokens_of(session: ReadSession, user_id: int) -> list[TokenRow]:
    """The tokens of a person that still answer or have run out, newest first."""
    rows = session.scalars(
        select(ApiToken)
        .where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
        .order_by(ApiToken.created_at.desc(), ApiToken.id.desc())
    )
    return [
        TokenRow(t.id, t.label, t.prefix, t.created_at, t.expires_at, t.last_used_at) for t in rows
    ]


def passkeys_of(session: ReadSession, user_id: int) -> list[PasskeyRow]:
    """The passkeys of a person, oldest first."""
    rows = session.scalars(select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id))
    return [PasskeyRow(one.id, one.label, one.created_at, one.last_used_at) for one in rows]


def _account(session: ReadSession, statement: AnySelect, **asked: Any) -> AccountRow | None:
    rows = session.execute(statement, asked).all()
    if not rows:
        return None
    *_, role = zip(*rows, strict=True)
    return _row(rows[0], frozenset(one for one in role if one is not None))


def _row(user: Any, roles: frozenset[Role]) -> AccountRow:
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

"""An account whose person is forgotten: the row stays for what points at it, with nobody in it."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from procurement.accounts.models import (
    ApiToken,
    OpenSession,
    Passkey,
    PasskeyChallenge,
    User,
    UserRole,
)


def erase_account(session: Session, user: User, *, name: str, mark: str) -> None:
    """Nobody signs in with it any more, nor finds who it was. Callers ask who may, and keep the trail."""
    for table in (OpenSession, Passkey, PasskeyChallenge, ApiToken, UserRole):
        session.execute(
            delete(table)
            .where(table.user_id == user.id)
            .execution_options(synchronize_session=False)
        )
    user.email, user.name = f"{mark}@erased.invalid", name  # RFC 2606: never anybody's
    user.password, user.active = None, False
    user.fs_uniquifier, user.customer_id = mark, None

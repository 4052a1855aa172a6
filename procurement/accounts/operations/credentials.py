"""What sign-in itself writes: a new password hash, a new session mark."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from procurement.accounts.models import User


def store_credentials(
    session: Session, user_id: int, *, password: str | None, uniquifier: str
) -> None:
    """Keep a password's hash. Another uniquifier ends every session that carries the old one."""
    session.execute(
        update(User).where(User.id == user_id).values(password=password, fs_uniquifier=uniquifier)
    )

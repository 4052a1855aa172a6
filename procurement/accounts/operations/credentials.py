"""What sign-in itself writes: a new password hash, browsers that are signed in."""

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from procurement.accounts.errors import NoSuchUser, WeakPassword
from procurement.accounts.models import OpenSession, User
from procurement.accounts.queries import user_by_uniquifier
from procurement.accounts.rules.passwords import faults_of, hash_password
from procurement.audit.operations import record
from procurement.kernel.actor import Actor

LONGEST_SESSION = timedelta(days=7)


def store_credentials(
    session: Session, user_id: int, *, password: str | None, uniquifier: str
) -> None:
    """Keep a password's hash. Another uniquifier ends every session that carries the old one."""
    session.execute(
        update(User).where(User.id == user_id).values(password=password, fs_uniquifier=uniquifier)
    )


def set_first_password(session: Session, uniquifier: str, password: str, *, at: datetime) -> User:
    """Choose a password by the link of an invitation. The link's mark is used up by it."""
    user = user_by_uniquifier(session, uniquifier)
    if user is None or not user.active:
        raise NoSuchUser
    if faults := faults_of(password, email=user.email):
        raise WeakPassword(faults)
    user.password = hash_password(password)
    user.fs_uniquifier = uuid.uuid4().hex
    session.execute(delete(OpenSession).where(OpenSession.user_id == user.id))
    record(session, "set password", user.email, actor=Actor(user.id, user.name), at=at)
    return user


def open_session(session: Session, user_id: int, *, at: datetime) -> str:
    """Remember that a browser is signed in; answers the secret for its cookie."""
    session.execute(delete(OpenSession).where(OpenSession.ends_at < at))
    secret = secrets.token_urlsafe(32)
    session.add(
        OpenSession(
            digest=session_digest(secret),
            user_id=user_id,
            started_at=at,
            ends_at=at + LONGEST_SESSION,
        )
    )
    return secret


def close_session(session: Session, secret: str) -> None:
    session.execute(delete(OpenSession).where(OpenSession.digest == session_digest(secret)))


def session_digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

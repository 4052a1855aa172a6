"""API tokens: 32 random bytes shown once; only their SHA-256 is kept."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from procurement.accounts.models import ApiToken, User
from procurement.accounts.queries import account_by_digest
from procurement.accounts.terms import AccountRow
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound

PREFIX = "stillroom_"  # lets secret scanners recognise it
VISIBLE = len(PREFIX) + 6


def issue_token(
    session: Session, email: str, label: str, *, at: datetime, expires_at: datetime | None = None
) -> str:
    """A new token of a person, who it then acts as. The only time it can be read."""
    user_id = session.scalar(select(User.id).where(User.email == email.lower(), User.active))
    if user_id is None:
        raise NotFound(f"There is no active account {email}.")
    token = PREFIX + secrets.token_urlsafe(32)
    session.add(
        ApiToken(
            user_id=user_id,
            label=label.strip()[:200] or "Token",
            prefix=token[:VISIBLE],
            digest=digest_of(token),
            created_at=at,
            expires_at=expires_at,
        )
    )
    return token


def revoke_token(session: Session, user_id: int, token_id: int, *, at: datetime) -> None:
    """From now on it opens nothing; only its owner's tokens are found."""
    token = session.scalar(
        select(ApiToken).where(ApiToken.id == token_id, ApiToken.user_id == user_id)
    )
    if token is None:
        raise NotFound("There is no such token.")
    token.revoked_at = token.revoked_at or at


def account_by_token(session: ReadSession, token: str, *, at: datetime) -> AccountRow | None:
    """The active account a token acts as; None when it is unknown, expired or revoked."""
    return account_by_digest(session, digest_of(token), at)


def note_uses(session: Session, uses: Mapping[str, datetime]) -> None:
    """Remember when tokens, named by their digests, were last used."""
    for digest, at in uses.items():
        session.execute(
            update(ApiToken)
            .where(
                ApiToken.digest == digest,
                or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at < at),
            )
            .values(last_used_at=at)
        )


def digest_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()

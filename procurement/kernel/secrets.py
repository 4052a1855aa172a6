"""Secrets of private links: told once, kept as their SHA-256 only, so that a copy of the database opens nothing."""

import hashlib
import secrets

from procurement.kernel.text import is_storable

LINK_BYTES = 16  # 128 random bits: nobody finds a link by guessing


def new_link() -> tuple[str, str]:
    """A token for an address, and the digest to keep of it."""
    token = secrets.token_urlsafe(LINK_BYTES)
    return token, digest_of(token)


def digest_of(token: str) -> str:
    """What is kept of a token. 128 random bits need no salt and no slow hash."""
    known = token if is_storable(token) else ""
    return hashlib.sha256(known.encode()).hexdigest()

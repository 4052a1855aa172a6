"""Secrets of private links: told once, kept as their SHA-256 only, so that a copy of the database opens nothing."""

import hashlib
import secrets

from procurement.kernel.text import is_storable

BITS = 128  # nobody finds a link by guessing
# No dash, at which a line breaks and copying loses it, and no letters that are taken for figures.
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_EACH = 5  # bits of a letter


def new_token() -> str:
    """A token for an address, also one that is printed: 26 letters and figures."""
    number = secrets.randbits(BITS)
    return "".join(_LETTERS[number >> shift & 31] for shift in range(0, BITS, _EACH))


def new_link() -> tuple[str, str]:
    """A token for an address, and the digest to keep of it."""
    token = new_token()
    return token, digest_of(token)


def digest_of(token: str) -> str:
    """What is kept of a token. 128 random bits need no salt and no slow hash."""
    known = token if is_storable(token) else ""
    return hashlib.sha256(known.encode()).hexdigest()

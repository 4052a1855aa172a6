"""Whether a message comes from who shares our secret, and was written just now."""

import hashlib
import hmac
import re
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=5)  # older or later ones may be somebody else's copy
_HEADER = re.compile(r"t=(?P<at>[0-9]{1,12}),v1=(?P<signature>[0-9a-f]{64})")


def signature_of(secret: str, body: bytes, at: int) -> str:
    """HMAC-SHA256 (RFC 2104, FIPS 180-4) of "TIMESTAMP.BODY", in hexadecimal; `at` is in Unix seconds."""
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def signed(secret: str, body: bytes, at: int) -> str:
    """The header that goes with a body."""
    return f"t={at},v1={signature_of(secret, body, at)}"


def is_signed(secret: str, header: str, body: bytes, now: datetime) -> bool:
    """Compared in constant time. Without a secret nothing is."""
    found = _HEADER.fullmatch(header)
    if not secret or found is None:
        return False
    at = int(found["at"])
    expected = signature_of(secret, body, at)
    right = hmac.compare_digest(expected.encode(), found["signature"].encode())
    return right and abs(now.timestamp() - at) <= WINDOW.total_seconds()

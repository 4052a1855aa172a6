"""Public references that sort by time: UUID version 7 (RFC 9562, section 5.7)."""

import secrets
from datetime import datetime
from uuid import UUID


def uuid7(at: datetime) -> UUID:
    """48 bits of milliseconds, then version, variant and 74 random bits."""
    milliseconds = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    number = milliseconds << 80 | 0x7 << 76 | secrets.randbits(12) << 64
    return UUID(int=number | 0b10 << 62 | secrets.randbits(62))

"""How long what buyers look for is kept, and what is worth keeping."""

from datetime import timedelta

KEPT = timedelta(days=90)
ABANDONED_AFTER = timedelta(days=7)
LONGEST = 100


def kept_text(typed: str) -> str:
    """A search as it is kept: in small letters and cut; nothing of an address of mail, which is a person's."""
    return "" if "@" in typed else " ".join(typed.lower().split())[:LONGEST].strip()

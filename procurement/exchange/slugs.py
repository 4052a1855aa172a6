"""Codes out of names, the same every time."""

import hashlib
import re
import unicodedata

_CANONICAL = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
_TAIL = 4


def code_of(name: str, most: int = 64) -> str:
    """Capitals, digits and hyphens. For names of suppliers, families and the like, where a clash is found and said."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    code = re.sub(r"[^A-Za-z0-9]+", "-", folded).strip("-").upper()[:most].rstrip("-")
    return code or _digest(name)


def sku_of(name: str, most: int = 48) -> str:
    """An SKU from a name alone: not from its place in the file, nor from its neighbours, so it never changes.

    Where the capitals and hyphens lose something of the name, four characters of its hash keep "Oil, 2 l" and
    "Oil 2 l" apart.
    """
    name = " ".join(unicodedata.normalize("NFC", name).split())
    code = code_of(name, most)
    if _CANONICAL.fullmatch(name) and len(name) <= most:
        return code
    return f"{code[: most - _TAIL - 1].rstrip('-')}-{_digest(name)[:_TAIL]}"


def marked_code_of(name: str, most: int = 64) -> str:
    """A code for a name whose plain code somebody else has."""
    return f"{code_of(name, most - _TAIL - 1)}-{_digest(name)[:_TAIL]}"


def _digest(name: str) -> str:
    return hashlib.sha256(name.casefold().encode()).hexdigest()[:12].upper()

"""Codes that the catalogue makes of names: categories, tags."""

import hashlib
import re

from procurement.kernel.text import fold

_MOST = 64


def code_of(name: str) -> str:
    """The folded name in hyphens; a long one keeps a mark of what was cut off."""
    code = re.sub(r"[\W_]+", "-", fold(name)).strip("-")
    if code and len(code) <= _MOST:
        return code
    mark = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{code[: _MOST - 9]}-{mark}".strip("-")

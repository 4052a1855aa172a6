"""Texts that a spreadsheet would compute: guarded on the way out, given back on the way in."""

import re

# The ASCII signs, their full-width twins, and the blanks a spreadsheet may skip over.
_STARTS = "=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_LIVE = re.compile(f"'*[{_STARTS}]")
_GUARDED = re.compile(f"'+[{_STARTS}]")
_NEGATIVE = re.compile(r"-[0-9]+(\.[0-9]+)?")


def is_live(text: str) -> bool:
    """Whether a spreadsheet might compute it. Texts already guarded count too, so that guarding can be undone."""
    return _LIVE.match(text) is not None


def guarded(text: str) -> str:
    """The text behind an apostrophe where it would be computed; a negative number is only a number."""
    return f"'{text}" if is_live(text) and not _NEGATIVE.fullmatch(text) else text


def unguarded(text: str) -> str:
    """The text as it was before `guarded`. Other apostrophes stay, a barcode's among them."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text

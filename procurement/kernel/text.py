"""Text that people typed: trimmed, without control characters, not longer than its column."""

import re
import unicodedata

from procurement.kernel.errors import Invalid

CODE_LENGTH = 64
NAME_LENGTH = 200
PROSE_LENGTH = 10_000
LEAST_LETTERS = 3  # shorter words have no three-letter piece by which an index finds them

# PostgreSQL refuses NUL, and the other controls forge lines in logs; prose keeps its line breaks.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Code points that are no characters and never will be (Unicode 16.0, 23.7): XML 1.0 (2.2) has no way to write two
# of them, and programs that read a paper leave them out.
_NONCHARACTERS = re.compile(
    "[\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
    + "]"
)
_LINE_BREAKS = re.compile(r"\r\n?")
_SEPARATORS = str.maketrans(
    "\u2028\u2029", "  "
)  # ends of lines to mail programs, blanks to people


def code(value: str, field: str) -> str:
    """A code: required, one line, without spaces at its ends."""
    return _line(value, field, CODE_LENGTH, required=True)


def name(value: str, field: str) -> str:
    """A name: required, one line."""
    return _line(value, field, NAME_LENGTH, required=True)


def optional_line(value: str, field: str) -> str:
    return _line(value, field, NAME_LENGTH, required=False)


def prose(value: str, field: str) -> str:
    """Any number of lines, or none."""
    text = _LINE_BREAKS.sub("\n", value).strip()
    _require_printable(text, field)
    if len(text) > PROSE_LENGTH:
        raise Invalid(f"This is longer than {PROSE_LENGTH:,} characters.", field=field)
    return text


def fold(value: str, most: int = NAME_LENGTH) -> str:
    """For searching: lower case; accents, line breaks and what cannot be kept taken away."""
    if (plain := value[:most]).isascii():
        lower = plain.lower()
        return " ".join((lower if lower.isprintable() else _CONTROLS.sub(" ", lower)).split())
    letters = unicodedata.normalize("NFKD", plain.casefold())
    kept = (c for c in letters if not unicodedata.combining(c) and not "\ud800" <= c <= "\udfff")
    return " ".join(_CONTROLS.sub(" ", "".join(kept)).split())


def containing(word: str) -> str:
    """A LIKE pattern, escaped by a backslash, that finds the word anywhere, its own wildcards meant literally."""
    return "%" + re.sub(r"([\\%_])", r"\\\1", word) + "%"


def _line(value: str, field: str, most: int, *, required: bool) -> str:
    text = unicodedata.normalize("NFC", value).translate(_SEPARATORS).strip()
    if required and not text:
        raise Invalid("This is needed.", field=field)
    if "\n" in text or "\t" in text:
        raise Invalid("This must be a single line.", field=field)
    _require_printable(text, field)
    if len(text) > most:
        raise Invalid(f"This is longer than {most} characters.", field=field)
    return text


def is_storable(text: str) -> bool:
    """Whether a database takes it and files can carry it.

    No control characters, no lone surrogate out of broken JSON, no code point that is not a character.
    """
    if text.isascii():
        return _CONTROLS.search(text) is None
    broken = any("\ud800" <= letter <= "\udfff" for letter in text)
    return not (broken or _CONTROLS.search(text) or has_noncharacter(text))


def has_noncharacter(text: str) -> bool:
    return not text.isascii() and _NONCHARACTERS.search(text) is not None


def _require_printable(text: str, field: str) -> None:
    if not is_storable(text):
        raise Invalid("This contains characters that cannot be kept.", field=field)

"""What programs that copy text make of a line, and what its shapes must say so that they copy it as it was typed.

Letters from right to left stand on paper in the order in which they are seen; a program that copies them turns them
round again, by rules of its own that are coarser than those of writing (Unicode Standard Annex 9). Vowel marks, two
commas side by side or a third script are then copied in another order. The rules below are those of the reader in
Chrome: a line is cut into stretches of letters to the right, letters to the left, neutral characters and weak ones
(figures, marks, separators), and the stretches are put in order. They can be undone exactly. So the first shape of each
word says the whole word in the order that is copied right, and the others say nothing.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from bidi.mirror import MIRRORED

UNSPOKEN = "\u200b"  # stands for nothing that could be copied
MOST_SAID = (
    240  # UTF-16 units that one shape may stand for: half of what readers are promised to take
)
_WEAK = {"AN", "EN", "NSM", "CS", "ES", "ET", "BN"}
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
# Three accents on one letter reach into the lines above and below, and readers take them for letters of those.
_HEAP = re.compile(f"[{_MARKS}]{{3}}")


def is_heaped(text: str) -> bool:
    """Whether accents stand on accents."""
    return not text.isascii() and _HEAP.search(text) is not None


def is_misread(text: str, drawn: str) -> bool:
    """Whether a line that is drawn like this, from left to right, would be copied in another order."""
    turned = any(_stretch(char) == "R" for char in text)
    if turned and any(unicodedata.combining(char) for char in text):
        return True
    return (turned and copied(drawn).split() != text.split()) or is_heaped(text)


def copied(drawn: str) -> str:
    """What the reader makes of characters in the order of their places on the line."""
    stretches = _stretches(drawn)
    turned = _reads_from_right(stretches)
    return "".join(_told(reversed(stretches) if turned else stretches, turned=turned))


def said(text: str) -> str:
    """The order of which the reader makes this text."""
    stretches = _stretches(text)
    turned = _reads_from_right(stretches)
    told = list(_told(stretches, turned=turned))
    return "".join(reversed(told) if turned else told)


def _told(stretches: Iterable[tuple[str, str]], *, turned: bool) -> Iterator[str]:
    """Each stretch turned round or not, in the order in which they are read."""
    for kind, text in stretches:
        if kind == "R" or (kind == "N" and turned):
            turned = True
            yield "".join(MIRRORED.get(char, char) for char in reversed(text))
        else:
            turned = turned and kind == "W"
            yield text


def _stretches(text: str) -> list[tuple[str, str]]:
    return [(kind, "".join(chars)) for kind, chars in groupby(text, key=_stretch)]


def _stretch(char: str) -> str:
    kind = unicodedata.bidirectional(char)
    if kind in {"R", "AL"}:
        return "R"
    if kind == "L":
        return "L"
    return "W" if kind in _WEAK else "N"


def _reads_from_right(stretches: Sequence[tuple[str, str]]) -> bool:
    kinds = [kind for kind, _ in stretches]
    return 0 < kinds.count("R") >= kinds.count("L")

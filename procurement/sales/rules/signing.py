"""A drawn signature: strokes as the d of an SVG path, whole numbers on a field of 1000 x 300."""

import re

from procurement.kernel.errors import Invalid

WIDTH, HEIGHT = 1000, 300
LONGEST = 20_000
_PATH = re.compile(r"(?:M\d{1,4} \d{1,3}(?:L\d{1,4} \d{1,3}){1,2000})+")
_POINT = re.compile(r"(\d+) (\d+)")


def drawn(path: str) -> str:
    """The strokes when they are a drawing and nothing else; empty for none."""
    path = path.strip()
    if not path:
        return ""
    if len(path) > LONGEST:
        raise Invalid("That drawing is too long; clear it and sign again.", field="signature")
    if not _PATH.fullmatch(path):
        raise Invalid("That is not a drawing; clear it and sign again.", field="signature")
    if any(int(x) > WIDTH or int(y) > HEIGHT for x, y in _POINT.findall(path)):
        raise Invalid("That drawing leaves its field; clear it and sign again.", field="signature")
    return path

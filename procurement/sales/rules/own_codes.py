"""Customers' own codes of our packs: how they are compared, and how a pasted list of them is read. Pure."""

import re
from dataclasses import dataclass

_CELLS = re.compile(r"\s*[\t;|=]\s*")
MOST_CODES = 5_000  # of one customer


@dataclass(frozen=True, slots=True)
class WrittenCode:
    """A line of a list: their code, then our SKU, then maybe a pack's code ("": the sales pack)."""

    code: str
    product: str
    pack: str = ""


def key_of(code: str) -> str:
    """Capitals and blanks make no difference: "ab 12" is "AB12"."""
    return "".join(code.casefold().split())[:64]


def read_code(line: str) -> WrittenCode | None:
    """Cells between tabs, semicolons or equals signs, else words; None where there are not two or three of them."""
    text = line.strip()
    cells = _CELLS.split(text) if _CELLS.search(text) else text.split()
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) not in {2, 3} or not all(cells):
        return None
    return WrittenCode(*cells)

"""Lines of an order as people write them: a code and how many, in either order, by hand or from a spreadsheet.

Nothing is looked up and nothing is guessed: a line has several ways to be read, and the catalogue says which is known.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from procurement.sales.rules.scanned import is_scan

MOST_WRITTEN = 2_000  # lines of one list
LONGEST = 400  # a scanner's text is no longer
_WHOLE = re.compile(r"[0-9]{1,7}", re.ASCII)  # eight figures and more are a barcode
_MARKED = re.compile(r"[-+]?[0-9]+(?:[.,'\u2019\u00a0\u202f][0-9]+)+|[-+][0-9]+", re.ASCII)
_CELLS = re.compile(r"[\t;|]")
_BEFORE = re.compile(r"([0-9]{1,7})\s*[x\u00d7*]\s*(\S.*)", re.IGNORECASE)  # 2x ALM-500
_BEHIND = re.compile(r"(.*\S)\s*[x\u00d7*]\s*([0-9]{1,7})", re.IGNORECASE)  # ALM-500 x 2
_SHORTENED = re.compile(r"[0-9][.,][0-9]+E\+?[0-9]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Way:
    """One way to read a line. Without `packs` no number is written; `pack` is a pack's code or name."""

    product: str
    packs: int | None = None
    pack: str = ""


@dataclass(frozen=True, slots=True)
class WrittenLine:
    """A line as it was written, the ways to read it, and what to say where none of them is known."""

    text: str
    ways: tuple[Way, ...] = ()
    problem: str = ""


def read_line(written: str, *, today: date) -> WrittenLine:
    """A line of text: cells between tabs or semicolons, else words with a number before or behind them."""
    text = written.replace("\u00a0", " ").strip()
    if len(text) > LONGEST:
        return WrittenLine(f"{text[:60]}…", problem="This is too long for a code and a number.")
    if is_scan(text, today=today):
        return WrittenLine(text, (Way(text),))
    if _CELLS.search(text):
        return read_cells(_CELLS.split(text), today=today)
    if _SHORTENED.fullmatch(text.split()[0] if text else ""):
        return WrittenLine(
            text, problem="The spreadsheet has shortened this code. Format it as text."
        )
    return WrittenLine(text, tuple(dict.fromkeys(_ways(text))), _doubt(text))


def _ways(text: str) -> list[Way]:
    ways = [Way(text)]
    words = text.split()
    head, _, last = text.rpartition(",")
    first, _, tail = text.partition(",")
    if len(words) > 1:
        ways += _numbered(text[: -len(words[-1])], words[-1])
        ways += _numbered(text[len(words[0]) :], words[0])
    if head:
        ways += _numbered(head, last)
        ways += _numbered(tail, first)
    if found := _BEFORE.fullmatch(text):
        ways += _numbered(found[2], found[1])
    if found := _BEHIND.fullmatch(text):
        ways += _numbered(found[1], found[2])
    # With a mark in the figure nobody knows how many: the text may still be a name as a whole.
    return ways[:1] if _doubt(text) else ways


def _numbered(product: str, packs: str) -> list[Way]:
    said, number = product.strip(" \t,"), packs.strip()
    return [Way(said, int(number))] if said and _WHOLE.fullmatch(number) else []


def _doubt(text: str) -> str:
    words = text.split()
    ends = (words[0], words[-1]) if words else ()
    figure = next((word for word in ends if _MARKED.fullmatch(word.strip(",;"))), "")
    return unclear(figure) if figure else ""


def unclear(figure: str) -> str:
    """What is said of a number that is not only figures."""
    return f"“{figure[:24]}” is no whole number. Write how many packs in figures, without marks."


def read_cells(cells: Sequence[str], *, today: date) -> WrittenLine:
    """A row without names of columns: one cell is how many, any other the product."""
    filled = [cell.strip(' "\u00a0') for cell in cells if cell.strip(' "\u00a0')]
    text = "; ".join(filled)[:LONGEST]
    if len(filled) == 1:
        return read_line(filled[0].translate({9: 32, 59: 32, 124: 32}), today=today)
    numbers = [at for at, cell in enumerate(filled) if _WHOLE.fullmatch(cell)]
    marked = next((cell for cell in filled if _MARKED.fullmatch(cell)), "")
    if marked and not numbers:
        return WrittenLine(text, problem=unclear(marked))
    if not numbers:
        return WrittenLine(text, tuple(Way(cell) for cell in dict.fromkeys(filled)))
    ways = [
        Way(cell, int(filled[number]))
        for number in numbers
        for at, cell in enumerate(filled)
        if at != number and not _MARKED.fullmatch(cell)
    ]
    return WrittenLine(text, tuple(dict.fromkeys(ways)))


def read_named(products: Sequence[str], packs: str, pack: str = "") -> WrittenLine | None:
    """A row whose columns have names; None where nothing is wanted of it."""
    said = list(dict.fromkeys(one.strip()[:LONGEST] for one in products if one.strip()))
    number = packs.strip()
    if number in {"", "0", "-"} or not said:
        return None
    text = "; ".join([*said, number])[:LONGEST]
    if not _WHOLE.fullmatch(number):
        return WrittenLine(text, problem=unclear(number))
    return WrittenLine(text, tuple(Way(one, int(number), pack.strip()) for one in said))

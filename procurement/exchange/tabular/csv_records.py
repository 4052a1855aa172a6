"""Text to records: separators, quoted line breaks. Blank lines stay, so that row numbers agree with a spreadsheet."""

import contextlib
import csv
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from procurement.exchange.guarding import unguarded
from procurement.exchange.tabular.table import Limits, UnusableFile

SEPARATORS = (",", ";", "\t", "|")
_NO_SEPARATOR = "\x1f"
_SAMPLE = 100  # records
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_SENTINEL = "\u241eend\u241e"


def find_separator(text: str) -> str | None:
    """The separator under which most records have the same, and the largest, number of cells; None for one column."""
    if text[:4].lower() == "sep=" and text[4:5] in SEPARATORS:
        return text[4]
    scores = {separator: _evenness(text, separator) for separator in SEPARATORS}
    best = max(SEPARATORS, key=lambda separator: scores[separator])
    return best if scores[best] > (False, 0.0) else None


def _evenness(text: str, separator: str) -> tuple[bool, float]:
    """A separator that splits a good half of the records alike beats one met in a few texts."""
    records = [record for record in _sample(text, separator) if record]
    widths = Counter(len(record) for record in records if len(record) > 1)
    if not widths:
        return (False, 0.0)
    width, often = widths.most_common(1)[0]
    share = often / len(records)
    return (share > 0.5, share * width)


def _sample(text: str, separator: str) -> list[list[str]]:
    found: list[list[str]] = []
    with contextlib.suppress(csv.Error):  # then it is not this separator
        found.extend(itertools.islice(csv.reader(_lines(text), delimiter=separator), _SAMPLE))
    return found


def _lines(text: str) -> Iterator[str]:
    """Lines with their ends, without a second copy of the text."""
    return (match[0] for match in _LINE.finditer(text))


def read_records(text: str, separator: str | None, limits: Limits) -> list[list[str]]:
    """All records, blank ones as []. A quotation mark that is never closed makes the file unusable."""
    # The sentinel comes back as a record of its own exactly when no quotation is open at the end.
    lines = itertools.chain(_lines(text), [_SENTINEL])
    records = list(_bounded(csv.reader(lines, delimiter=separator or _NO_SEPARATOR), limits))
    if records.pop() != [_SENTINEL]:
        raise UnusableFile(f"A quotation mark opened in row {len(records) + 1} is never closed.")
    if records and text[:4].lower() == "sep=":
        records[0] = []  # a hint for spreadsheets, not data
    return records


def _bounded(reader: Iterable[list[str]], limits: Limits) -> Iterator[list[str]]:
    cells = number = 0
    try:
        for record in reader:
            number += 1
            cells += len(record)
            # The header and the sentinel are not counted as rows.
            if number > limits.rows + 2 or cells > limits.cells or len(record) > limits.columns:
                raise UnusableFile(
                    f"The file is too large: at most {limits.rows:,} rows, {limits.columns:,} columns"
                    f" and {limits.cells:,} cells are read."
                )
            yield [unguarded(cell) for cell in record]
    except csv.Error as error:
        raise UnusableFile(
            f"Row {number + 1} cannot be read ({error}). Is a quotation mark left open?"
        ) from None

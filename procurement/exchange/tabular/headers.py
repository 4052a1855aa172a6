"""Where the header is: files begin with titles, comments and empty rows."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

_LOOK = 30
_NUMBER = re.compile(r"[-+]?[0-9][0-9.,\s]*%?", re.ASCII)

Recognise = Callable[[Sequence[str]], int]


def find_header(records: Sequence[Sequence[str]], recognise: Recognise | None = None) -> int | None:
    """The index of the header row: one that a layout knows, else the first that looks like names of columns."""
    first = [(index, record) for index, record in enumerate(records[:_LOOK]) if _filled(record)]
    if not first:
        return None
    if recognise is not None:
        scores = [(recognise(record), -index) for index, record in first]
        score, place = max(scores)
        if score > 0:
            return -place
    width = _usual_width(records[: _LOOK * 4])
    for index, record in first:
        if _names_columns(record, width):
            return index
    return first[0][0]


def _filled(record: Sequence[str]) -> int:
    return sum(1 for cell in record if cell.strip())


def _usual_width(records: Sequence[Sequence[str]]) -> int:
    widths = Counter(filled for record in records if (filled := _filled(record)))
    # Sparse rows are common, so the width that at least every third row reaches counts.
    total = sum(widths.values())
    return max(
        (w for w in widths if sum(n for v, n in widths.items() if v >= w) * 3 >= total), default=1
    )


def _names_columns(record: Sequence[str], width: int) -> bool:
    cells = [cell.strip() for cell in record if cell.strip()]
    if len(cells) * 2 < width or (len(cells) == 1 and width > 1) or cells[0].startswith("#"):
        return False
    return len(set(cells)) * 2 > len(cells) and not any(_NUMBER.fullmatch(cell) for cell in cells)

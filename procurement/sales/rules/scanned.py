"""What a scanner's text says to somebody who writes a quote: which product, and how many."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from procurement.catalogue.rules.scanning import read_scan

# A symbology, brackets, an identifier with a whole GTIN behind it, or an address: nobody types such names.
_SCANNED = re.compile(
    r"(?:\][A-Za-z][0-9A-Za-z])?(?:\x1d|\{GS\})*(?:\(0[12]\)|0[12][0-9]{14}|https?://)", re.ASCII
)


@dataclass(frozen=True, slots=True)
class ScannedItem:
    """A GTIN of 14 digits, or the product a label of ours names; and a count where the code has one (AI 30, 37)."""

    gtin: str | None = None
    sku: str | None = None
    count: int | None = None


def scanned_item(text: str, *, today: date) -> ScannedItem | None:
    """None for a text no scanner sends, and for one of a room. Raises ValueError with a sentence for a wrong code."""
    if not _SCANNED.match(text.strip()):
        return None
    scan = read_scan(text, today=today)
    if scan.own and scan.own.product:
        return ScannedItem(sku=scan.own.product)
    gtins = {reading.gtin for reading in scan.readings if reading.gtin}
    if len(gtins) != 1:
        return None
    # Without separators a text may be cut in several ways; lot and date do not matter here, a count must be certain.
    counts = {reading.count for reading in scan.readings}
    return ScannedItem(gtins.pop(), count=counts.pop() if len(counts) == 1 else None)


def is_scan(line: str, *, today: date) -> bool:
    """Whether all of it is what a scanner sent: with a blank for its separator, figures at the end belong to it."""
    if line.startswith(("(", "http")):
        return False
    with suppress(ValueError):  # wrong as a whole: then a number may stand behind it
        return scanned_item(line, today=today) is not None
    return False

"""What reading a file yields, what was guessed on the way, and how much is too much."""

from dataclasses import dataclass
from typing import Literal

from procurement.kernel.errors import Invalid

Format = Literal["csv", "xlsx"]
DecimalMark = Literal[".", ","]


class UnusableFile(Invalid):
    """Nothing of this file can be taken: not a table, too large, or built to hurt."""


class NumberText(str):
    """The text of a cell that the workbook kept as a number: always a decimal point, and zeros in front are lost."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one file. They refuse bombs long before they refuse a catalogue."""

    file_bytes: int = 20_000_000
    rows: int = 100_000
    columns: int = 1_000
    cells: int = 1_000_000
    unzipped_bytes: int = 160_000_000
    zip_entries: int = 2_000
    zip_ratio: int = (
        250  # asked only of parts above `ratio_floor`: small sheets of zeros shrink as well
    )
    ratio_floor: int = 8_000_000
    text_bytes: int = 64_000_000  # what the cells hold once shared strings are written out


@dataclass(frozen=True, slots=True)
class Detected:
    """How the file was read. Shown in the preview; every field may be set by hand."""

    format: Format
    encoding: str | None  # None for workbooks
    separator: str | None  # None for workbooks and for files of one column
    header_row: int  # counted from 1, as a spreadsheet counts
    sheet: str | None
    sheets: tuple[str, ...]
    decimal_mark: DecimalMark


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a person decided instead of the detection; None leaves it to the detection."""

    encoding: str | None = None
    separator: str | None = None
    header_row: int | None = None
    sheet: str | None = None
    decimal_mark: DecimalMark | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the file under its row number; exactly as many cells as the header has.

    `surplus` counts filled cells beyond the header: a separator inside a text that was not quoted shifts a row.
    """

    number: int
    cells: tuple[str, ...]
    surplus: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """The header and the rows below it; empty rows are left out, their numbers are not used again."""

    detected: Detected
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

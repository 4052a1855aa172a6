"""Rows to CSV and XLSX that no spreadsheet will run, and that our own reader gives back unchanged."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from procurement.exchange.guarding import guarded, is_live
from procurement.kernel.quantity import plain

Cell = str | int | Decimal | date | datetime | None

_CELL_MOST = 32_767  # characters one cell of a workbook can hold
_EXACT_DIGITS = 15  # a workbook's numbers are binary: more digits than this go out as text
_ROWS_MOST = 1_048_575


def csv_cell(value: Cell) -> str:
    """The text of a cell; texts a spreadsheet might compute are guarded, numbers stay numbers."""
    text = _plain_text(value)
    return guarded(text) if isinstance(value, str) else text


def to_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with its mark, so that Excel reads the letters; commas, CRLF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([csv_cell(name) for name in header])
    writer.writerows([csv_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(sheet: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """One sheet with a frozen, bold header. Texts are written as texts; no cell can hold a formula or a link."""
    out = io.BytesIO()
    options = {
        "constant_memory": True,
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)})
    page = book.add_worksheet(_sheet_name(sheet))
    formats = _Formats(book)
    page.freeze_panes(1, 0)
    for column, name in enumerate(header):
        page.write_string(0, column, name, formats.bold)
    for number, row in enumerate(rows, start=1):
        if number > _ROWS_MOST:
            raise ValueError("A workbook holds 1,048,576 rows; export this list as CSV.")
        for column, value in enumerate(row):
            _write(page, number, column, value, formats)
    book.close()
    return out.getvalue()


class _Formats:
    def __init__(self, book: Any) -> None:
        self.bold = book.add_format({"bold": True})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        # "Text, whatever it looks like": survives editing the cell, unlike the cell's type.
        self.quoted = book.add_format({"quote_prefix": True})


def _write(page: Any, row: int, column: int, value: Cell, formats: _Formats) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        page.write_datetime(row, column, _naive_utc(value), formats.moment)
    elif isinstance(value, date):
        page.write_datetime(row, column, value, formats.day)
    elif isinstance(value, str) or not _fits(value):
        text = _plain_text(value)
        if len(text) > _CELL_MOST:
            text = text[: _CELL_MOST - 1] + "…"
        page.write_string(row, column, text, formats.quoted if is_live(text) else None)
    else:
        page.write_number(row, column, value)


def _fits(value: int | Decimal) -> bool:
    return len(Decimal(value).as_tuple().digits) <= _EXACT_DIGITS


def _naive_utc(moment: datetime) -> datetime:
    """Workbooks know no zones: moments go out in UTC, as everywhere outside."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def _plain_text(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return _naive_utc(value).isoformat(timespec="seconds") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    return plain(Decimal(value))


def _sheet_name(name: str) -> str:
    """At most 31 characters, none of those a workbook forbids."""
    return re.sub(r"[\[\]:*?/\\']", " ", name)[:31].strip() or "Sheet1"

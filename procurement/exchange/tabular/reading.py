"""The one way in: bytes to a table."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from procurement.exchange.tabular import csv_records, workbooks
from procurement.exchange.tabular.decoding import decode
from procurement.exchange.tabular.headers import Recognise, find_header
from procurement.exchange.tabular.table import (
    ByHand,
    DecimalMark,
    Detected,
    Limits,
    NumberText,
    Row,
    Table,
    UnusableFile,
)

_COMMA = re.compile(
    r"-?(?:[0-9]{1,3}(?:[. \u00a0\u202f'][0-9]{3})+,[0-9]+|[0-9]+,(?:[0-9]{1,2}|[0-9]{4,}))"
)
_POINT = re.compile(r"-?(?:[0-9]{1,3}(?:[, '][0-9]{3})+\.[0-9]+|[0-9]+\.(?:[0-9]{1,2}|[0-9]{4,}))")
_VOTERS = 2_000  # rows asked which decimal mark they use


def read_table(
    data: bytes,
    by_hand: ByHand | None = None,
    *,
    recognise: Recognise | None = None,
    limits: Limits | None = None,
) -> Table:
    """Read a file by its content, not its name. `recognise` scores a row as a known header (0: not one)."""
    limits = limits or Limits()
    by_hand = by_hand or ByHand()
    if not data.strip(b"\x00\t\n\r \xef\xbb\xbf\xff\xfe"):
        raise UnusableFile("The file is empty.")
    if len(data) > limits.file_bytes:
        raise UnusableFile(f"The file is larger than {limits.file_bytes // 1_000_000} MB.")
    read = _read_workbook if workbooks.is_workbook(data) else _read_text
    records, detected = read(data, by_hand, limits)
    by_eye = by_hand.header_row
    index = find_header(records, recognise) if by_eye is None else by_eye - 1
    if index is None or not 0 <= index < len(records):
        raise UnusableFile("The file has no such row to take as its header.", field="header_row")
    body = records[index + 1 :]
    mark = by_hand.decimal_mark or decimal_mark(body[:_VOTERS], detected.separator)
    return _table(records[index], body, replace(detected, header_row=index + 1, decimal_mark=mark))


def decimal_mark(records: Iterable[Sequence[str]], separator: str | None) -> DecimalMark:
    """Comma or point, by the numbers that can only be read one way."""
    commas = points = 0
    for record in records:
        for cell in record:
            if len(cell) > 24 or isinstance(cell, NumberText):
                continue
            text = cell.strip()
            commas += bool(_COMMA.fullmatch(text))
            points += bool(_POINT.fullmatch(text))
    if commas == points:
        return "," if separator == ";" and not points else "."
    return "," if commas > points else "."


def _read_workbook(
    data: bytes, by_hand: ByHand, limits: Limits
) -> tuple[list[list[str]], Detected]:
    book = workbooks.open_workbook(data, limits)
    sheet = workbooks.choose_sheet(book, by_hand.sheet)
    found = Detected("xlsx", None, None, 0, sheet.name, tuple(book.sheet_names), ".")
    return workbooks.read_sheet(sheet, limits), found


def _read_text(data: bytes, by_hand: ByHand, limits: Limits) -> tuple[list[list[str]], Detected]:
    text, encoding = decode(data, by_hand.encoding)
    if "\x00" in text:
        raise UnusableFile("This is neither a text file nor an .xlsx workbook.")
    separator = by_hand.separator or csv_records.find_separator(text)
    if separator is not None and separator not in csv_records.SEPARATORS:
        raise UnusableFile(
            "The separator must be a comma, a semicolon, a tab or a bar.", field="separator"
        )
    records = csv_records.read_records(text, separator, limits)
    return records, Detected("csv", encoding, separator, 0, None, (), ".")


def _table(heading: Sequence[str], body: Sequence[Sequence[str]], detected: Detected) -> Table:
    width = max((i + 1 for i, cell in enumerate(heading) if cell.strip()), default=0)
    header = tuple(" ".join(cell.split()) for cell in heading[:width])
    rows = tuple(
        _row(number, record, width)
        for number, record in enumerate(body, start=detected.header_row + 1)
        if any(cell and not cell.isspace() for cell in record)
    )
    repeated = sorted({name for name in header if name and header.count(name) > 1})
    notes = tuple(
        f"The column {name} appears more than once; its first is used." for name in repeated
    )
    return Table(detected, header, rows, notes)


def _row(number: int, record: Sequence[str], width: int) -> Row:
    surplus = sum(1 for cell in record[width:] if cell.strip())
    return Row(number, (*record[:width], *[""] * (width - len(record))), surplus)

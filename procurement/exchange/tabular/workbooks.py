"""XLSX to records. The zip is measured by unpacking it in small pieces before any library builds cells of it."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from procurement.exchange.tabular.table import Limits, NumberText, UnusableFile
from procurement.kernel.quantity import plain

_CHUNK = 65_536
_ATTRIBUTES = rb"""((?:[^>"']|"[^"]*"|'[^']*')*?)"""
_TAG = re.compile(rb"<(?:\w+:)?(c|row)(?=[\s>/])" + _ATTRIBUTES + rb"(/?)>")
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,4})(\d{1,9})["']""")
_ROW_NUMBER = re.compile(rb"""\br\s*=\s*["'](\d{1,9})["']""")
_SHARED = re.compile(rb"""\bt\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v>\s*(\d{1,9})""")
_STRING = re.compile(rb"<(?:\w+:)?si[\s>/]")
_WIDE_XML = (
    b"\xff\xfe",
    b"\xfe\xff",
    b"<\x00",
    b"\x00<",
)  # UTF-16, which the patterns above cannot see
_OLE = b"\xd0\xcf\x11\xe0"


def is_workbook(data: bytes) -> bool:
    """By content: a zip archive, or the older container that protected and pre-2007 workbooks use."""
    if data.startswith(_OLE):
        raise UnusableFile(
            "This is a protected or an old workbook. Save it as .xlsx without a password."
        )
    return data.startswith(b"PK\x03\x04")


def open_workbook(data: bytes, limits: Limits) -> CalamineWorkbook:
    """The workbook, once it is known to be harmless."""
    _measure(data, limits)
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except CalamineError as error:
        raise UnusableFile(f"The workbook cannot be opened ({error}).") from None


def choose_sheet(book: CalamineWorkbook, wanted: str | None) -> CalamineSheet:
    """The sheet asked for, else the first visible one that holds anything."""
    if wanted is not None:
        if wanted not in book.sheet_names:
            raise UnusableFile(f"There is no sheet called {wanted[:60]}.", field="sheet")
        return _sheet(book, wanted)
    shown = [m.name for m in book.sheets_metadata if m.visible == SheetVisibleEnum.Visible]
    for name in shown or book.sheet_names:
        sheet = _sheet(book, name)
        if sheet.start is not None:
            return sheet
    raise UnusableFile("The workbook has no filled sheet.")


def read_sheet(sheet: CalamineSheet, limits: Limits) -> list[list[str]]:
    """All rows from row 1 on, every cell as text."""
    if sheet.total_height > limits.rows + 1 or sheet.total_width > limits.columns:
        raise UnusableFile(f"The sheet is too large: at most {limits.rows:,} rows are read.")
    return [[_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]


def _sheet(book: CalamineWorkbook, name: str) -> CalamineSheet:
    try:
        return book.get_sheet_by_name(name)
    except CalamineError as error:
        raise UnusableFile(
            f"The sheet {name[:60]} cannot be read ({error}).", field="sheet"
        ) from None


def _text(value: object) -> str:
    match value:
        case str():
            text = value
        case bool():
            text = "TRUE" if value else "FALSE"
        case float():
            # Fifteen digits is what a spreadsheet shows of a number; the rest is the noise of binary fractions.
            text = NumberText(plain(Decimal(format(value, ".15g"))))
        case int():
            text = NumberText(value)
        case datetime() if value.time() == time():
            text = value.date().isoformat()
        case date() | time():
            text = value.isoformat()
        case timedelta():
            text = str(value)
        case _:
            text = ""
    return text


def _measure(data: bytes, limits: Limits) -> None:
    """Unpack every part in pieces, counting bytes and filled cells; raise at the first bound that is passed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [info.filename for info in archive.infolist()]
            if len(names) > limits.zip_entries or len(set(names)) < len(names):
                raise UnusableFile("The workbook's archive is not one that a spreadsheet writes.")
            if "xl/workbook.xml" not in names:
                raise UnusableFile(
                    "This archive is no .xlsx workbook. Save the list as .xlsx or .csv."
                )
            _Measure(limits).archive(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise UnusableFile("The workbook is damaged or protected.") from None


class _Measure:
    """Running totals over the parts of one archive."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.total = 0
        self.cells = 0
        self.longest_string = 0

    def archive(self, archive: zipfile.ZipFile) -> None:
        parts = archive.infolist()
        for info in parts:
            self._sizes(archive, info)
        for info in parts:
            self._grid(archive, info)
        if self.longest_string * self.cells > self.limits.text_bytes:
            self._written_out(archive)

    def _sizes(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        """The quick look: bytes, and values in a rough count that already stops a bomb of cells."""
        is_strings = info.filename.lower().endswith("sharedstrings.xml")
        size = values = since_string = 0
        for searched, read in _pieces(archive, info):
            if not size and read.startswith(_WIDE_XML):
                raise UnusableFile("The workbook's archive is not one that a spreadsheet writes.")
            size += len(read)
            self.total += len(read)
            self._check_bytes(info, size)
            values += sum(searched.count(mark) for mark in (b"<v>", b"<v ", b":v>", b"<is>"))
            if values > self.limits.cells:
                raise self._too_large()
            if is_strings:
                since_string = self._strings(searched, since_string)

    def _grid(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
        grid = _Grid()
        for searched, _ in _pieces(archive, info):
            grid.add(searched)
            # The library builds the whole rectangle, so the rectangle counts.
            if (
                grid.height > self.limits.rows + 1
                or max(grid.filled, grid.width * grid.height) > self.limits.cells
            ):
                raise self._too_large()
        self.cells += grid.filled

    def _too_large(self) -> UnusableFile:
        return UnusableFile(
            f"The workbook is too large: at most {self.limits.rows:,} rows and {self.limits.cells:,} cells are"
            " read. A single entry far outside the list counts as well."
        )

    def _check_bytes(self, info: zipfile.ZipInfo, size: int) -> None:
        large = size > self.limits.ratio_floor
        if self.total > self.limits.unzipped_bytes or (
            large and size > self.limits.zip_ratio * max(1, info.compress_size)
        ):
            raise UnusableFile("The workbook unpacks to far more than its size; it is not read.")

    def _strings(self, piece: bytes, since: int) -> int:
        """Longest shared string, measured between the marks that begin one."""
        last = 0
        for match in _STRING.finditer(piece):
            self.longest_string = max(self.longest_string, since + match.start() - last)
            last, since = match.start(), 0
        since += len(piece) - last
        self.longest_string = max(self.longest_string, since)
        return since

    def _written_out(self, archive: zipfile.ZipFile) -> None:
        """A long text shared by many cells is one entry in the file and many in memory: add it up exactly."""
        lengths: list[int] = []
        parts = archive.infolist()
        for info in parts:
            if info.filename.lower().endswith("sharedstrings.xml"):
                for piece, _ in _pieces(archive, info):
                    marks = [match.start() for match in _STRING.finditer(piece)]
                    if lengths:
                        lengths[-1] += marks[0] if marks else len(piece)
                    ends = [*marks[1:], len(piece)]
                    lengths += [end - mark for mark, end in zip(marks, ends, strict=False)]
        total = 0
        for info in parts:
            for piece, _ in _pieces(archive, info):
                total += sum(
                    lengths[int(i)] for i in _SHARED.findall(piece) if int(i) < len(lengths)
                )
                if total > self.limits.text_bytes:
                    raise UnusableFile("The workbook repeats long texts too often; it is not read.")


class _Grid:
    """The rectangle of filled cells; cells that only carry a format do not count."""

    def __init__(self) -> None:
        self.filled = self.width = self.height = 0
        self._row = self._place = 0

    def add(self, piece: bytes) -> None:
        for tag, attributes, closed in _TAG.findall(piece):
            if tag == b"row":
                number = _ROW_NUMBER.search(attributes)
                self._row = int(number[1]) if number else self._row + 1
                self._place = 0
                continue
            reference = _REFERENCE.search(attributes)
            self._place = _column(reference[1]) if reference else self._place + 1
            if closed:
                continue
            self.filled += 1
            self.width = max(self.width, self._place)
            self.height = max(self.height, int(reference[2]) if reference else self._row)


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[tuple[bytes, bytes]]:
    """Pieces of a part as (to search, as read); what is searched ends before an unfinished tag."""
    declared = info.file_size
    info.file_size = 1 << 40  # read what is there, not what is declared: the two differ in a bomb
    tail = b""
    try:
        with archive.open(info) as part:
            while chunk := part.read(_CHUNK):
                searched = tail + chunk
                # A value may follow its tag: keep the last cell whole for the next round.
                cut = max(searched.rfind(b"<c "), searched.rfind(b"<c>"))
                if cut < 1 or len(searched) - cut > _CHUNK:
                    cut = searched.rfind(b"<")
                if cut < 1 or len(searched) - cut > _CHUNK:
                    cut = len(searched)
                tail = searched[cut:]
                yield searched[:cut], chunk
        if tail:
            yield tail, b""
    finally:
        info.file_size = declared


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number

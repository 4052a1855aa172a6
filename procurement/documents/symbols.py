"""Bars and squares as rectangles: drawn by the printer, so that they are crisp at every size."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

import zxingcpp

from procurement.documents.label_content import Symbol, SymbolKind

_FORMATS = {
    SymbolKind.QR: zxingcpp.BarcodeFormat.QRCode,
    SymbolKind.DATAMATRIX: zxingcpp.BarcodeFormat.DataMatrix,
    SymbolKind.GS1_DATAMATRIX: zxingcpp.BarcodeFormat.DataMatrix,
    SymbolKind.EAN_13: zxingcpp.BarcodeFormat.EAN13,
    SymbolKind.EAN_8: zxingcpp.BarcodeFormat.EAN8,
    SymbolKind.ITF_14: zxingcpp.BarcodeFormat.ITF,
    SymbolKind.CODE_128: zxingcpp.BarcodeFormat.Code128,
}
# Modules that must stay white on each side, by the symbols' own standards; one more where that is a single one.
_QUIET = {
    SymbolKind.QR: 4,
    SymbolKind.DATAMATRIX: 2,
    SymbolKind.GS1_DATAMATRIX: 2,
    SymbolKind.EAN_13: 11,
    SymbolKind.EAN_8: 7,
    SymbolKind.ITF_14: 10,
    SymbolKind.CODE_128: 10,
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """Dark rectangles in modules from the upper left; bars are one row, as high as the label has room."""

    columns: int
    rows: int
    quiet: int
    dark: tuple[tuple[int, int, int], ...]  # (row, first column, how many)

    @property
    def width(self) -> int:
        return self.columns + 2 * self.quiet


@lru_cache(maxsize=512)
def drawing_of(symbol: Symbol) -> Drawing:
    """Raises ValueError when the code cannot hold the text."""
    options: dict[str, Any] = {"force_square": True}
    if symbol.kind is SymbolKind.QR:
        options = {"ec_level": "M"}
    elif symbol.kind.is_linear:
        options = {}
    is_gs1 = symbol.kind is SymbolKind.GS1_DATAMATRIX
    try:
        made = zxingcpp.create_barcode(symbol.text, _FORMATS[symbol.kind], gs1=is_gs1, **options)
        image = zxingcpp.write_barcode_to_image(made, scale=1, add_hrt=False, add_quiet_zones=False)
    except (ValueError, RuntimeError) as error:
        raise ValueError(f"This does not fit into a code: {symbol.text[:40]}") from error
    buffer: Any = image  # of the buffer protocol, which its published types leave out
    pixels: Any = memoryview(buffer).tolist()  # rows of greys; 0 is dark
    if symbol.kind.is_linear:
        pixels = [pixels[len(pixels) // 2]]
    dark = tuple(run for row, line in enumerate(pixels) for run in _runs(row, line))
    return Drawing(len(pixels[0]), len(pixels), _QUIET[symbol.kind], dark)


def _runs(row: int, line: list[int]) -> list[tuple[int, int, int]]:
    found, column = [], 0
    for value, group in groupby(line):
        length = len(list(group))
        if value == 0:
            found.append((row, column, length))
        column += length
    return found

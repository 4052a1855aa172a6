"""Labels: what stands on one, and the sheets and rolls they are printed on."""

from dataclasses import dataclass
from enum import StrEnum


class SymbolKind(StrEnum):
    """The code on a label. GS1 texts are written with brackets, as (01)09501101530003(10)A1."""

    QR = "qr"
    DATAMATRIX = "datamatrix"
    GS1_DATAMATRIX = "gs1_datamatrix"
    EAN_13 = "ean_13"
    EAN_8 = "ean_8"
    ITF_14 = "itf_14"
    CODE_128 = "code_128"

    @property
    def is_linear(self) -> bool:
        """Bars, as wide as the label; the others are squares."""
        return self in {SymbolKind.EAN_13, SymbolKind.EAN_8, SymbolKind.ITF_14, SymbolKind.CODE_128}


@dataclass(frozen=True, slots=True)
class Symbol:
    kind: SymbolKind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One label, worded. What does not fit is left out from the end: small print first, then facts."""

    title: str  # the product or the room
    symbol: Symbol
    head: str = ""  # large, above the title: a bottle's number, a room's code
    facts: tuple[str, ...] = ()  # "Lot A1", "Use by 31 Dec 2028": never left out
    notes: tuple[str, ...] = ()  # smaller: pack, room, who prints it
    small: str = ""  # the smallest: ingredients, allergens
    under: str = ""  # under the bars, as people read them
    copies: int = 1


@dataclass(frozen=True, slots=True)
class LabelFormat:
    """Millimetres. A roll has one label on each page; a sheet has rows and columns of them on A4."""

    code: str
    name: str
    width: float
    height: float
    columns: int = 1
    rows: int = 1
    left: float = 0
    top: float = 0
    across: float = 0  # from one label's left edge to the next one's
    is_cut: bool = False  # printed on plain paper, with marks to cut along

    @property
    def on_page(self) -> int:
        return self.columns * self.rows

    @property
    def is_sheet(self) -> bool:
        return self.on_page > 1


FORMATS = {
    one.code: one
    for one in (
        LabelFormat("sheet-24", "A4 sheet, 24 labels of 63.5 × 33.9 mm", 63.5, 33.9, 3, 8, 7.25, 12.9, 66.0),  # noqa: RUF001
        LabelFormat("sheet-14", "A4 sheet, 14 labels of 99.1 × 38.1 mm", 99.1, 38.1, 2, 7, 4.65, 15.15, 101.6),  # noqa: RUF001
        LabelFormat("sheet-48", "A4 sheet, 48 labels of 45.7 × 21.2 mm", 45.7, 21.2, 4, 12, 9.85, 21.3, 48.2),  # noqa: RUF001
        LabelFormat("cards-a6", "A4, four door cards (A6) to cut", 105, 148.5, 2, 2, 0, 0, 105, is_cut=True),
        LabelFormat("roll-62x29", "Roll, 62 × 29 mm", 62, 29),  # noqa: RUF001
        LabelFormat("roll-57x32", "Roll, 57 × 32 mm", 57, 32),  # noqa: RUF001
        LabelFormat("roll-102x51", "Roll, 102 × 51 mm", 102, 51),  # noqa: RUF001
    )
}  # fmt: skip
MOST_LABELS = 1_000


@dataclass(frozen=True, slots=True)
class LabelSheet:
    """Labels to print. `start` is the first free place of a sheet that was used before, from 1."""

    labels: tuple[Label, ...]
    format: LabelFormat
    start: int = 1
    title: str = "Labels"
    locale: str = "en_IE"

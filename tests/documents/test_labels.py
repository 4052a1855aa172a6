"""Labels are read back by a decoder from the printed page, at the resolution of a printer."""

import pypdfium2
import pytest
import zxingcpp

from procurement.documents.label import render_labels
from procurement.documents.label_content import FORMATS, Label, LabelSheet, Symbol, SymbolKind
from tests.documents.papers import ink_of, plain, text_of

GTIN = "09501101530003"
ADDRESS = "https://stillroom.spa.example/b/B-2026-0012"
LONG = "Sweet Almond Oil with Lavender, Neroli and Bergamot for sensitive skin. "
LABELS = (
    Label(
        title="Sweet Almond Oil",
        facts=("Bottle 500 ml",),
        symbol=Symbol(SymbolKind.EAN_13, GTIN[1:]),
        under=GTIN[1:],
    ),
    Label(title="Case of oil", symbol=Symbol(SymbolKind.ITF_14, "19501101530000"), under="1950"),
    Label(title="Small tin", symbol=Symbol(SymbolKind.EAN_8, "96385074"), under="96385074"),
    Label(
        title="Thumb saver",
        symbol=Symbol(SymbolKind.CODE_128, "TOOL-THUMB-1"),
        under="TOOL-THUMB-1",
    ),
    Label(title="Long SKU", symbol=Symbol(SymbolKind.CODE_128, "SKU-" * 16), under="SKU-" * 16),
    Label(
        title=LONG * 4,
        head="B-2026-0012",
        facts=("Use by 12 Dec 2026",),
        notes=("Opened 24 Nov 2026", "Room 4"),
        small=LONG * 9,
        symbol=Symbol(SymbolKind.QR, ADDRESS),
    ),
    *(
        Label(
            title=name,
            facts=("Lot AB-2107/9", "Use by 31 Dec 2028"),
            symbol=Symbol(SymbolKind.GS1_DATAMATRIX, f"(01){GTIN}(10){lot}(17)281231"),
        )
        for name, lot in (
            ("زيت اللوز الحلو المعصور على البارد للبشرة الحساسة", "A"),
            ("冷榨甜杏仁油，适合敏感和干性皮肤，含薰衣草精油", "AB-2107/9"),  # noqa: RUF001 - Chinese has this comma
        )
    ),
)


def codes_on(pdf: bytes) -> dict[str, str]:
    """What a scanner sends for each code on the pages, by its symbology identifier and text."""
    document = pypdfium2.PdfDocument(pdf)
    found = {}
    for page in document:
        picture = page.render(scale=300 / 72).to_pil()
        for code in zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain):
            found[code.text] = code.symbology_identifier
    document.close()
    return found


@pytest.mark.parametrize("shape", list(FORMATS.values()), ids=list(FORMATS))
def test_every_code_is_read_from_every_format(shape):
    pdf = render_labels(LabelSheet(LABELS, shape))
    narrow = shape.width < 50
    assert codes_on(pdf) == {
        GTIN[1:]: "]E0",
        "19501101530000": "]I1",
        "96385074": "]E4",
        "TOOL-THUMB-1": "]d1" if narrow else "]C0",  # bars would be too fine
        "SKU-" * 16: "]d1",
        ADDRESS: "]Q1",
        f"01{GTIN}10A\x1d17281231": "]d2",  # the separator after the lot is there
        f"01{GTIN}10AB-2107/9\x1d17281231": "]d2",
    }


@pytest.mark.parametrize("code", ["roll-62x29", "roll-57x32", "sheet-48"])
def test_no_name_is_too_long_and_what_matters_stays(code):
    shape = FORMATS[code]
    for label in LABELS:
        pdf = render_labels(LabelSheet((label,), shape))
        (ink,) = ink_of(pdf)
        if not shape.is_sheet:
            assert ink.left >= 0
            assert ink.bottom >= 0
            assert ink.right <= shape.width * 72 / 25.4
            assert ink.top <= shape.height * 72 / 25.4
        shown = plain(text_of(pdf))
        assert all(plain(fact) in shown for fact in label.facts)
        assert plain(label.head) in shown


def test_a_sheet_used_before_is_filled_from_its_first_free_label():
    label = Label(title="One", symbol=Symbol(SymbolKind.QR, ADDRESS), copies=3)
    pdf = render_labels(LabelSheet((label,), FORMATS["sheet-24"], start=23))
    document = pypdfium2.PdfDocument(pdf)
    counts = [len(zxingcpp.read_barcodes(p.render(scale=300 / 72).to_pil())) for p in document]
    assert counts == [2, 1]
    document.close()


def test_the_same_labels_are_the_same_bytes():
    first, second = (render_labels(LabelSheet(LABELS, FORMATS["sheet-24"])) for _ in range(2))
    assert first == second
    assert b"Helvetica" not in first

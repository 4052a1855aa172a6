"""Papers to draw in tests, and ways to look at what was drawn."""

import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pypdfium2
from PIL import Image, ImageDraw

from procurement.documents.content import (
    Amount,
    AnswerBox,
    Ladder,
    Letterhead,
    Note,
    Price,
    PriceStep,
    PurchaseOrderContent,
    PurchaseOrderLine,
    QuoteContent,
    QuoteLine,
    QuoteSection,
    TaxLine,
    Totals,
)

LINK = "https://stillroom.example/q/7Yf3kQ9sVw2LxT0aBcDeFgHi"


def a_picture(colour: str = "#E4C26B") -> bytes:
    image = Image.new("RGBA", (120, 120), (0, 0, 0, 0))
    ImageDraw.Draw(image).rounded_rectangle((30, 10, 90, 110), 12, fill=colour)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def a_letterhead(**changes) -> Letterhead:
    values = {
        "name": "Merrow & Sedge",
        "tagline": "Oils for treatment rooms",
        "address": ("4 Quay Row", "Galway", "Ireland"),
        "contact": ("+353 91 000 000",),
        "footer": "Merrow & Sedge Ltd · VAT IE 0000000W",
        "colour": "#5B2A4B",
    }
    return Letterhead(**{**values, **changes})


def a_line(number: int | str = 1, name: str = "Sweet Almond Oil", **changes) -> QuoteLine:
    values = {
        "number": str(number),
        "name": name,
        "sku": f"MS-{number}",
        "packs": Amount(Decimal(2), "cases"),
        "base": Amount(Decimal(24), "× 500 ml"),  # noqa: RUF001 - as papers write it
        "price": Price(Decimal("142.80"), "case", Decimal("11.90"), "bottle"),
        "discount": Decimal(5),
        "tax_code": "A",
        "net": Decimal("271.32"),
    }
    return QuoteLine(**{**values, **changes})


def a_ladder() -> Ladder:
    prices = (("1 case", "142.80"), ("6 cases", "135.60"), ("12 cases", "128.40"))
    return Ladder(
        pack="case",
        unit="",
        steps=tuple(PriceStep(packs, Decimal(price)) for packs, price in prices),
        standing=0,
        ordered="2 cases",
        more=Decimal(4),
        saves=Decimal("7.20"),
    )


def a_quote(lines: Sequence[QuoteLine] = (a_line(),), **changes) -> QuoteContent:
    values = {
        "letterhead": a_letterhead(),
        "recipient": ("The Linden Rooms", "12 Harbour Walk", "Kinsale", "Ireland"),
        "number": "Q-2026-0418",
        "issued_on": date(2026, 11, 23),
        "valid_until": date(2026, 12, 18),
        "currency": "EUR",
        "totals": Totals(Decimal("2484.82"), Decimal("508.42"), Decimal("2993.24")),
        "taxes": (TaxLine("A", Decimal(23), Decimal("2484.82"), Decimal("508.42")),),
        "sections": (QuoteSection(lines=tuple(lines)),),
        "intro": "Dear Aoife, here is everything for your six tables.",
        "terms": (Note("Payment", "30 days from invoice."),),
        "acceptance": AnswerBox("Yes, please go ahead", "For 2,993.24 EUR.", LINK, "Or online"),
    }
    return QuoteContent(**{**values, **changes})


def an_order(count: int = 3, **changes) -> PurchaseOrderContent:
    lines = tuple(
        PurchaseOrderLine(
            number=str(number),
            name=f"Oil number {number}",
            sku=f"ALM-{number}",
            supplier_code=f"20-{number}",
            packs=Amount(Decimal(4), "canisters"),
            base=Amount(Decimal(20), "litres"),
            price=Price(Decimal("61.50"), "canister", Decimal("12.30"), "l"),
            net=Decimal("246.00"),
            wanted_by=date(2026, 12, 7 if number != count else 11),
        )
        for number in range(1, count + 1)
    )
    values = {
        "letterhead": a_letterhead(name="The Linden Rooms"),
        "supplier": ("Corrib Botanicals Ltd", "Athlone"),
        "number": "PO-2026-0093",
        "issued_on": date(2026, 11, 23),
        "currency": "EUR",
        "totals": Totals(Decimal("1336.90"), Decimal("307.49"), Decimal("1644.39")),
        "taxes": (TaxLine("A", Decimal(23), Decimal("1336.90"), Decimal("307.49")),),
        "lines": lines,
        "arrangements": (Note("Deliver to", "Goods door\nPier Lane"),),
        "requests": ("Lot and use-by date on the delivery note.",),
        "confirmation": AnswerBox("Please confirm by Thursday", "Sign and return.", LINK),
        "approved_by": "Aoife Ní Dhomhnaill",
        "approved_on": date(2026, 11, 23),
    }
    return PurchaseOrderContent(**{**values, **changes})


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, as Chrome's PDF reader copies it."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return pages


def text_of(pdf: bytes) -> str:
    return "\n".join(pages_of(pdf))


def plain(text: str) -> str:
    """Without what line breaks and forms of letters change."""
    composed = unicodedata.normalize("NFKC", text)
    return "".join(char for char in composed if not _is_unseen(char))


def _is_unseen(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in {"Cf", "Cc", "Mn", "Zs"}


@dataclass(frozen=True)
class Ink:
    """Where the letters of a page stand, in points from its lower left corner."""

    left: float
    bottom: float
    right: float
    top: float


def ink_of(pdf: bytes) -> Iterator[Ink]:
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        text = page.get_textpage()
        boxes = [text.get_charbox(index) for index in range(text.count_chars())]
        boxes = [box for box in boxes if box[2] > box[0]]
        yield Ink(
            min(box[0] for box in boxes),
            min(box[1] for box in boxes),
            max(box[2] for box in boxes),
            max(box[3] for box in boxes),
        )
    document.close()


def picture_of(pdf: bytes, page: int = 0, scale: float = 2) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    picture = document[page].render(scale=scale).to_pil()
    document.close()
    return picture

"""The quote PDF beside a bare ReportLab canvas that draws the same table in the same typeface.

The bare half measures, wraps and keeps together nothing: it is the least that ReportLab can do for
these words and rules. Both halves embed Fira Sans and number their pages.
"""

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from procurement.documents.content import (
    Amount,
    Letterhead,
    Note,
    Price,
    QuoteContent,
    QuoteLine,
    QuoteSection,
    TaxLine,
    Totals,
)
from procurement.documents.quote import render_quote

REGULAR, MEDIUM = "BareFira", "BareFiraMedium"
ROW, TOP, BOTTOM = 31.0, 760.0, 70.0
ROUNDS = 15
FEW = 3  # of what takes seconds


@dataclass(frozen=True)
class Case:
    """One document, drawn by us and by the least that could draw it."""

    name: str
    ours: Callable[[], bytes]
    bare: Callable[[], bytes]
    rounds: int


def cases() -> list[Case]:
    """A short quote, a long one, and the longest there may be."""
    return [_case(3), _case(100), _case(2_000)]


def seconds(case: Case) -> tuple[float, float]:
    """(ours, bare), the best of rounds taken in turn, so that both halves meet the same noise."""
    case.ours()
    case.bare()
    ours, bare = [], []
    for _ in range(case.rounds):
        ours.append(_timed(case.ours))
        bare.append(_timed(case.bare))
    return min(ours), min(bare)


def _timed(draw: Callable[[], bytes]) -> float:
    start = time.perf_counter()
    draw()
    return time.perf_counter() - start


def _case(count: int) -> Case:
    content = _quote(count)
    for name, weight in ((REGULAR, "Regular"), (MEDIUM, "Medium")):
        face = files("fontpkg_fira_sans").joinpath(f"files/FiraSans-{weight}.ttf")
        pdfmetrics.registerFont(TTFont(name, str(face)))
    rounds = ROUNDS if count < 1_000 else FEW
    told = f"{count:,}-line quote PDF"
    return Case(told, lambda: render_quote(content), lambda: _bare(content), rounds)


def _quote(count: int) -> QuoteContent:
    lines = tuple(
        QuoteLine(
            number=str(number),
            name=f"Sweet Almond Oil {number}",
            sku=f"MS-ALM-{number:03}",
            detail="cold-pressed",
            packs=Amount(Decimal(2), "cases"),
            base=Amount(Decimal(24), "bottles"),
            price=Price(Decimal("142.80"), "case", Decimal("11.90"), "bottle"),
            discount=Decimal(5),
            net=Decimal("271.32"),
            tax_code="A",
        )
        for number in range(1, count + 1)
    )
    net = Decimal("271.32") * count
    tax = (net * 23 / 100).quantize(Decimal("0.01"))
    return QuoteContent(
        letterhead=Letterhead("Merrow & Sedge", "Oils", ("4 Quay Row", "Galway"), ("+353 91 0",)),
        recipient=("The Linden Rooms", "12 Harbour Walk", "Kinsale"),
        number="Q-2026-0418",
        issued_on=date(2026, 11, 23),
        valid_until=date(2026, 12, 18),
        currency="EUR",
        totals=Totals(net, tax, net + tax),
        taxes=(TaxLine("A", Decimal(23), net, tax),),
        sections=(QuoteSection(lines),),
        intro="Dear Aoife, here is everything for your six tables until the end of April.",
        terms=(Note("Payment", "30 days from invoice."),),
    )


def _bare(content: QuoteContent) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, pageCompression=1, invariant=1)
    canvas.setTitle(content.number)
    _bare_letter(canvas, content)
    y = 520.0
    page = 1
    _bare_head(canvas, y)
    for line in content.sections[0].lines:
        if y - ROW < BOTTOM:
            _bare_foot(canvas, page)
            page += 1
            y = TOP
            _bare_head(canvas, y)
        y -= ROW
        _bare_line(canvas, line, y)
    for label, amount in zip(
        ("Total net", "VAT", "Total to pay"),
        (content.totals.net, content.totals.tax, content.totals.gross),
        strict=True,
    ):
        y -= 16
        canvas.drawString(350, y, label)
        canvas.drawRightString(538, y, f"{amount:,.2f}")
    _bare_foot(canvas, page)
    canvas.save()
    return file.getvalue()


def _bare_letter(canvas: Canvas, content: QuoteContent) -> None:
    canvas.setFont(MEDIUM, 15)
    canvas.drawString(71, 776, content.letterhead.name)
    canvas.setFont(REGULAR, 9)
    for place, text in enumerate(content.recipient):
        canvas.drawString(71, 690 - 13 * place, text)
    for place, text in enumerate((content.number, "1", "23 November 2026", "18 December 2026")):
        canvas.drawString(410, 704 - 16 * place, text)
        canvas.line(350, 700 - 16 * place, 538, 700 - 16 * place)
    canvas.setFont(REGULAR, 22)
    canvas.drawString(71, 587, content.title)
    canvas.setFont(REGULAR, 9)
    canvas.drawString(71, 565, content.intro)


def _bare_head(canvas: Canvas, y: float) -> None:
    canvas.setFont(REGULAR, 7)
    for x, text in ((71, "No."), (91, "Product"), (266, "Quantity"), (343, "Price, EUR")):
        canvas.drawString(x, y + 4, text)
    for x, text in ((450, "Discount %"), (475, "VAT"), (538, "Total, net EUR")):
        canvas.drawRightString(x, y + 4, text)
    canvas.line(71, y, 538, y)


def _bare_line(canvas: Canvas, line: QuoteLine, y: float) -> None:
    upper, lower = y + 18, y + 7
    canvas.setFont(MEDIUM, 9)
    canvas.drawString(91, upper, line.name)
    canvas.drawRightString(538, upper, f"{line.net:,.2f}")
    canvas.setFont(REGULAR, 9)
    canvas.drawString(71, upper, line.number)
    canvas.drawRightString(284, upper, f"{line.packs.value:,}")
    canvas.drawString(287, upper, line.packs.word)
    canvas.drawRightString(372, upper, f"{line.price.per_pack:,.2f}")
    canvas.drawString(375, upper, f"/ {line.price.pack}")
    canvas.drawRightString(450, upper, f"{line.discount:.1f}")
    canvas.drawString(461, upper, line.tax_code)
    canvas.setFont(REGULAR, 7.5)
    canvas.drawString(91, lower, f"{line.sku} · {line.detail}")
    base = line.base
    canvas.drawRightString(284, lower, f"{base.value:,}" if base else "")
    canvas.drawString(287, lower, base.word if base else "")
    canvas.drawRightString(372, lower, f"{line.price.per_unit:,.2f}")
    canvas.drawString(375, lower, f"/ {line.price.unit}")
    canvas.line(91, y, 538, y)


def _bare_foot(canvas: Canvas, page: int) -> None:
    canvas.setFont(REGULAR, 7.5)
    canvas.line(71, 51, 538, 51)
    canvas.drawRightString(538, 37, f"Page {page}")
    canvas.showPage()


if __name__ == "__main__":
    for shown in cases():
        ours, bare = seconds(shown)
        print(f"{shown.name}: {ours * 1000:.1f} ms, bare {bare * 1000:.1f}: {ours / bare:.2f}x")

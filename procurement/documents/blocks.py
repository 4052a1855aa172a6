"""Blocks after the table: tax and totals, notes in three columns, the box to sign."""

from collections.abc import Sequence
from decimal import Decimal

import segno

from procurement.documents.content import AnswerBox, Note, TaxLine
from procurement.documents.figures import Figures
from procurement.documents.furniture import heavy_rule
from procurement.documents.layout import (
    FINAL,
    GUTTER,
    LEFT,
    MM,
    MODULE,
    RIGHT,
    WIDTH,
    Box,
    Mark,
    Piece,
    Rule,
    Sketch,
    Stack,
    Text,
    column,
    height_of,
    left,
    right,
    row,
    stacked,
)
from procurement.documents.pen import Pen
from procurement.documents.text import Line
from procurement.documents.typesetting import INK, TINT, Style, Styles, Typesetter

PITCH = 16.4
TOTALS_X = 7.0
TAX_EDGES = (2.25, 3.85, 5.5)
QR_SIZE = 25 * MM
SAFE_LINKS = ("https://", "http://")


class Block:
    """The hand that sets them: one document's type and figures."""

    def __init__(self, setter: Typesetter, styles: Styles, figures: Figures, currency: str) -> None:
        self.setter = setter
        self.styles = styles
        self.figures = figures
        self.currency = currency

    # Tax and totals

    def tax_summary(self, taxes: Sequence[TaxLine], tax: str, notes: Sequence[str]) -> list[Mark]:
        """Per rate, in the left half; below it what there is to say of them."""
        style, head = self.styles.cell, self.styles.head
        marks: list[Mark] = []
        words = self.setter.words
        names = (words.tax_code, words.tax_rate, words.tax_net, words.tax_amount)
        heads = [name.format(tax=tax, currency=self.currency) for name in names]
        edges = [column(edge) for edge in TAX_EDGES]
        for text, edge in zip(heads, (LEFT, *edges), strict=True):
            told, fitting = self.setter.squeezed(text, head, 1.5 * MODULE)
            place = left if edge == LEFT else right
            marks.append(place(told, fitting, edge, 6.8))
        length = edges[-1] - LEFT
        down = 10.6
        marks.append(heavy_rule(down, self.styles, LEFT, length))
        money = self.figures.money
        for line in taxes:
            code, code_style = self.setter.squeezed(line.code, style, 1.2 * MODULE)
            marks.append(left(code, code_style, LEFT, down + 11))
            shown = (self.figures.percent(line.rate), money(line.net), money(line.tax))
            for text, edge in zip(shown, edges, strict=True):
                figure, fitting = self.setter.squeezed(text, style, 1.55 * MODULE)
                marks.append(right(figure, fitting, edge, down + 11))
            down += PITCH
            marks.append(Rule(LEFT, down, length))
        second = self.styles.second
        for note in filter(None, notes):
            for told in self.setter.lines(note, second, length):
                marks.append(left(told, second, LEFT, down + second.drop + 3))
                down += second.leading
        return marks

    def totals(
        self, rows: Sequence[tuple[str, Decimal]], grand: tuple[str, Decimal], *, head: bool
    ) -> list[Mark]:
        """On the right: small sums, then the one large figure."""
        x, length = column(TOTALS_X), RIGHT - column(TOTALS_X)
        style, large = self.styles.cell, self.styles.grand
        marks: list[Mark] = []
        down = 0.0
        if head:
            text = self.setter.line(self.currency, self.styles.head)
            marks.append(right(text, self.styles.head, RIGHT, 6.8))
            down = 10.6
            marks.append(heavy_rule(down, self.styles, x, length))
        for label, amount in rows:
            name, fitting = self.setter.squeezed(label, style, 2.6 * MODULE)
            marks.append(left(name, fitting, x, down + 11))
            figure, fitting = self.setter.squeezed(self.figures.money(amount), style, 2 * MODULE)
            marks.append(right(figure, fitting, RIGHT, down + 11))
            down += PITCH
            marks.append(Rule(x, down, length))
        label, amount = grand
        figure, fitting = self.setter.squeezed(self.figures.money(amount), large, 2.9 * MODULE)
        room = length - figure.width * fitting.size / 1000 - 8
        name, name_style = self.setter.squeezed(label, large, room)
        marks.append(left(name, name_style, x, down + 17))
        marks.append(right(figure, fitting, RIGHT, down + 17))
        marks.append(Rule(x, down + 26, length, FINAL, self.styles.brand))
        return marks

    # Notes

    def notes(self, notes: Sequence[Note], *, before: float, large: bool = False) -> list[Piece]:
        """Three to a row; ``large`` where they open a document."""
        pieces: list[Piece] = []
        for start in range(0, len(notes), 3):
            stacks = [
                Stack(column(4 * place), self._note(note, large=large))
                for place, note in enumerate(notes[start : start + 3])
            ]
            made = row(stacks, padding=0)
            made[0].before = 11 if start else before
            pieces.extend(made)
        return pieces

    def _note(self, note: Note, *, large: bool) -> list[tuple[Line, Style]]:
        width = 4 * MODULE - GUTTER
        parts = (
            (note.numbers, self.styles.terms_muted),
            (note.title, self.styles.strong if large else self.styles.terms_head),
            (note.text, self.styles.cell if large else self.styles.terms),
        )
        return [
            (line, style) for text, style in parts for line in self.setter.lines(text, style, width)
        ]

    def boxed(self, note: Note, *, before: float) -> Piece:
        """An answer to a wish, on tint with a bar in the sender's colour."""
        title, text = self.styles.callout, self.styles.cell
        width = WIDTH - 45
        lines = [(line, title) for line in self.setter.lines(note.title, title, width)]
        lines += [(line, text) for line in self.setter.lines(note.text, text, width)]
        height = height_of(lines) + 20
        marks: list[Mark] = [
            Box(LEFT, 0, (WIDTH, height), fill=TINT),
            Box(LEFT - 1, 0, (2, height), fill=self.styles.brand),
            *stacked(Stack(LEFT + 14.4, lines), 10),
        ]
        return Piece(height, marks, before=before)

    # The box to sign

    def answer(self, box: AnswerBox, *, before: float) -> list[Piece]:
        pad = 11.2
        # One mask will do: a private link is random enough; choosing takes longer than the page.
        qr = segno.make_qr(box.link, error="m", mask=2, boost_error=False) if box.link else None
        told_x = column(7.03)
        width = (told_x - GUTTER if qr else RIGHT - pad) - LEFT - pad
        lines = self._styled(box.title, self.styles.answer, width)
        lines += self._styled(box.text, self.styles.terms, width)
        marks: list[Mark] = list(stacked(Stack(LEFT + pad, lines), pad))
        down = pad + height_of(lines)
        marks_fields, down = self._fields(box.fields, LEFT + pad, width, down)
        marks += marks_fields
        height = down + pad
        if qr:
            x = RIGHT - pad - QR_SIZE
            told = self._styled(box.link_title, self.styles.terms_head, x - told_x - 6)
            told += self._styled(box.link_text, self.styles.terms_muted, x - told_x - 6)
            marks += stacked(Stack(told_x, told), pad)
            marks.append(Sketch(QrPainter(qr, box.link, x, pad)))
            height = max(height, pad * 2 + QR_SIZE, pad * 2 + height_of(told))
        marks.append(Box(LEFT, 0, (WIDTH, height), stroke=self.styles.brand, width=1.0))
        return [Piece(height, marks, before=before)]

    def _styled(self, text: str, style: Style, width: float) -> list[tuple[Line, Style]]:
        return [(line, style) for line in self.setter.lines(text, style, width)]

    def _fields(
        self, names: Sequence[str], x: float, width: float, down: float
    ) -> tuple[list[Mark], float]:
        """Two lines to write on beside each other."""
        marks: list[Mark] = []
        style = self.styles.second
        first = (width - 11) * 0.6
        for index, name in enumerate(names):
            second = index % 2
            if not second:
                down += 23 if index == 0 else 32
            start = x + (first + 11 if second else 0)
            length = width - first - 11 if second else first
            marks.append(Rule(start, down, length, 0.5, INK))
            label, fitting = self.setter.squeezed(name, style, length)
            marks.append(Text(start, down + 8.6, label, fitting))
        return marks, down + (8.6 if names else 0)


def lowest(marks: Sequence[Mark]) -> float:
    """How far down the rules and texts of a block reach."""
    return max(mark.down for mark in marks if isinstance(mark, Rule | Text))


class QrPainter:
    """The private link as one path of merged runs, and as a link to click."""

    def __init__(self, qr: segno.QRCode, link: str, x: float, down: float) -> None:
        self.runs = list(_runs(qr))
        self.modules = len(qr.matrix)
        self.link = link
        self.x, self.down = x, down

    def __call__(self, pen: Pen, top: float) -> None:
        unit = QR_SIZE / self.modules
        upper = top - self.down
        parts = [
            f"{self.x + start * unit:.3f} {upper - (line + 1) * unit:.3f} "
            f"{length * unit:.3f} {unit:.3f} re"
            for line, start, length in self.runs
        ]
        pen.path(" ".join(parts), fill=INK)
        if self.link.startswith(SAFE_LINKS):
            pen.linkURL(self.link, (self.x, upper - QR_SIZE, self.x + QR_SIZE, upper))


def _runs(qr: segno.QRCode) -> list[tuple[int, int, int]]:
    """(line, first column, length) of each dark stretch."""
    found: list[tuple[int, int, int]] = []
    for number, line in enumerate(qr.matrix):
        start = None
        for place, dark in enumerate((*line, 0)):
            if dark and start is None:
                start = place
            elif not dark and start is not None:
                found.append((number, start, place - start))
                start = None
    return found

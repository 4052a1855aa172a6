"""The table of lines: heads, rows with pack above and base unit below, section heads, subtotals."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.documents.content import Amount, Price
from procurement.documents.figures import Figures
from procurement.documents.furniture import heavy_rule
from procurement.documents.languages.words import Words
from procurement.documents.layout import (
    HAIR,
    LEFT,
    MM,
    MODULE,
    PADDING,
    RIGHT,
    ROW_LIMIT,
    WIDTH,
    Art,
    Box,
    Mark,
    Piece,
    Rule,
    Stack,
    column,
    height_of,
    left,
    right,
    row,
)
from procurement.documents.pictures import PRODUCT_PIXELS, prepare
from procurement.documents.text import Line, needs_width
from procurement.documents.typesetting import RULE, TINT, Style, Styles, Typesetter, rgb
from procurement.documents.words import NONE

FRAME = 11.5 * MM
NUMBER_X, PICTURE_X, NAME_X = 0.0, 0.5, 1.5
QUANTITY_EDGE, PRICE_EDGE, DISCOUNT_EDGE, TAX_X = 5.35, 7.55, 9.5, 9.77
GAP = 3.3
EMPTY = Line("", 0.0)


@dataclass(frozen=True, slots=True)
class HeadCell:
    lines: tuple[str, ...]
    x: float  # left edge, or right edge when ``right`` is set
    right: bool = False
    width: float = 1.3  # in modules


class Table:
    """Draws rows on the one grid that quotes, orders and receipts share."""

    def __init__(
        self, setter: Typesetter, styles: Styles, figures: Figures, *, pictures: bool
    ) -> None:
        self.setter = setter
        self.styles = styles
        self.figures = figures
        self.pictures = pictures
        # Without pictures the names move up to where the frames would stand.
        self.name_x = column(NAME_X if pictures else PICTURE_X)
        self.rule_x = column(PICTURE_X)

    def head(self, cells: Sequence[HeadCell]) -> Piece:
        style = self.styles.head
        height = 22.0
        marks: list[Mark] = []
        for cell in cells:
            down = height - 4 - style.leading * len(cell.lines)
            for text in cell.lines:
                line, fitting = self.setter.squeezed(text, style, cell.width * MODULE)
                place = right if cell.right else left
                marks.append(place(line, fitting, cell.x, down + style.drop))
                down += style.leading
        marks.append(heavy_rule(height, self.styles))
        return Piece(height, marks, keep=True, before=18)

    def section(self, number: str, title: str, head: Piece) -> list[Piece]:
        """A head inside the table, kept with its first line."""
        style = self.styles.section
        lines = self.setter.lines(title, style, RIGHT - self.rule_x) or [EMPTY]
        if needs_width(lines):
            lines = [EMPTY, *lines]  # the number keeps a line to itself
        pieces = []
        for index, line in enumerate(lines):
            above = 0.0 if index else 8.4
            marks: list[Mark] = [left(line, style, self.rule_x, above + style.drop)]
            if not index:
                shown, number_style = self.setter.squeezed(number, style, self.rule_x - LEFT - 2)
                marks.insert(0, left(shown, number_style, LEFT, above + style.drop))
            pieces.append(Piece(above + style.leading, marks, keep=True, head=head))
        pieces[0].bookmark = f"{number} {title}".strip()
        pieces[-1].height += 4
        pieces[-1].marks.append(Rule(LEFT, pieces[-1].height, WIDTH))
        return pieces

    def subtotal(self, text: str, amount: Decimal, head: Piece) -> list[Piece]:
        """Keeps to the line above it: the caller chains that line."""
        style, strong = self.styles.cell_muted, self.styles.strong
        figure, figure_style = self.figure(amount, strong)
        lines = [(line, style) for line in self.setter.lines(text, style, 8 * MODULE)]
        pieces = row(
            [
                Stack(self.name_x, lines),
                Stack(RIGHT, [(figure, figure_style)], right),
            ],
            padding=3.2,
        )
        for piece in pieces:
            piece.head = head
        return pieces

    def row(
        self,
        number: str,
        picture: bytes | None,
        stacks: Sequence[Stack],
        head: Piece,
        *,
        tint: bool = False,
        framed: bool = True,
        least: float = 0.0,
        beside: Sequence[Mark] = (),
    ) -> list[Piece]:
        """One line; usually one piece, more when a text is beyond all measure.

        ``beside``: marks on the piece of the figures.
        """
        style = self.styles.cell_muted
        shown, number_style = self.setter.squeezed(
            number, style, (PICTURE_X - NUMBER_X) * MODULE - 3
        )
        cells = [Stack(LEFT, [(shown, number_style)]), *stacks]
        framed = framed and self.pictures
        pieces = row(cells, least=FRAME if framed else least)
        figures = pieces[0]
        if framed:
            figures.marks[1:1] = self._frame(picture)
        pieces = [*self._above(stacks), *pieces]
        first, last = pieces[0], pieces[-1]
        for piece in pieces:
            piece.head = head
            if tint:
                piece.marks.insert(0, Box(LEFT, 0, (WIDTH, piece.height), fill=TINT))
        x = LEFT if tint else self.rule_x
        if tint:
            first.marks.append(Rule(LEFT, 0, WIDTH))
        last.marks.append(Rule(x, last.height, RIGHT - x))
        figures.marks += beside
        return pieces

    def _above(self, stacks: Sequence[Stack]) -> list[Piece]:
        """Names that stand over their row; the last of them on the page of the row."""
        pieces = []
        for stack in stacks:
            if stack.above:
                pieces += row([_flush(stack.x, stack.above)])
        for piece in pieces[-1:]:
            piece.height -= PADDING
            piece.keep = True
        return pieces

    def _frame(self, picture: bytes | None) -> list[Mark]:
        x = column(PICTURE_X)
        marks: list[Mark] = [Box(x, PADDING, (FRAME, FRAME), TINT, RULE, HAIR)]
        prepared = prepare(picture, PRODUCT_PIXELS, rgb(TINT)) if picture else None
        if prepared:
            inner = FRAME - 3
            marks.append(Art(x + 1.5, PADDING + 1.5, (inner, inner), prepared))
        return marks

    def name(self, name: str, seconds: Sequence[str], until: float = 4.55) -> Stack:
        """The name over its code; ``until`` is where the next column begins, in modules."""
        strong, second = self.styles.strong, self.styles.second
        width = column(until) - self.name_x
        told = [(name, strong), *((text, second) for text in seconds)]
        above: list[tuple[Line, Style]] = []
        names = self._set(told[:1], width)
        lines = [*names, *self._set(told[1:], width)]
        if needs_width([line for line, _ in names]):
            above, lines = self._set(told[:1], RIGHT - self.name_x), lines[len(names) :]
        if height_of(lines) > ROW_LIMIT and any(line.runs is not None for line, _ in lines):
            above, lines = self._set(told, RIGHT - self.name_x), []
        return Stack(self.name_x, lines, left, above)

    def _set(self, told: Sequence[tuple[str, Style]], width: float) -> list[tuple[Line, Style]]:
        return [line for text, style in told for line in self.setter.set(text, style, width)]

    def quantity(
        self, packs: Amount, base: Amount | None, edge: float = QUANTITY_EDGE
    ) -> list[Stack]:
        cell, second = self.styles.cell, self.styles.second
        entries = [(self.figures.number(packs.value), packs.word, cell, cell)]
        if base:
            entries.append((self.figures.number(base.value), base.word, second, second))
        return self._paired(entries, column(edge), 0.95 * MODULE, 1.25 * MODULE)

    def price(self, price: Price) -> list[Stack]:
        cell, muted, second = self.styles.cell, self.styles.cell_muted, self.styles.second
        money = self.figures.money
        entries = [(money(price.per_pack), f"/ {price.pack}", cell, muted)]
        if price.per_unit is not None and price.unit:
            entries.append((money(price.per_unit), f"/ {price.unit}", second, second))
        return self._paired(entries, column(PRICE_EDGE), 1.05 * MODULE, 1.3 * MODULE)

    def discount(self, text: str) -> Stack:
        style = self.styles.cell if text != NONE else self.styles.cell_muted
        line, fitting = self.setter.squeezed(text, style, 0.5 * MODULE)
        return Stack(column(DISCOUNT_EDGE), [(line, fitting)], right)

    def total(self, text: str, style: Style) -> Stack:
        line, fitting = self.setter.squeezed(text, style, 1.75 * MODULE)
        return Stack(RIGHT, [(line, fitting)], right)

    def figure(self, amount: Decimal, style: Style) -> tuple[Line, Style]:
        return self.setter.squeezed(self.figures.money(amount), style, 2.5 * MODULE)

    def _paired(
        self,
        entries: Sequence[tuple[str, str, Style, Style]],
        edge: float,
        figure_width: float,
        word_width: float,
    ) -> list[Stack]:
        """Figures to the right of an edge, their words beyond it, line by line."""
        figures: list[tuple[Line, Style]] = []
        told: list[tuple[Line, Style]] = []
        for value, word, value_style, word_style in entries:
            lines = self.setter.lines(word, word_style, word_width) or [EMPTY]
            line, fitting = self.setter.squeezed(value, value_style, figure_width)
            figures.append((line, fitting))
            figures.extend((EMPTY, value_style) for _ in lines[1:])
            told.extend((line, word_style) for line in lines)
        return [Stack(edge, figures, right), Stack(edge + GAP, told)]


def _flush(x: float, lines: Sequence[tuple[Line, Style]]) -> Stack:
    """Lines from right to left begin under each other."""
    if not all(line.rtl for line, _ in lines):
        return Stack(x, lines)
    widest = max(line.width * style.size / 1000 for line, style in lines)
    return Stack(x + widest, lines, right)


def product_heads(words: Words, product: str, *, pictures: bool) -> list[HeadCell]:
    return [
        HeadCell((words.number_head,), LEFT, width=0.5),
        HeadCell((product,), column(NAME_X if pictures else PICTURE_X), width=3),
    ]


def price_head(words: Words, currency: str) -> HeadCell:
    text = tuple(part.format(currency=currency) for part in words.price_head)
    return HeadCell(text, column(6.82))


def total_head(words: Words, currency: str) -> HeadCell:
    text = tuple(part.format(currency=currency) for part in words.total_head)
    return HeadCell(text, RIGHT, right=True)

"""The price list: every pack with its price, the prices for larger numbers, and what it costs in a shop."""

from decimal import Decimal

from procurement.documents.catalogue_content import CatalogueContent, PackLine
from procurement.documents.figures import Figures
from procurement.documents.furniture import headline, opening, paragraph, publish
from procurement.documents.languages.taking_away import taking_away_words
from procurement.documents.layout import (
    GUTTER,
    LEFT,
    MODULE,
    RIGHT,
    WIDTH,
    Mark,
    Piece,
    Rule,
    Stack,
    column,
    left,
    right,
    row,
)
from procurement.documents.table import HeadCell, Table
from procurement.documents.taken_along import begun, price_said
from procurement.documents.typesetting import Styles, Typesetter

NAME_X, PRICE_EDGE, MORE_X = 2.5, 8.4, 8.65


def draw_price_list(content: CatalogueContent) -> bytes:
    """The same content gives the same bytes."""
    title = content.list_name or taking_away_words(content.locale).price_list
    paper, setter, styles, written = begun(content, title)
    form = _PriceList(content, setter, styles, written)
    return publish(paper, form.pieces(), setter, styles)


class _PriceList:
    def __init__(
        self, content: CatalogueContent, setter: Typesetter, styles: Styles, written: Figures
    ) -> None:
        self.content = content
        self.setter = setter
        self.styles = styles
        self.written = written
        self.words = taking_away_words(content.locale)
        self.has_prices = bool(content.currency)
        self.has_retail = content.has_retail
        self.has_more = any(
            line.more for shelf in content.shelves for block in shelf.blocks for line in block.lines
        )
        self.more_end = 10.6 if self.has_retail else 12.0
        self.head = self._head()

    def pieces(self) -> list[Piece]:
        content, words = self.content, self.words
        day = self.written.date(content.issued_on)
        data = [
            (label, told, not place)
            for place, (label, told) in enumerate(
                (
                    (words.date, day),
                    (words.customer, content.customer),
                    (words.currency, content.currency),
                )
            )
            if told
        ]
        note = words.note.format(date=day, currency=content.currency)
        title = content.list_name or words.price_list
        said = paragraph(
            note if self.has_prices else words.unpriced, self.styles.intro, self.setter
        )
        said[0].before = 8
        # Who is nobody's customer gets no letter: an empty window would be a hole in the page.
        letter = (
            opening(content.letterhead, content.recipient, data, self.setter, self.styles)
            if content.recipient
            else []
        )
        return [
            *letter,
            *headline(title, self.setter, self.styles, before=24 if letter else 4),
            *said,
            self.head,
            *self._shelves(),
        ]

    def _head(self) -> Piece:
        words = self.words
        cells = [
            HeadCell((words.code,), LEFT, width=2.3),
            HeadCell((f"{words.product}, {words.pack}",), column(NAME_X), width=3.5),
        ]
        if self.has_prices:
            price = f"{words.price}, {self.content.currency}"
            cells.append(HeadCell((price,), column(PRICE_EDGE), right=True))
        if self.has_prices and self.has_more:
            cells.append(HeadCell((words.more,), column(MORE_X), width=1.9))
        if self.has_retail:
            cells.append(HeadCell((words.retail,), RIGHT, right=True))
        return Table(self.setter, self.styles, self.written, pictures=False).head(cells)

    def _shelves(self) -> list[Piece]:
        pieces: list[Piece] = []
        for shelf in self.content.shelves:
            pieces.append(self._shelf_head(shelf.name))
            for block in shelf.blocks:
                before = ""
                for line in block.lines:
                    name = block.name
                    if line.name and line.name != block.name:
                        name = f"{block.name}, {line.name}"
                    pieces += self._line(line, name, again=line.code == before)
                    before = line.code
        return pieces

    def _shelf_head(self, name: str) -> Piece:
        style = self.styles.section
        line, fitting = self.setter.squeezed(name, style, WIDTH)
        height = style.leading + 12
        marks: list[Mark] = [
            left(line, fitting, LEFT, 8 + style.drop),
            Rule(LEFT, height, WIDTH),
        ]
        return Piece(height, marks, keep=True, head=self.head, bookmark=name)

    def _line(self, line: PackLine, name: str, *, again: bool) -> list[Piece]:
        second = self.styles.second
        width = column(NAME_X) - LEFT - GUTTER
        end = PRICE_EDGE - 1.2 if self.has_prices else 12.0
        wide = column(end) - column(NAME_X) - GUTTER
        stacks = [
            Stack(
                LEFT,
                [
                    (told, style)
                    for text, style in (
                        ("" if again else line.code, self.styles.terms_head),
                        (line.gtin, second),
                    )
                    for told in self.setter.lines(text, style, width)
                ],
            ),
            Stack(
                column(NAME_X),
                [
                    (told, style)
                    for text, style in (
                        ("" if again else name, self.styles.terms),
                        (line.pack, second),
                    )
                    for told in self.setter.lines(text, style, wide)
                ],
            ),
            *(self._prices(line) if self.has_prices else ()),
        ]
        pieces = row(stacks, padding=2.0)
        for piece in pieces:
            piece.head = self.head
        last = pieces[-1]
        last.marks.append(Rule(LEFT, last.height, WIDTH))
        return pieces

    def _prices(self, line: PackLine) -> list[Stack]:
        money, words, second = self.written.money, self.words, self.styles.second
        told = price_said(line.price, self.content.locale, self.written)
        style = second if line.price is None else self.styles.terms_head
        more = [
            self.setter.squeezed(
                words.from_packs.format(
                    packs=self.written.number(Decimal(packs)), price=money(price)
                ),
                self.styles.second_ink,
                column(self.more_end) - column(MORE_X),
            )
            for packs, price in line.more
        ]
        stacks = [
            Stack(column(PRICE_EDGE), [self.setter.squeezed(told, style, 1.4 * MODULE)], right),
            Stack(column(MORE_X), more),
        ]
        if line.retail is not None:
            figure = self.setter.squeezed(money(line.retail), second, 1.3 * MODULE)
            stacks.append(Stack(RIGHT, [figure], right))
        return stacks

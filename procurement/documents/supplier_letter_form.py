"""A letter to a supplier about goods: which, in which lots, what is wrong with them, and what we expect for them."""

from procurement.documents import words
from procurement.documents.blocks import Block, lowest
from procurement.documents.content import SupplierLetterContent, SupplierLetterLine
from procurement.documents.figures import Figures, figures
from procurement.documents.furniture import Paper, headline, opening, paragraph, publish
from procurement.documents.layout import MODULE, RIGHT, Piece, Stack, column, kept_to_last
from procurement.documents.table import HeadCell, Table, product_heads
from procurement.documents.text import Line
from procurement.documents.typesetting import Style, Styles, Typesetter, styles_for

AMOUNT_EDGE, LOT_X = 6.4, 7.9


def draw_supplier_letter(content: SupplierLetterContent) -> bytes:
    """The same content gives the same bytes."""
    setter = Typesetter(content.locale)
    styles = styles_for(content.letterhead.colour)
    written = figures(content.locale)
    pieces = _Letter(content, setter, styles, written).pieces()
    title = f"{content.title} {content.number}"
    paper = Paper(
        letterhead=content.letterhead,
        title=title,
        running=f"{title} · {written.date(content.issued_on)}",
        issued_on=content.issued_on,
        locale=content.locale,
        watermark=content.watermark,
    )
    return publish(paper, pieces, setter, styles)


class _Letter:
    def __init__(
        self, content: SupplierLetterContent, setter: Typesetter, styles: Styles, written: Figures
    ) -> None:
        self.content = content
        self.setter = setter
        self.styles = styles
        self.written = written
        pictures = any(line.picture for line in content.lines)
        self.table = Table(setter, styles, written, pictures=pictures)
        self.block = Block(setter, styles, written, content.currency)
        self.head = self.table.head(
            [
                *product_heads(self.setter.words, words.HEAD_PRODUCT, pictures=pictures),
                HeadCell((words.HEAD_AMOUNT,), column(AMOUNT_EDGE - 0.45)),
                HeadCell((words.HEAD_LOT,), column(LOT_X)),
                HeadCell((content.currency,), RIGHT, right=True),
            ]
        )

    def pieces(self) -> list[Piece]:
        content = self.content
        rows = [self.head]
        for line in content.lines:
            rows += self._line(line)
        notes = paragraph(content.notes, self.styles.intro, self.setter)
        if notes:
            notes[0].before = 16
        return [
            *opening(content.letterhead, content.supplier, self._data(), self.setter, self.styles),
            *headline(content.title, self.setter, self.styles, before=28),
            *kept_to_last(rows, self._total()),
            *notes,
        ]

    def _data(self) -> list[tuple[str, str, bool]]:
        content = self.content
        data = [
            (words.NUMBER, content.number, True),
            (words.DATE, self.written.day(content.issued_on), False),
            *((label, told, False) for label, told in content.data),
        ]
        return [entry for entry in data if entry[1]]

    def _line(self, line: SupplierLetterLine) -> list[Piece]:
        codes = " · ".join(code for code in line.codes if code)
        value = "" if line.value is None else self.written.money(line.value)
        stacks = [
            self.table.name(line.name, [codes, line.remark], until=5.5),
            *self.table.quantity(line.amount, None, AMOUNT_EDGE),
            Stack(column(LOT_X), self._lot(line)),
            self.table.total(value, self.styles.strong),
        ]
        return self.table.row(line.number, line.picture, stacks, self.head)

    def _lot(self, line: SupplierLetterLine) -> list[tuple[Line, Style]]:
        width = RIGHT - column(LOT_X) - 1.8 * MODULE
        cell, second = self.styles.cell, self.styles.second
        told = [(text, cell) for text in self.setter.lines(line.lot, cell, width)]
        if line.expires_on:
            until = words.EXPIRES.format(date=self.written.short_date(line.expires_on))
            told += [(text, second) for text in self.setter.lines(until, second, width)]
        return told

    def _total(self) -> list[Piece]:
        content = self.content
        if content.total is None:
            return []
        marks = self.block.totals([], (content.total_word, content.total), head=False)
        return [Piece(lowest(marks) + 4, marks, before=10)]

"""A letter to a supplier about goods: which, in which lots, what is wrong with them, and what we expect for them."""

from procurement.documents import words
from procurement.documents.blocks import lowest
from procurement.documents.content import SupplierLetterContent, SupplierLetterLine
from procurement.documents.goods_paper import GoodsPaper
from procurement.documents.layout import MODULE, RIGHT, Piece, Stack, column, kept_to_last
from procurement.documents.table import HeadCell, product_heads
from procurement.documents.text import Line
from procurement.documents.typesetting import Style

AMOUNT_EDGE, LOT_X = 6.4, 7.9


def draw_supplier_letter(content: SupplierLetterContent) -> bytes:
    """The same content gives the same bytes."""
    letter = _Letter(content)
    return letter.published(letter.pieces())


class _Letter(GoodsPaper):
    def __init__(self, content: SupplierLetterContent) -> None:
        pictures = any(line.picture for line in content.lines)
        super().__init__(content, content.issued_on, currency=content.currency, pictures=pictures)
        self.content = content
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
        data = (
            (words.NUMBER, content.number, True),
            (words.DATE, self.written.day(content.issued_on), False),
            *((label, told, False) for label, told in content.data),
        )
        return [*self.begun(data), *kept_to_last(rows, self._total()), *self.notes()]

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

"""Goods by lot: to be picked from their places, or sent along with them."""

from procurement.documents.blocks import Block
from procurement.documents.content import AnswerBox
from procurement.documents.figures import Figures, figures
from procurement.documents.furniture import Paper, headline, opening, paragraph, publish
from procurement.documents.goods_list_content import GoodsListContent, GoodsListLine
from procurement.documents.layout import MODULE, RIGHT, Piece, Stack, column, kept_to_last
from procurement.documents.table import HeadCell, Table, product_heads
from procurement.documents.text import Line
from procurement.documents.typesetting import Style, Styles, Typesetter, styles_for

AMOUNT_EDGE, LOT_X, PLACE_X = 6.2, 7.6, 10.1


def draw_goods_list(content: GoodsListContent) -> bytes:
    """The same content gives the same bytes."""
    setter = Typesetter(content.locale)
    styles = styles_for(content.letterhead.colour)
    written = figures(content.locale)
    pieces = _GoodsList(content, setter, styles, written).pieces()
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


class _GoodsList:
    def __init__(
        self, content: GoodsListContent, setter: Typesetter, styles: Styles, written: Figures
    ) -> None:
        self.content = content
        self.setter = setter
        self.styles = styles
        self.written = written
        self.has_places = any(line.place for line in content.lines)
        self.table = Table(setter, styles, written, pictures=False)
        self.block = Block(setter, styles, written, "")
        product, quantity, lot, place = content.heads
        self.head = self.table.head(
            [
                *product_heads(setter.words, product, pictures=False),
                HeadCell((quantity,), column(AMOUNT_EDGE - 0.45)),
                HeadCell((lot,), column(LOT_X)),
                *([HeadCell((place,), column(PLACE_X))] if self.has_places else ()),
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
        box = AnswerBox(title="", text="", fields=content.to_sign) if content.to_sign else None
        signed = self.block.answer(box, before=22) if box else []
        data = [(label, told, i == 0) for i, (label, told) in enumerate(content.data) if told]
        return [
            *opening(content.letterhead, content.recipient, data, self.setter, self.styles),
            *headline(content.title, self.setter, self.styles, before=28),
            *kept_to_last(rows, [] if notes else signed),
            *notes,
            *(signed if notes else ()),
        ]

    def _line(self, line: GoodsListLine) -> list[Piece]:
        codes = " · ".join(code for code in line.codes if code)
        stacks = [
            self.table.name(line.name, [codes], until=5.3),
            *self.table.quantity(line.amount, line.base, AMOUNT_EDGE),
            Stack(column(LOT_X), self._lot(line)),
        ]
        if self.has_places:
            width = RIGHT - column(PLACE_X)
            cell = self.styles.cell
            told = [(text, cell) for text in self.setter.lines(line.place, cell, width)]
            stacks.append(Stack(column(PLACE_X), told))
        return self.table.row(line.number, None, stacks, self.head)

    def _lot(self, line: GoodsListLine) -> list[tuple[Line, Style]]:
        end = column(PLACE_X) - 0.2 * MODULE if self.has_places else RIGHT
        width = end - column(LOT_X)
        cell, second = self.styles.cell, self.styles.second
        told = [(text, cell) for text in self.setter.lines(line.lot, cell, width)]
        if line.expires_on:
            until = self.content.use_by.format(date=self.written.short_date(line.expires_on))
            told += [(text, second) for text in self.setter.lines(until, second, width)]
        return told

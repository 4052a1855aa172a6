"""The goods receipt: what came, in which lots, where it was put, and who checked it."""

from procurement.documents import words
from procurement.documents.content import Amount, AnswerBox, GoodsReceiptContent, GoodsReceiptLine
from procurement.documents.goods_paper import GoodsPaper
from procurement.documents.layout import MODULE, RIGHT, Piece, Stack, column, kept_to_last
from procurement.documents.table import HeadCell, product_heads
from procurement.documents.text import Line
from procurement.documents.typesetting import Style

ORDERED_EDGE, RECEIVED_EDGE, LOT_X, PLACE_X = 4.95, 6.75, 8.0, 10.1


def draw_goods_receipt(content: GoodsReceiptContent) -> bytes:
    """The same content gives the same bytes."""
    receipt = _Receipt(content)
    return receipt.published(receipt.pieces())


class _Receipt(GoodsPaper):
    def __init__(self, content: GoodsReceiptContent) -> None:
        pictures = any(line.picture for line in content.lines)
        super().__init__(content, content.received_on, pictures=pictures)
        self.content = content
        ordered = HeadCell((words.HEAD_ORDERED,), column(ORDERED_EDGE - 0.45))
        self.head = self.table.head(
            [
                *product_heads(self.setter.words, words.HEAD_PRODUCT, pictures=pictures),
                *([ordered] if any(line.ordered for line in content.lines) else ()),
                HeadCell((words.HEAD_RECEIVED,), column(RECEIVED_EDGE - 0.45)),
                HeadCell((words.HEAD_LOT,), column(LOT_X)),
                HeadCell((words.HEAD_PLACE,), column(PLACE_X)),
            ]
        )

    def pieces(self) -> list[Piece]:
        content = self.content
        rows = [self.head]
        for line in content.lines:
            rows += self._line(line)
        notes = self.notes()
        box = AnswerBox(title="", text="", fields=words.CHECKED)
        data = (
            (words.RECEIPT, content.number, True),
            (words.DATE, self.written.day(content.received_on), False),
            (words.OUR_ORDER, content.order_number, False),
            (words.DELIVERY_NOTE, content.delivery_note, False),
            (words.RECEIVED_BY, content.received_by, False),
        )
        return [
            *self.begun(data),
            *kept_to_last(rows, [] if notes else self.block.answer(box, before=22)),
            *notes,
            *(self.block.answer(box, before=22) if notes else ()),
        ]

    def _line(self, line: GoodsReceiptLine) -> list[Piece]:
        codes = [line.sku]
        if line.supplier_code:
            codes.append(words.YOUR_ITEM.format(code=line.supplier_code))
        ordered = line.ordered
        stacks = [
            self.table.name(line.name, [" · ".join(codes), line.remark], until=4.2),
            *(self._amounts(ordered, None, ORDERED_EDGE) if ordered else ()),
            *self._amounts(line.received, line.base, RECEIVED_EDGE),
            Stack(column(LOT_X), self._lot(line)),
            Stack(column(PLACE_X), self._plain(line.location, RIGHT - column(PLACE_X))),
        ]
        return self.table.row(line.number, line.picture, stacks, self.head)

    def _amounts(self, packs: Amount, base: Amount | None, edge: float) -> list[Stack]:
        return self.table.quantity(packs, base, edge)

    def _lot(self, line: GoodsReceiptLine) -> list[tuple[Line, Style]]:
        width = (PLACE_X - LOT_X) * MODULE - 6
        until = words.NO_EXPIRY
        if line.expires_on:
            until = words.EXPIRES.format(date=self.written.short_date(line.expires_on))
        second = self.styles.second
        told = self.setter.lines(until, second, width)
        return [*self._plain(line.lot, width), *((text, second) for text in told)]

    def _plain(self, text: str, width: float) -> list[tuple[Line, Style]]:
        style = self.styles.cell
        return [(line, style) for line in self.setter.lines(text, style, width)]

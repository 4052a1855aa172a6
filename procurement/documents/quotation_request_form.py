"""The request for quotation: what is wanted and until when, with room for prices and days beside each line."""

from procurement.documents import words
from procurement.documents.blocks import Block
from procurement.documents.content import QuotationRequestContent, QuotationRequestLine
from procurement.documents.figures import Figures, figures
from procurement.documents.furniture import Paper, headline, opening, publish
from procurement.documents.layout import MODULE, Piece, Stack, column
from procurement.documents.table import HeadCell, Table, product_heads
from procurement.documents.typesetting import Styles, Typesetter, styles_for

QUANTITY_X, WANTED_X, PRICE_X, DAYS_X = 4.9, 6.6, 8.1, 9.9
_BLANK = "\N{LOW LINE}" * 11


def draw_quotation_request(content: QuotationRequestContent) -> bytes:
    """The same content gives the same bytes."""
    setter = Typesetter(content.locale)
    styles = styles_for(content.letterhead.colour)
    written = figures(content.locale, content.currency)
    title = f"{content.title} {content.number}"
    paper = Paper(
        letterhead=content.letterhead,
        title=title,
        running=f"{title} · {written.date(content.issued_on)}",
        issued_on=content.issued_on,
        locale=content.locale,
        watermark=content.watermark,
    )
    return publish(paper, _Request(content, setter, styles, written).pieces(), setter, styles)


class _Request:
    def __init__(
        self,
        content: QuotationRequestContent,
        setter: Typesetter,
        styles: Styles,
        written: Figures,
    ) -> None:
        self.content = content
        self.setter = setter
        self.styles = styles
        self.written = written
        self.table = Table(setter, styles, written, pictures=False)
        self.block = Block(setter, styles, written, content.currency)
        self.head = self.table.head(
            [
                *product_heads(self.setter.words, words.HEAD_PRODUCT_ORDER, pictures=False),
                HeadCell((words.HEAD_QUANTITY,), column(QUANTITY_X)),
                HeadCell((words.HEAD_WANTED,), column(WANTED_X)),
                HeadCell((words.RFQ_PRICE, content.currency), column(PRICE_X), width=1.6),
                HeadCell((words.RFQ_DAYS,), column(DAYS_X), width=1.6),
            ]
        )

    def pieces(self) -> list[Piece]:
        content = self.content
        rows = [self.head]
        for line in content.lines:
            rows += self._line(line)
        return [
            *opening(content.letterhead, content.supplier, self._data(), self.setter, self.styles),
            *headline(content.title, self.setter, self.styles, before=28),
            *self.block.notes(content.notes, before=6, large=True),
            *rows,
        ]

    def _data(self) -> list[tuple[str, str, bool]]:
        content = self.content
        data = [
            (words.NUMBER, content.number, True),
            (words.DATE, self.written.day(content.issued_on), False),
            (words.RFQ_ANSWER_BY, self.written.day(content.answer_by), True),
            (words.RFQ_ASKED_BY, content.asked_by, False),
        ]
        return [entry for entry in data if entry[1]]

    def _line(self, line: QuotationRequestLine) -> list[Piece]:
        codes = [words.OURS.format(sku=line.sku)]
        if line.supplier_code:
            codes.insert(0, words.YOUR_ITEM.format(code=line.supplier_code))
        wanted = self.written.short_day(line.wanted_by) if line.wanted_by else ""
        cell = self.styles.cell
        stacks = [
            self.table.name(line.name, [" · ".join(codes), line.detail]),
            *self.table.quantity(line.packs, line.base),
            Stack(column(WANTED_X), [self.setter.squeezed(wanted, cell, 1.3 * MODULE)]),
            Stack(column(PRICE_X), [(self.setter.line(_BLANK, cell), cell)]),
            Stack(column(DAYS_X), [(self.setter.line(_BLANK, cell), cell)]),
        ]
        return self.table.row(line.number, None, stacks, self.head)

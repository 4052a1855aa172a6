"""The purchase order: where and when to deliver, lines with both codes, requests, confirmation."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from procurement.documents import words
from procurement.documents.blocks import Block, lowest
from procurement.documents.content import PurchaseOrderContent, PurchaseOrderLine
from procurement.documents.figures import Figures, figures
from procurement.documents.furniture import Paper, headline, opening, publish
from procurement.documents.layout import (
    LEFT,
    MODULE,
    PAGE_HEIGHT,
    Mark,
    Piece,
    Stack,
    Text,
    column,
    kept_to_last,
    left,
    row,
)
from procurement.documents.table import (
    HeadCell,
    Table,
    price_head,
    product_heads,
    total_head,
)
from procurement.documents.text import Line
from procurement.documents.typesetting import Style, Styles, Typesetter, styles_for

WANTED_X = 8.93
REQUESTS_WIDTH = 6.4 * MODULE


def draw_purchase_order(content: PurchaseOrderContent) -> bytes:
    """The same content gives the same bytes."""
    setter = Typesetter(content.locale)
    styles = styles_for(content.letterhead.colour)
    written = figures(content.locale, content.currency)
    pieces = _Order(content, setter, styles, written).pieces()
    parts = [f"{content.title} {content.number}"]
    if content.revision > 0:
        parts.append(words.REVISION.format(revision=content.revision))
    paper = Paper(
        letterhead=content.letterhead,
        title=parts[0],
        running=" · ".join((*parts, written.date(content.issued_on))),
        issued_on=content.issued_on,
        locale=content.locale,
        watermark=content.watermark,
    )
    return publish(paper, pieces, setter, styles)


class _Order:
    def __init__(
        self, content: PurchaseOrderContent, setter: Typesetter, styles: Styles, written: Figures
    ) -> None:
        self.content = content
        self.setter = setter
        self.styles = styles
        self.written = written
        wanted = Counter(line.wanted_by for line in content.lines).most_common(1)
        self.usual = wanted[0][0] if wanted else None
        pictures = any(line.picture for line in content.lines)
        self.table = Table(setter, styles, written, pictures=pictures)
        self.block = Block(setter, styles, written, content.currency)
        self.head = self.table.head(
            [
                *product_heads(self.setter.words, words.HEAD_PRODUCT_ORDER, pictures=pictures),
                HeadCell((words.HEAD_QUANTITY,), column(4.9)),
                price_head(self.setter.words, content.currency),
                HeadCell((words.HEAD_WANTED,), column(WANTED_X)),
                total_head(self.setter.words, content.currency),
            ]
        )

    def pieces(self) -> list[Piece]:
        content = self.content
        rows = [self.head]
        for line in content.lines:
            rows += self._line(line)
        box = content.confirmation
        return [
            *opening(content.letterhead, content.supplier, self._data(), self.setter, self.styles),
            *headline(content.title, self.setter, self.styles, before=28),
            *self.block.notes(content.arrangements, before=6, large=True),
            *kept_to_last(rows, self._totals()),
            *(self.block.answer(box, before=13) if box else ()),
        ]

    def _data(self) -> list[tuple[str, str, bool]]:
        content = self.content
        number = content.number
        if content.revision > 0:
            number += ", " + words.REVISION.format(revision=content.revision)
        approved = content.approved_by
        if approved and content.approved_on:
            day = self.written.short_date(content.approved_on)
            approved += ", " + day.replace(" ", "\u00a0")
        data = [
            (words.ORDER, number, True),
            (words.DATE, self.written.day(content.issued_on), False),
            (words.SUPPLIER_QUOTE, content.supplier_quote, False),
            (words.ORDERED_BY, content.ordered_by, False),
            (words.APPROVED, approved, False),
        ]
        return [entry for entry in data if entry[1]]

    def _line(self, line: PurchaseOrderLine) -> list[Piece]:
        styles = self.styles
        codes = []
        if line.supplier_code:
            codes.append(words.YOUR_ITEM.format(code=line.supplier_code))
        if line.sku:
            codes.append(words.OURS.format(sku=line.sku))
        stacks = [
            self.table.name(line.name, [" · ".join(codes), line.detail]),
            *self.table.quantity(line.packs, line.base),
            *self.table.price(line.price),
            Stack(column(WANTED_X), self._wanted(line)),
            self.table.total(self.written.money(line.net), styles.strong),
        ]
        return self.table.row(line.number, line.picture, stacks, self.head)

    def _wanted(self, line: PurchaseOrderLine) -> list[tuple[Line, Style]]:
        """The odd date out is the one to notice."""
        if line.wanted_by is None:
            return []
        style = self.styles.cell if line.wanted_by == self.usual else self.styles.strong
        text = self.written.short_day(line.wanted_by)
        return [self.setter.squeezed(text, style, 1.3 * MODULE)]

    def _totals(self) -> list[Piece]:
        """Requests on the left of the sums, when they fit beside them."""
        content = self.content
        marks = self.block.totals(
            self._sums(),
            (words.TOTAL_ORDER.format(currency=content.currency), content.totals.gross),
            head=False,
        )
        requests, tall = self._requests()
        if tall > PAGE_HEIGHT / 3:
            return [
                Piece(lowest(marks) + 4, marks, before=10),
                *self._long_requests(),
            ]
        height = max(lowest(marks), tall) + 4
        return [Piece(height, [*requests, *marks], before=10)]

    def _sums(self) -> list[tuple[str, Decimal]]:
        content = self.content
        tax = content.tax_word
        rows = [(words.TOTAL_NET, content.totals.net)]
        if content.freight:
            goods = content.totals.net - content.freight
            rows = [(words.TOTAL_GOODS, goods), (words.TOTAL_FREIGHT, content.freight), *rows]
        if content.taxes:
            percent = self.written.percent
            rows += [
                (words.TOTAL_TAX_RATE.format(tax=tax, rate=percent(line.rate)), line.tax)
                for line in content.taxes
            ]
        else:
            rows.append((words.TOTAL_TAX.format(tax=tax), content.totals.tax))
        return rows

    def _requests(self) -> tuple[list[Mark], float]:
        content, styles = self.content, self.styles
        if not content.requests:
            return [], 0.0
        marks: list[Mark] = []
        title, fitting = self.setter.squeezed(content.requests_title, styles.strong, REQUESTS_WIDTH)
        marks.append(left(title, fitting, LEFT, 10.5))
        down = 16.0
        for number, text in enumerate(content.requests, start=1):
            label = self.setter.line(str(number), styles.terms_muted)
            marks.append(Text(LEFT, down + styles.terms.drop, label, styles.terms_muted))
            for line in self._request_lines(text):
                marks.append(Text(LEFT + 16, down + styles.terms.drop, line, styles.terms))
                down += styles.terms.leading
            down += 1.4
        return marks, down

    def _long_requests(self) -> list[Piece]:
        pieces: list[Piece] = []
        for number, text in enumerate(self.content.requests, start=1):
            label = self.setter.line(str(number), self.styles.terms_muted)
            lines = [(line, self.styles.terms) for line in self._request_lines(text)]
            stacks = [
                Stack(LEFT, [(label, self.styles.terms_muted)]),
                Stack(LEFT + 16, lines),
            ]
            pieces += row(stacks, padding=1)
        return pieces

    def _request_lines(self, text: str) -> Sequence[Line]:
        return self.setter.lines(text, self.styles.terms, REQUESTS_WIDTH - 16)

"""The quote: letter, lines, options, price breaks, totals, terms, a box to say yes, and safety."""

from procurement.documents.blocks import Block, lowest
from procurement.documents.content import QuoteContent, QuoteLine
from procurement.documents.cover import cover_page
from procurement.documents.figures import Figures, figures
from procurement.documents.furniture import (
    Paper,
    Sheet,
    headline,
    opening,
    paragraph,
    publish,
    sheets,
)
from procurement.documents.ladder import ladders
from procurement.documents.languages.tax_names import tax_head
from procurement.documents.layout import (
    LEFT,
    MODULE,
    PADDING,
    RIGHT,
    Box,
    Mark,
    Piece,
    Stack,
    chained,
    column,
    kept_to_last,
    left,
    right,
)
from procurement.documents.safety import safety_pages
from procurement.documents.table import (
    DISCOUNT_EDGE,
    TAX_X,
    HeadCell,
    Table,
    price_head,
    product_heads,
    total_head,
)
from procurement.documents.typesetting import INK, Styles, Typesetter, styles_for
from procurement.documents.words import NONE

TICK, TICK_DOWN = 9.2, 21.6
MOST_TOGETHER = 8


def draw_quote(content: QuoteContent) -> bytes:
    """The same content gives the same bytes."""
    paper, pieces, setter, styles = _set(content)
    return publish(paper, pieces, setter, styles, _cover(content, setter, styles))


def quote_sheets(content: QuoteContent) -> list[Sheet]:
    """The same pages before they are written, for a preview on the screen."""
    paper, pieces, setter, styles = _set(content)
    return sheets(paper, pieces, setter, styles, _cover(content, setter, styles))


def _cover(content: QuoteContent, setter: Typesetter, styles: Styles) -> list[Mark]:
    return cover_page(content.cover, content.letterhead, setter, styles) if content.cover else []


def _set(content: QuoteContent) -> tuple[Paper, list[Piece], Typesetter, Styles]:
    setter = Typesetter(content.locale)
    styles = styles_for(content.letterhead.colour)
    written = figures(content.locale, content.currency)
    pieces = _Quote(content, setter, styles, written).pieces()
    running = " · ".join(
        (
            f"{content.title} {content.number}",
            setter.words.revision.format(revision=content.revision),
            written.date(content.issued_on),
        )
    )
    paper = Paper(
        letterhead=content.letterhead,
        title=f"{content.title} {content.number}",
        running=running,
        issued_on=content.issued_on,
        locale=content.locale,
        watermark=content.watermark,
    )
    return paper, pieces, setter, styles


class _Quote:
    def __init__(
        self, content: QuoteContent, setter: Typesetter, styles: Styles, written: Figures
    ) -> None:
        self.content = content
        self.setter = setter
        self.words = setter.words
        self.styles = styles
        self.written = written
        self.lines = [line for section in content.sections for line in section.lines]
        pictures = any(line.picture for line in (*self.lines, *content.options))
        self.table = Table(setter, styles, written, pictures=pictures)
        self.block = Block(setter, styles, written, content.currency)
        self.head = self.table.head(self._heads(pictures=pictures))

    def pieces(self) -> list[Piece]:
        """Everything before the totals is one run of tables; they keep to its last line."""
        tables = [self.head, *self._sections(), *self._options()]
        tables += ladders(self.block, (*self.lines, *self.content.options))
        return [
            *self._letter(),
            *kept_to_last(tables, self._totals()),
            *self.block.notes(self.content.terms, before=20),
            *self._answer(),
            *self._safety(),
        ]

    def _letter(self) -> list[Piece]:
        content = self.content
        own = [(label, told, i == 0) for i, (label, told) in enumerate(content.data) if told]
        data = own or [
            (self.words.quotation, content.number, True),
            (self.words.revision_label, self._revision(), False),
            (self.words.date, self.written.day(content.issued_on), False),
            (self.words.valid_until, self.written.day(content.valid_until), False),
        ]
        if content.contact and not own:
            data.append((self.words.contact, content.contact, False))
        return [
            *opening(content.letterhead, content.recipient, data, self.setter, self.styles),
            *headline(content.title, self.setter, self.styles, before=28),
            *_after(paragraph(content.intro, self.styles.intro, self.setter), 6),
            *paragraph(content.signed, self.styles.signed, self.setter),
        ]

    def _revision(self) -> str:
        content = self.content
        if content.replaces is None:
            return str(content.revision)
        return self.words.replaces.format(revision=content.revision, replaces=content.replaces)

    def _heads(self, *, pictures: bool) -> list[HeadCell]:
        tax = tax_head(self.words, self.content.tax_word)
        return [
            *product_heads(self.words, self.words.product_head, pictures=pictures),
            HeadCell((self.words.quantity_head,), column(4.9)),
            price_head(self.words, self.content.currency),
            HeadCell(self.words.discount_head, column(DISCOUNT_EDGE), right=True),
            HeadCell(tax, column(9.64), width=0.55),
            total_head(self.words, self.content.currency),
        ]

    def _sections(self) -> list[Piece]:
        pieces: list[Piece] = []
        for section in self.content.sections:
            rows: list[Piece] = []
            if section.title:
                rows += self.table.section(section.number, section.title, self.head)
            for line in section.lines:
                rows += self._line(line)
            if section.subtotal is not None:
                text = self.words.subtotal_plain
                if section.title:
                    text = self.words.subtotal.format(title=section.title)
                rows = kept_to_last(rows, self.table.subtotal(text, section.subtotal, self.head))
            pieces += rows
        return pieces

    def _line(self, line: QuoteLine, *, optional: bool = False) -> list[Piece]:
        styles = self.styles
        if line.kind == "text":
            return self.table.row("", None, [self._words(line.name)], self.head, framed=False)
        seconds = [" · ".join(part for part in (line.sku, line.detail) if part)]
        if line.kind == "sample":
            seconds.insert(0, self.words.sample)
        if line.instead_of:
            seconds.append(self.words.instead_of.format(number=line.instead_of))
        seconds += line.text.splitlines()
        discount = NONE if line.discount is None else self.written.percent(line.discount)
        told = self.written.money(line.net)
        if line.kind == "sample":
            told = self.words.free
        elif optional and not line.instead_of:
            told = f"+ {told}"
        shown, fitting = self.setter.squeezed(line.tax_code, styles.cell_muted, 0.5 * MODULE)
        stacks = [
            self.table.name(line.name, seconds),
            *self.table.quantity(line.packs, line.base),
            *([] if line.kind == "sample" else self.table.price(line.price)),
            self.table.discount(discount),
            Stack(column(TAX_X), [(shown, fitting)]),
            self.table.total(told, styles.cell if optional else styles.strong),
        ]
        least = TICK_DOWN + TICK - PADDING if optional else 0.0
        box = [Box(LEFT, TICK_DOWN, (TICK, TICK), stroke=INK, width=0.6)] if optional else []
        return self.table.row(
            line.number, line.picture, stacks, self.head, tint=optional, least=least, beside=box
        )

    def _words(self, said: str) -> Stack:
        """Words across the columns, as they were written."""
        style = self.styles.cell
        width = column(TAX_X) - self.table.name_x
        lines = [line for part in said.splitlines() for line in self.setter.set(part, style, width)]
        return Stack(self.table.name_x, lines)

    def _options(self) -> list[Piece]:
        """Outside every total: tinted, a box to tick, the price with a plus."""
        pieces: list[Piece] = []
        added = [line for line in self.content.options if not line.instead_of]
        if added:
            pieces += self._chooser(self.words.optional, self.words.optional_hint)
        for line in added:
            pieces += self._line(line, optional=True)
        return [*pieces, *self._alternatives()]

    def _alternatives(self) -> list[Piece]:
        """One of a group: first the line that is counted, its box filled, then what may take its place."""
        known = {line.number: line for line in self.lines}
        groups: dict[str, list[QuoteLine]] = {}
        for line in self.content.options:
            if line.instead_of:
                groups.setdefault(line.instead_of, []).append(line)
        pieces: list[Piece] = []
        for number, others in groups.items():
            pieces += self._chooser(self.words.one_of, "" if pieces else self.words.one_of_hint)
            rows = self._counted(known[number]) if number in known else []
            for line in others:
                rows += self._line(line, optional=True)
            # A reader compares them side by side, as long as a page has room for that.
            pieces += chained(rows) if len(rows) <= MOST_TOGETHER else rows
        return pieces

    def _chooser(self, title: str, hint: str) -> list[Piece]:
        head, second = self.styles.section, self.styles.terms_muted
        name = self.setter.line(title, head)
        down = 6 + head.drop
        marks: list[Mark] = [left(name, head, LEFT, down)]
        if hint:
            x = LEFT + name.width * head.size / 1000 + 6
            told, fitting = self.setter.squeezed(hint, second, RIGHT - x)
            marks.append(left(told, fitting, x, down))
        return [Piece(23.5, marks, keep=True, head=self.head, bookmark=title)]

    def _counted(self, line: QuoteLine) -> list[Piece]:
        """The suggested line in short: its place in the table is above."""
        muted = self.styles.cell_muted
        told = " · ".join(part for part in (line.sku, self.words.counted_here) if part)
        net = self.setter.squeezed(self.written.money(line.net), muted, 1.75 * MODULE)
        stacks = [self.table.name(line.name, (told,)), Stack(RIGHT, [net], right)]
        least = TICK_DOWN + TICK - PADDING
        box = [Box(LEFT, TICK_DOWN, (TICK, TICK), fill=INK, stroke=INK, width=0.6)]
        made = self.table.row(
            line.number, line.picture, stacks, self.head, tint=True, least=least, beside=box
        )
        made[0].keep = True
        return made

    def _totals(self) -> list[Piece]:
        content = self.content
        rows = [
            (self.words.total_net, content.totals.net),
            (content.tax_word, content.totals.tax),
        ]
        grand = (content.total_word or self.words.total_to_pay, content.totals.gross)
        marks: list[Mark] = []
        if content.taxes:
            notes = (*content.untaxed, content.rounding)
            marks += self.block.tax_summary(content.taxes, content.tax_word, notes)
        marks += self.block.totals(rows, grand, head=True)
        return [Piece(lowest(marks) + 4, marks, before=22)]

    def _answer(self) -> list[Piece]:
        box = self.content.acceptance
        return self.block.answer(box, before=18) if box else []

    def _safety(self) -> list[Piece]:
        safety = self.content.safety
        return safety_pages(safety, self.block) if safety else []


def _after(pieces: list[Piece], white: float) -> list[Piece]:
    if pieces:
        pieces[0].before = white
    return pieces

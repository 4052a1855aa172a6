"""The top-up run: what to pick in the storeroom, then room by room what to put down, each with a box to tick."""

from procurement.documents import words
from procurement.documents.blocks import Block
from procurement.documents.content import AnswerBox, RunPart, RunPartLine, TopUpRunContent
from procurement.documents.figures import Figures, figures
from procurement.documents.furniture import Paper, headline, opening, publish
from procurement.documents.layout import (
    HEAVY,
    LEFT,
    MM,
    MODULE,
    PADDING,
    RIGHT,
    Box,
    Piece,
    Stack,
    column,
    kept_to_last,
)
from procurement.documents.table import HeadCell, Table
from procurement.documents.text import Line
from procurement.documents.typesetting import INK, Style, Styles, Typesetter, styles_for

AMOUNT_EDGE, LOT_X, BOX_X = 5.6, 8.0, 11.3
TICK = 4 * MM


def draw_top_up_run(content: TopUpRunContent) -> bytes:
    """The same content gives the same bytes."""
    setter = Typesetter(content.locale)
    styles = styles_for(content.letterhead.colour)
    written = figures(content.locale)
    pieces = _Run(content, setter, styles, written).pieces()
    title = f"{content.title} {content.number}"
    paper = Paper(
        letterhead=content.letterhead,
        title=title,
        running=f"{title} · {content.site}",
        issued_on=content.drafted_on,
        locale=content.locale,
        watermark="",
    )
    return publish(paper, pieces, setter, styles)


class _Run:
    def __init__(
        self, content: TopUpRunContent, setter: Typesetter, styles: Styles, written: Figures
    ) -> None:
        self.content = content
        self.setter = setter
        self.styles = styles
        self.written = written
        self.table = Table(setter, styles, written, pictures=False)
        self.block = Block(setter, styles, written, "")

    def pieces(self) -> list[Piece]:
        content = self.content
        heads = [(words.HEAD_TO_PICK, part) for part in content.shelves]
        heads += [(words.HEAD_TO_PUT_DOWN, part) for part in content.rooms]
        rows: list[Piece] = []
        for number, (word, part) in enumerate(heads, start=1):
            rows += self._part(str(number), word, part)
        box = AnswerBox(title="", text="", fields=words.WALKED)
        return [
            *opening(content.letterhead, (content.site,), self._data(), self.setter, self.styles),
            *headline(content.title, self.setter, self.styles, before=28),
            *kept_to_last(rows, self.block.answer(box, before=22)),
        ]

    def _data(self) -> list[tuple[str, str, bool]]:
        content = self.content
        return [
            (words.RUN, content.number, True),
            (words.DATE, self.written.day(content.drafted_on), False),
            (words.DRAFTED_BY, content.drafted_by, False),
        ]

    def _part(self, number: str, word: str, part: RunPart) -> list[Piece]:
        head = self.table.head(
            [
                HeadCell((word.format(place=part.name),), LEFT, width=5),
                HeadCell((words.HEAD_AMOUNT,), column(AMOUNT_EDGE - 0.45)),
                HeadCell((words.HEAD_LOT,), column(LOT_X), width=2),
            ]
        )
        head.bookmark = f"{number} {part.name}"
        rows = [head]
        for index, line in enumerate(part.lines, start=1):
            rows += self._line(f"{number}.{index}", line, head)
        return rows

    def _line(self, number: str, line: RunPartLine, head: Piece) -> list[Piece]:
        stacks = [
            self.table.name(line.name, [line.sku], until=4.7),
            *self.table.quantity(line.amount, line.base, AMOUNT_EDGE),
            Stack(column(LOT_X), self._lots(line)),
        ]
        x = min(column(BOX_X), RIGHT - TICK)
        box = Box(x, PADDING, (TICK, TICK), "", INK, HEAVY)
        return self.table.row(number, None, stacks, head, beside=[box])

    def _lots(self, line: RunPartLine) -> list[tuple[Line, Style]]:
        width = (BOX_X - LOT_X) * MODULE - 8
        cell, second = self.styles.cell, self.styles.second
        told: list[tuple[Line, Style]] = []
        for lot in line.lots:
            until = words.NO_EXPIRY
            if lot.use_by:
                until = words.EXPIRES.format(date=self.written.short_date(lot.use_by))
            first = f"{lot.lot}: {lot.amount}" if lot.amount else lot.lot
            told += [(text, cell) for text in self.setter.lines(first, cell, width)]
            told += [(text, second) for text in self.setter.lines(until, second, width)]
        return told

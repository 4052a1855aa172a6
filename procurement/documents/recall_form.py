"""A recall on paper: where the goods stand and what became of them, the treatments and customers they went to."""

from collections.abc import Sequence

from procurement.documents import words
from procurement.documents.content import RecallContent, RecallPlace
from procurement.documents.figures import Figures, figures
from procurement.documents.furniture import Paper, headline, opening, paragraph, publish
from procurement.documents.layout import MODULE, RIGHT, Piece, Stack, column
from procurement.documents.table import HeadCell, Table, product_heads
from procurement.documents.text import Line
from procurement.documents.typesetting import Style, Styles, Typesetter, styles_for

PLACE_X, QUANTITY_EDGE, OUTCOME_X = 4.0, 7.4, 8.7


def draw_recall(content: RecallContent) -> bytes:
    """The same content gives the same bytes."""
    setter = Typesetter(content.locale)
    styles = styles_for(content.letterhead.colour)
    written = figures(content.locale)
    title = f"{content.title} {content.number}"
    paper = Paper(
        letterhead=content.letterhead,
        title=title,
        running=f"{title} · {written.date(content.started_on)}",
        issued_on=content.started_on,
        locale=content.locale,
        watermark=content.watermark,
    )
    return publish(paper, _Recall(content, setter, styles, written).pieces(), setter, styles)


class _Recall:
    def __init__(
        self, content: RecallContent, setter: Typesetter, styles: Styles, written: Figures
    ) -> None:
        self.content = content
        self.setter = setter
        self.styles = styles
        self.written = written
        self.table = Table(setter, styles, written, pictures=False)

    def pieces(self) -> list[Piece]:
        content = self.content
        # In one text that wraps: a recall may name fifty lots, and the places should begin on the first page.
        word = "Lot" if len(content.lots) == 1 else "Lots"
        what = (content.product, content.sku, f"{word} {', '.join(content.lots)}")
        pieces = [
            *opening(content.letterhead, what, self._data(), self.setter, self.styles),
            *headline(content.title, self.setter, self.styles, before=28),
            *paragraph(content.reason, self.styles.intro, self.setter),
        ]
        summary = paragraph(" ".join(content.summary), self.styles.intro, self.setter)
        if summary:
            summary[0].before = 8
        return [
            *pieces,
            *summary,
            *self._section(words.RECALL_PLACES, content.places, words.RECALL_OUTCOME),
            *self._section(words.RECALL_CUSTOMERS, content.customers, words.RECALL_PAPER),
            *self._section(words.RECALL_TREATMENTS, content.treatments, words.RECALL_WHO),
        ]

    def _data(self) -> list[tuple[str, str, bool]]:
        content = self.content
        closed = self.written.day(content.closed_on) if content.closed_on else ""
        data = [
            (words.NUMBER, content.number, True),
            (words.DATE, self.written.day(content.started_on), False),
            (words.RECALL_STARTED_BY, content.started_by, False),
            (words.RECALL_PROGRESS, content.progress, True),
            (words.RECALL_CLOSED, closed, False),
        ]
        return [entry for entry in data if entry[1]]

    def _section(self, title: str, rows: Sequence[RecallPlace], last_head: str) -> list[Piece]:
        if not rows:
            return []
        head = self.table.head(
            [
                *product_heads(self.setter.words, title, pictures=False),
                HeadCell((words.RECALL_WHERE,), column(PLACE_X), width=2.3),
                HeadCell((words.HEAD_QUANTITY,), column(QUANTITY_EDGE - 0.6)),
                HeadCell((last_head,), column(OUTCOME_X), width=2),
            ]
        )
        pieces = [head]
        for one in rows:
            stacks = [
                self.table.name(one.what, [one.detail] if one.detail else [], until=PLACE_X - 0.2),
                Stack(
                    column(PLACE_X), self._plain(one.place, (QUANTITY_EDGE - PLACE_X - 1) * MODULE)
                ),
                *self.table.quantity(one.quantity, None, QUANTITY_EDGE),
                Stack(column(OUTCOME_X), self._outcome(one)),
            ]
            pieces += self.table.row(one.number, None, stacks, head)
        return pieces

    def _outcome(self, one: RecallPlace) -> list[tuple[Line, Style]]:
        width = RIGHT - column(OUTCOME_X)
        second = self.styles.second
        told = [(line, second) for line in self.setter.lines(one.settled, second, width)]
        return [*self._plain(one.outcome or words.RECALL_OPEN, width), *told]

    def _plain(self, text: str, width: float) -> list[tuple[Line, Style]]:
        style = self.styles.cell
        return [(line, style) for line in self.setter.lines(text, style, width)]

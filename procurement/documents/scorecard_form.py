"""The scorecard of a supplier: its figures, and the documents that did not keep the word."""

from procurement.documents.figures import Figures, figures
from procurement.documents.furniture import Paper, headline, opening, paragraph, publish
from procurement.documents.layout import MODULE, RIGHT, Piece, Stack, column
from procurement.documents.scorecard_content import (
    ScorecardContent,
    ScorecardFigure,
    ScorecardPart,
    ScorecardRow,
)
from procurement.documents.table import HeadCell, Table
from procurement.documents.text import Line
from procurement.documents.typesetting import Style, Styles, Typesetter, styles_for

VALUE_X, DETAIL_X = 4.6, 6.4
DAY_X, SAYS_X = 6.4, 8.0
SMALL_GAP = 8.0


def draw_scorecard(content: ScorecardContent) -> bytes:
    """The same content gives the same bytes."""
    setter = Typesetter(content.locale)
    styles = styles_for(content.letterhead.colour)
    written = figures(content.locale)
    name = content.supplier[0] if content.supplier else ""
    paper = Paper(
        letterhead=content.letterhead,
        title=f"{content.title} {name}",
        running=f"{content.title} {name} · {written.date(content.made_on)}",
        issued_on=content.made_on,
        locale=content.locale,
        watermark="",
    )
    return publish(paper, _Scorecard(content, setter, styles, written).pieces(), setter, styles)


class _Scorecard:
    def __init__(
        self, content: ScorecardContent, setter: Typesetter, styles: Styles, written: Figures
    ) -> None:
        self.content = content
        self.setter = setter
        self.styles = styles
        self.written = written
        self.table = Table(setter, styles, written, pictures=False)

    def pieces(self) -> list[Piece]:
        content = self.content
        explained = paragraph(content.explained, self.styles.intro, self.setter)
        if explained:
            explained[0].before = 16
        return [
            *opening(content.letterhead, content.supplier, self._data(), self.setter, self.styles),
            *headline(content.title, self.setter, self.styles, before=28),
            *self._figures(),
            *(piece for part in content.parts for piece in self._part(part)),
            *explained,
        ]

    def _data(self) -> list[tuple[str, str, bool]]:
        content = self.content
        return [
            ("From", self.written.day(content.since), False),
            ("To", self.written.day(content.until), False),
            ("Made", self.written.day(content.made_on), False),
        ]

    def _figures(self) -> list[Piece]:
        head = self._head(
            ("Figure", self.table.name_x), ("", column(VALUE_X)), ("Made of", column(DETAIL_X))
        )
        pieces = [head]
        for one in self.content.figures:
            pieces += self.table.row("", None, self._figure(one), head)
        return pieces

    def _figure(self, one: ScorecardFigure) -> list[Stack]:
        value = self.setter.lines(one.value, self.styles.strong, (DETAIL_X - VALUE_X) * MODULE - 4)
        return [
            self.table.name(one.name, [], until=VALUE_X - 0.2),
            Stack(column(VALUE_X), [(line, self.styles.strong) for line in value]),
            Stack(column(DETAIL_X), self._plain(one.detail, RIGHT - column(DETAIL_X))),
        ]

    def _part(self, part: ScorecardPart) -> list[Piece]:
        if not part.rows:
            return []
        head = self._head(
            (part.title, self.table.name_x), ("Day", column(DAY_X)), ("", column(SAYS_X))
        )
        pieces = [head]
        for number, one in enumerate(part.rows, 1):
            pieces += self.table.row(str(number), None, self._row(one), head)
        if part.more:
            more = paragraph(
                f"{part.more} more are in the file.", self.styles.terms_muted, self.setter
            )
            if more:
                more[0].before = SMALL_GAP
            pieces += more
        return pieces

    def _row(self, one: ScorecardRow) -> list[Stack]:
        day = self.written.short_date(one.on)
        return [
            self.table.name(one.name, [one.detail] if one.detail else [], until=DAY_X - 0.2),
            Stack(column(DAY_X), self._plain(day, (SAYS_X - DAY_X) * MODULE - 4)),
            Stack(column(SAYS_X), self._plain(one.says, RIGHT - column(SAYS_X))),
        ]

    def _head(self, *cells: tuple[str, float]) -> Piece:
        return self.table.head([HeadCell((text,), x, width=4.4) for text, x in cells if text])

    def _plain(self, text: str, width: float) -> list[tuple[Line, Style]]:
        style = self.styles.cell
        return [(line, style) for line in self.setter.lines(text, style, width)]

"""What the papers about a supplier's goods share: their head, their opening, and how they become a PDF."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from procurement.documents.blocks import Block
from procurement.documents.content import Letterhead
from procurement.documents.figures import figures
from procurement.documents.furniture import Paper, headline, opening, paragraph, publish
from procurement.documents.layout import Piece
from procurement.documents.table import Table
from procurement.documents.typesetting import Typesetter, styles_for


class GoodsContent(Protocol):
    @property
    def letterhead(self) -> Letterhead: ...
    @property
    def supplier(self) -> tuple[str, ...]: ...
    @property
    def title(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def notes(self) -> str: ...
    @property
    def locale(self) -> str: ...
    @property
    def watermark(self) -> str: ...


class GoodsPaper:
    """The tools for one paper; `day` is the one it bears."""

    def __init__(
        self, content: GoodsContent, day: date, *, currency: str = "", pictures: bool
    ) -> None:
        self.shown = content
        self.day = day
        self.setter = Typesetter(content.locale)
        self.styles = styles_for(content.letterhead.colour)
        self.written = figures(content.locale)
        self.table = Table(self.setter, self.styles, self.written, pictures=pictures)
        self.block = Block(self.setter, self.styles, self.written, currency)

    def begun(self, data: Iterable[tuple[str, str, bool]]) -> list[Piece]:
        """Letterhead, address, what is filled in of the data, and the title."""
        content, told = self.shown, [entry for entry in data if entry[1]]
        return [
            *opening(content.letterhead, content.supplier, told, self.setter, self.styles),
            *headline(content.title, self.setter, self.styles, before=28),
        ]

    def notes(self) -> list[Piece]:
        found = paragraph(self.shown.notes, self.styles.intro, self.setter)
        if found:
            found[0].before = 16
        return found

    def published(self, pieces: list[Piece]) -> bytes:
        """The same content gives the same bytes."""
        content = self.shown
        title = f"{content.title} {content.number}"
        paper = Paper(
            letterhead=content.letterhead,
            title=title,
            running=f"{title} · {self.written.date(self.day)}",
            issued_on=self.day,
            locale=content.locale,
            watermark=content.watermark,
        )
        return publish(paper, pieces, self.setter, self.styles)

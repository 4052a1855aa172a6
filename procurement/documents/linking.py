"""Places within a paper, and ways to them: for contents and indexes."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from procurement.documents.furniture import Sheet
from procurement.documents.layout import PAGE_HEIGHT
from procurement.documents.pen import Pen


class Goal(NamedTuple):
    """Where a link may lead."""

    key: str
    down: float = 0.0

    def draw(self, pen: Pen, top: float) -> None:
        place = min(top - self.down + 12, PAGE_HEIGHT)
        pen.bookmarkPage(self.key, fit="XYZ", left=0, top=place)


class Leap(NamedTuple):
    """An area that leads to a goal of the same paper."""

    x: float
    down: float
    size: tuple[float, float]
    key: str

    def draw(self, pen: Pen, top: float) -> None:
        upper = top - self.down
        area = (self.x, upper - self.size[1], self.x + self.size[0], upper)
        pen.linkRect("", self.key, area, relative=0, thickness=0)


def pages_of(sheets: Sequence[Sheet]) -> Mapping[str, int]:
    """On which page each goal is, the first being 1: give the sheets without their cover."""
    return {
        mark.key: number
        for number, sheet in enumerate(sheets, start=1)
        for mark, _ in sheet.marks
        if isinstance(mark, Goal)
    }

"""The grid, the pieces a paper is made of, and how they fall on pages.

A document is a list of pieces of known height. Pieces that belong together (a head and its first
line, the last line and its totals) are chained; a chain moves to the next page as one. So the number
of pages is known before the first is drawn.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple, Protocol

from procurement.documents.pen import Pen
from procurement.documents.pictures import Prepared
from procurement.documents.text import Line
from procurement.documents.typesetting import RULE, Style

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
LEFT, WIDTH = 25 * MM, 165 * MM
GUTTER = 4 * MM
MODULE = (WIDTH + GUTTER) / 12  # a column and its gutter
FIRST_TOP, OTHER_TOP, BOTTOM = 45 * MM, 29 * MM, 22 * MM
HAIR, HEAVY, FINAL = 0.35, 0.9, 1.4
PADDING = 4.2
# A row may be as high as this before it is allowed to continue on the next page.
ROW_LIMIT = 60 * MM


def column(modules: float) -> float:
    """The x of a place on the grid, from the left edge of the page."""
    return LEFT + modules * MODULE


RIGHT = LEFT + WIDTH


class Mark(Protocol):
    """Something on a piece; ``top`` is the upper edge of the piece on its page."""

    def draw(self, pen: Pen, top: float) -> None: ...


class Text(NamedTuple):
    x: float
    down: float  # from the top of the piece to the baseline
    line: Line
    style: Style

    def draw(self, pen: Pen, top: float) -> None:
        pen.text(self.x, top - self.down, self.line, self.style)


class Rule(NamedTuple):
    x: float
    down: float
    length: float
    width: float = HAIR
    colour: str = RULE

    def draw(self, pen: Pen, top: float) -> None:
        pen.rule(self.x, top - self.down, self.length, self.width, self.colour)


class Upright(NamedTuple):
    """A vertical rule."""

    x: float
    down: float
    length: float
    width: float
    colour: str

    def draw(self, pen: Pen, top: float) -> None:
        upper = top - self.down
        line = f"{self.x:.2f} {upper:.2f} m {self.x:.2f} {upper - self.length:.2f} l"
        pen.path(line, stroke=self.colour, width=self.width)


class Box(NamedTuple):
    x: float
    down: float
    size: tuple[float, float]
    fill: str = ""
    stroke: str = ""
    width: float = HAIR

    def draw(self, pen: Pen, top: float) -> None:
        y = top - self.down - self.size[1]
        if self.fill:
            pen.box(self.x, y, self.size, self.fill)
        if self.stroke:
            pen.frame(self.x, y, self.size, self.width, self.stroke)


class Art(NamedTuple):
    """A picture, as large as its frame allows, in the middle of it."""

    x: float
    down: float
    size: tuple[float, float]
    picture: Prepared
    middle: bool = True

    def draw(self, pen: Pen, top: float) -> None:
        width, height = scaled(self.picture, self.size)
        x = self.x + (self.size[0] - width) / 2 if self.middle else self.x
        y = top - self.down - (self.size[1] + height) / 2
        pen.picture(x, y, (width, height), self.picture)


class Sketch(NamedTuple):
    """A drawing that knows its own strokes."""

    paint: Callable[[Pen, float], None]

    def draw(self, pen: Pen, top: float) -> None:
        self.paint(pen, top)


@dataclass(slots=True)
class Piece:
    """A band across the page."""

    height: float
    marks: list[Mark] = field(default_factory=list)
    keep: bool = False  # on the page of the next piece
    before: float = 0.0  # white above, except at the top of a page
    head: "Piece | None" = None  # drawn again when this piece opens a page
    bookmark: str = ""
    opens_page: bool = False


class Placed(NamedTuple):
    piece: Piece
    top: float


def scaled(picture: Prepared, size: tuple[float, float]) -> tuple[float, float]:
    factor = min(size[0] / picture.width, size[1] / picture.height)
    return picture.width * factor, picture.height * factor


def left(line: Line, style: Style, x: float, down: float) -> Text:
    return Text(x, down, line, style)


def right(line: Line, style: Style, edge: float, down: float) -> Text:
    return Text(edge - line.width * style.size / 1000, down, line, style)


def centred(line: Line, style: Style, middle: float, down: float) -> Text:
    return Text(middle - line.width * style.size / 2000, down, line, style)


class Stack(NamedTuple):
    """Lines under each other in one cell."""

    x: float
    lines: Sequence[tuple[Line, Style]]
    align: Callable[[Line, Style, float, float], Text] = left
    above: Sequence[tuple[Line, Style]] = ()  # over the whole width, before the cells of its row


def height_of(lines: Sequence[tuple[Line, Style]]) -> float:
    return sum(style.leading for _, style in lines)


def stacked(stack: Stack, down: float) -> Iterator[Text]:
    for line, style in stack.lines:
        yield stack.align(line, style, stack.x, down + style.drop)
        down += style.leading


def row(stacks: Sequence[Stack], *, least: float = 0.0, padding: float = PADDING) -> list[Piece]:
    """Cells side by side; a row beyond all measure becomes several pieces."""
    tallest = max((height_of(stack.lines) for stack in stacks), default=0.0)
    if tallest <= ROW_LIMIT:
        height = max(tallest, least) + 2 * padding
        return [Piece(height, [mark for stack in stacks for mark in stacked(stack, padding)])]
    pieces: list[Piece] = []
    slices = [list(_sliced(stack, ROW_LIMIT)) for stack in stacks]
    count = max(len(part) for part in slices)
    for index in range(count):
        parts = [part[index] for part in slices if index < len(part)]
        upper = padding if index == 0 else 0.0
        tall = max(height_of(part.lines) for part in parts)
        marks: list[Mark] = [mark for part in parts for mark in stacked(part, upper)]
        lower = padding if index == count - 1 else 0.0
        pieces.append(Piece(max(tall, 0 if index else least) + upper + lower, marks))
    return pieces


def _sliced(stack: Stack, limit: float) -> Iterator[Stack]:
    start, tall = 0, 0.0
    for index, (_, style) in enumerate(stack.lines):
        if tall + style.leading > limit and index > start:
            yield stack._replace(lines=stack.lines[start:index])
            start, tall = index, 0.0
        tall += style.leading
    yield stack._replace(lines=stack.lines[start:])


def chained(pieces: Sequence[Piece]) -> list[Piece]:
    """All on one page, as far as a page is high enough."""
    for piece, _ in pairwise(pieces):
        piece.keep = True
    return list(pieces)


def kept_to_last(rows: Sequence[Piece], after: Sequence[Piece]) -> list[Piece]:
    """What follows a table never stands on a page without the table's last line."""
    pieces = list(rows)
    if pieces and after:
        pieces[-1].keep = True
    return [*pieces, *chained(after)]


def paginate(pieces: Sequence[Piece], first_top: float, other_top: float) -> list[list[Placed]]:
    """Tops count from the upper edge of the page; chains stay together."""
    lowest = PAGE_HEIGHT - BOTTOM
    pages: list[list[Placed]] = [[]]
    at = first_top

    def turn(piece: Piece) -> None:
        nonlocal at
        pages.append([])
        at = other_top
        if piece.head is not None:
            pages[-1].append(Placed(piece.head, at))
            at += piece.head.height

    for chain in _chains(pieces):
        if pages[-1] and (chain[0].opens_page or at + _length(chain) > lowest + 0.01):
            turn(chain[0])
        for piece in chain:
            white = piece.before if pages[-1] else 0.0
            if at + white + piece.height > lowest + 0.01 and pages[-1] and at > other_top:
                only_head = len(pages[-1]) == 1 and pages[-1][0].piece is piece.head
                if not only_head:
                    turn(piece)
                    white = 0.0
            at += white
            pages[-1].append(Placed(piece, at))
            at += piece.height
    return pages


def _chains(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    chain: list[Piece] = []
    for piece in pieces:
        chain.append(piece)
        if not piece.keep:
            yield chain
            chain = []
    if chain:
        yield chain


def _length(chain: Sequence[Piece]) -> float:
    return sum(piece.before + piece.height for piece in chain)

"""What surrounds the text: letterhead, address window, document data, running heads and feet."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from procurement.documents.content import Letterhead
from procurement.documents.layout import (
    FIRST_TOP,
    GUTTER,
    HAIR,
    HEAVY,
    LEFT,
    MM,
    MODULE,
    OTHER_TOP,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    RIGHT,
    WIDTH,
    Art,
    Mark,
    Piece,
    Rule,
    Stack,
    Text,
    column,
    left,
    paginate,
    right,
    row,
    scaled,
    stacked,
)
from procurement.documents.pen import Pen
from procurement.documents.pictures import HEAD_PIXELS, LOGO_PIXELS, Prepared, prepare
from procurement.documents.text import Line
from procurement.documents.typesetting import RULE, Style, Styles, Typesetter

WHITE = (255, 255, 255)
DATA_X, DATA_VALUE_X = 7.0, 8.51
DATA_PITCH = 15.7
LONGEST_BLOCK = 150 * MM
HEAD_TOP = 9 * MM


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as the reader's program names it."""

    letterhead: Letterhead
    title: str  # of the file and of the running head
    running: str
    issued_on: date
    locale: str
    watermark: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page: marks with the height they are counted from, and places for the outline (title, height)."""

    marks: tuple[tuple[Mark, float], ...]
    places: tuple[tuple[str, float], ...] = ()


def publish(
    paper: Paper,
    pieces: Sequence[Piece],
    setter: Typesetter,
    styles: Styles,
    cover: Sequence[Mark] = (),
) -> bytes:
    """The bytes of the file: the same for the same content, whenever it is drawn."""
    pages = sheets(paper, pieces, setter, styles, cover)
    stamp = _watermark(paper.watermark, setter)
    file = io.BytesIO()
    pen = Pen(file, (PAGE_WIDTH, PAGE_HEIGHT), setter.needed)
    _describe(pen, paper)
    for page in pages:
        if stamp:
            pen.watermark(*stamp, (PAGE_WIDTH, PAGE_HEIGHT))
        for title, top in page.places:
            _bookmark(pen, title, top)
        for mark, top in page.marks:
            mark.draw(pen, top)
        pen.next_page()
    pen.save()
    return file.getvalue()


def sheets(
    paper: Paper,
    pieces: Sequence[Piece],
    setter: Typesetter,
    styles: Styles,
    cover: Sequence[Mark] = (),
) -> list[Sheet]:
    """Every page as it will be drawn; a cover stands before the first and is not counted."""
    first, first_top = _letterhead(paper.letterhead, setter, styles)
    other = _running_head(paper, setter, styles)
    pages = paginate(pieces, first_top, OTHER_TOP)
    made = [Sheet(tuple((mark, PAGE_HEIGHT) for mark in cover))] if cover else []
    for number, page in enumerate(pages):
        foot = _foot(paper.letterhead, number + 1, len(pages), setter, styles)
        marks = [(mark, PAGE_HEIGHT) for mark in (other if number else first)]
        marks += [(mark, PAGE_HEIGHT - top) for piece, top in page for mark in piece.marks]
        marks += [(mark, PAGE_HEIGHT) for mark in foot]
        places = ((piece.bookmark, PAGE_HEIGHT - top) for piece, top in page if piece.bookmark)
        made.append(Sheet(tuple(marks), tuple(places)))
    return made


def _describe(pen: Pen, paper: Paper) -> None:
    stamp = f"D:{paper.issued_on:%Y%m%d}000000+00'00'"
    pen.setTitle(paper.title)
    pen.setAuthor(paper.letterhead.name)
    pen.setSubject(paper.running)
    pen.setCreator(paper.letterhead.name)
    pen.setDateFormatter(lambda *_: stamp)
    pen.setCatalogEntry("Lang", paper.locale.replace("_", "-"))
    pen.setViewerPreference("DisplayDocTitle", "true")


def _bookmark(pen: Pen, title: str, top: float) -> None:
    key = f"place-{pen.getPageNumber()}-{top:.0f}"
    pen.bookmarkPage(key, fit="XYZ", left=0, top=top + 12)
    pen.addOutlineEntry(title, key)


def _watermark(text: str, setter: Typesetter) -> tuple[Line, Style] | None:
    if not text:
        return None
    return setter.squeezed(text, Style("Medium", 110, 110, "#F0ECE8"), 200 * MM)


def _logo(letterhead: Letterhead) -> Prepared | None:
    return prepare(letterhead.logo, LOGO_PIXELS, WHITE) if letterhead.logo else None


def _drawn_head(sender: Letterhead, size: tuple[float, float], down: float) -> Art | None:
    """The sender's own letterhead as a picture, from the left edge of the text."""
    head = prepare(sender.head, HEAD_PIXELS, WHITE) if sender.head else None
    return Art(LEFT, down, size, head, middle=False) if head else None


def _letterhead(sender: Letterhead, setter: Typesetter, styles: Styles) -> tuple[list[Mark], float]:
    """Of the first page; and where the text may begin below it."""
    marks: list[Mark] = [Rule(5 * MM, 105 * MM, 4 * MM)]
    if drawn := _drawn_head(sender, (WIDTH, 32 * MM), HEAD_TOP):
        return [*marks, drawn], FIRST_TOP
    name_x = LEFT
    logo = _logo(sender)
    if logo:
        size = (60 * MM, 14.3 * MM)
        marks.append(Art(LEFT, 16.6 * MM, size, logo, middle=False))
        name_x += scaled(logo, size)[0] + 11.3
    contact_width = 5 * MODULE
    name_width = RIGHT - contact_width - GUTTER - name_x
    names = setter.lines(sender.name, styles.seller, name_width)
    stack = [(line, styles.seller) for line in names]
    stack += [
        (line, styles.terms_muted)
        for line in setter.lines(sender.tagline, styles.terms_muted, name_width)
    ]
    tall = sum(style.leading for _, style in stack)
    top = max(36.0, 68 - tall / 2)
    marks.extend(stacked(Stack(name_x, stack), top))
    down = 66.1
    for text in (", ".join(sender.address), " · ".join(sender.contact)):
        for line in setter.lines(text, styles.terms_muted, contact_width):
            marks.append(right(line, styles.terms_muted, RIGHT, down))
            down += 13.8
    return marks, max(FIRST_TOP, top + tall + 6 * MM, down)


def _running_head(paper: Paper, setter: Typesetter, styles: Styles) -> list[Mark]:
    marks: list[Mark] = []
    name_x, baseline = LEFT, 55.3
    running, style = setter.squeezed(paper.running, styles.terms_muted, 6.5 * MODULE)
    edge = RIGHT - running.width * style.size / 1000 - GUTTER
    small = (edge - LEFT, 14 * MM)
    drawn = _drawn_head(paper.letterhead, small, HEAD_TOP)
    if drawn and paper.letterhead.head_everywhere:
        return [drawn, right(running, style, RIGHT, baseline)]
    logo = _logo(paper.letterhead)
    if logo:
        size = (28 * MM, 6.5 * MM)
        marks.append(Art(LEFT, 15 * MM, size, logo, middle=False))
        name_x += scaled(logo, size)[0] + 8
    name, name_style = setter.squeezed(paper.letterhead.name, styles.small_seller, edge - name_x)
    marks.append(left(name, name_style, name_x, baseline))
    marks.append(right(running, style, RIGHT, baseline))
    return marks


def _foot(
    sender: Letterhead, page: int, pages: int, setter: Typesetter, styles: Styles
) -> list[Mark]:
    marks: list[Mark] = [Rule(LEFT, PAGE_HEIGHT - 18 * MM, WIDTH)]
    down = PAGE_HEIGHT - 13 * MM
    style = styles.second
    for line in setter.lines(sender.footer, style, 9.5 * MODULE)[:3]:
        marks.append(left(line, style, LEFT, down))
        down += style.leading
    numbers = setter.line(setter.words.page.format(page=page, pages=pages), style)
    marks.append(right(numbers, style, RIGHT, PAGE_HEIGHT - 13 * MM))
    return marks


def opening(
    sender: Letterhead,
    recipient: Sequence[str],
    data: Sequence[tuple[str, str, bool]],
    setter: Typesetter,
    styles: Styles,
) -> list[Piece]:
    """The address in its window beside the data of the document (label, value, strong)."""
    width = 5.8 * MODULE
    parts: list[list[tuple[Line, Style]]] = []
    for index, text in enumerate(recipient):
        style = styles.address if index else styles.address_head
        parts.append(setter.set(text, style, width))
    address = [line for part in parts for line in part]
    from_line, from_style = setter.squeezed(
        " · ".join((sender.name, *sender.address)), styles.sender, width
    )
    marks: list[Mark] = [left(from_line, from_style, LEFT, 6.6)]
    marks.extend(stacked(Stack(LEFT, address), 13.8))
    facts, facts_height = _facts(data, setter, styles)
    height = max(79.0, 13.8 + sum(style.leading for _, style in address), facts_height)
    if height <= LONGEST_BLOCK:
        return [Piece(height, [*marks, *facts])]
    # Texts beyond all measure: nothing is lost, though it is no longer a letter.
    values = [
        (line, styles.cell)
        for label, value, _ in data
        for line in setter.lines(f"{label}: {value}", styles.cell, 5 * MODULE - GUTTER)
    ]
    pieces = row([Stack(LEFT, parts[0] if parts else []), Stack(column(DATA_X), values)])
    for part in parts[1:]:  # each on one page
        pieces += row([Stack(LEFT, part)], padding=0)
    return pieces


def _facts(
    data: Sequence[tuple[str, str, bool]], setter: Typesetter, styles: Styles
) -> tuple[list[Mark], float]:
    marks: list[Mark] = []
    down = 10.5
    x, value_x = column(DATA_X), column(DATA_VALUE_X)
    for label, value, strong in data:
        style = styles.strong if strong else styles.cell
        text, label_style = setter.squeezed(label, styles.cell_muted, value_x - x - 4)
        marks.append(left(text, label_style, x, down))
        for index, line in enumerate(setter.lines(value, style, RIGHT - value_x)):
            down += style.leading if index else 0
            marks.append(left(line, style, value_x, down))
        marks.append(Rule(x, down + 4.6, RIGHT - x, HAIR, RULE))
        down += DATA_PITCH
    return marks, down - 11


def headline(text: str, setter: Typesetter, styles: Styles, *, before: float) -> list[Piece]:
    """The large title, kept with what follows."""
    pieces = [
        Piece(styles.title.leading, [left(line, styles.title, LEFT, styles.title.drop)], keep=True)
        for line in setter.lines(text, styles.title, WIDTH)
    ]
    if pieces:
        pieces[0].before = before
        pieces[0].bookmark = text
    return pieces


def paragraph(
    text: str, style: Style, setter: Typesetter, *, width: float = 9.5 * MODULE, x: float = LEFT
) -> list[Piece]:
    """Line by line, so that it may run over; never one line alone on a page."""
    pieces = []
    for line, fitting in setter.set(text, style, width):
        place = (
            right(line, fitting, x + width, fitting.drop)
            if line.rtl
            else Text(x, fitting.drop, line, fitting)
        )
        pieces.append(Piece(fitting.leading, [place]))
    for piece in (*pieces[:1], *pieces[-2:-1]):
        piece.keep = len(pieces) > 1
    return pieces


def heavy_rule(down: float, styles: Styles, x: float = LEFT, length: float = WIDTH) -> Rule:
    return Rule(x, down, length, HEAVY, styles.brand)

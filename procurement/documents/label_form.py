"""Draws labels: the code in its corner or along the foot, the words in what is left, cut rather than overflowing."""

import io
from dataclasses import dataclass

from procurement.documents.label_content import Label, LabelFormat, LabelSheet, Symbol, SymbolKind
from procurement.documents.layout import MM, PAGE_HEIGHT, PAGE_WIDTH
from procurement.documents.pen import Pen
from procurement.documents.symbols import Drawing, drawing_of
from procurement.documents.text import Line
from procurement.documents.typesetting import INK, MUTED, RULE, Style, Typesetter

BLACK = "#000000"
PAD = 2.2 * MM
GAP = 1.6 * MM
DOT = 72 / 300  # a printer's dot; modules are whole dots, so that bars are equally wide
LEAST_MODULE = 0.3 * MM  # below it cheap scanners give up
LARGEST_MODULE = 0.55 * MM
LARGEST_BARS = 0.4 * MM
CARD_BARS = 0.7 * MM
SHRINK = (1.0, 0.92, 0.84, 0.76, 0.68, 0.6)
CARD = 100 * MM  # higher than this is a card to read from the door, not a label
TALLEST_BARS = 15 * MM


def draw_labels(sheet: LabelSheet) -> bytes:
    """The same content gives the same bytes."""
    setter = Typesetter(sheet.locale)
    shape = sheet.format
    faces = [_Face(label, shape, setter) for label in sheet.labels]
    page = (PAGE_WIDTH, PAGE_HEIGHT) if shape.is_sheet else (shape.width * MM, shape.height * MM)
    file = io.BytesIO()
    pen = Pen(file, page, setter.needed)
    pen.setTitle(sheet.title)
    pen.setCatalogEntry("Lang", sheet.locale.replace("_", "-"))
    place = max(sheet.start, 1) - 1 if shape.is_sheet else 0
    for face in (one for one in faces for _ in range(one.label.copies)):
        if place == shape.on_page:
            pen.next_page()
            place = 0
        if shape.is_cut:
            _cut_marks(pen)
        face.draw(pen, *_corner(shape, place, page[1]))
        place += 1
    pen.next_page()
    pen.save()
    return file.getvalue()


def _corner(shape: LabelFormat, place: int, height: float) -> tuple[float, float]:
    """The upper left corner of a place on the page."""
    row, column = divmod(place, shape.columns)
    return (shape.left + column * shape.across) * MM, height - (shape.top + row * shape.height) * MM


def _cut_marks(pen: Pen) -> None:
    pen.rule(0, PAGE_HEIGHT / 2, PAGE_WIDTH, 0.35, RULE)
    x = PAGE_WIDTH / 2
    pen.path(f"{x:.2f} 0 m {x:.2f} {PAGE_HEIGHT:.2f} l", stroke=RULE, width=0.35)


@dataclass(frozen=True, slots=True)
class _Text:
    """A part of the words: how it looks, and how many lines of it there may be."""

    text: str
    style: Style
    most: int
    is_needed: bool = False


class _Face:
    """One label, measured once and drawn as often as there are copies."""

    def __init__(self, label: Label, shape: LabelFormat, setter: Typesetter) -> None:
        self.label = label
        self.setter = setter
        self.width, self.height = shape.width * MM, shape.height * MM
        self.is_card = self.height > CARD
        self.symbol, self.drawing, self.module = self._code(label.symbol)
        self.bars = 0.0
        if self.symbol.kind.is_linear:
            self.bars = min(TALLEST_BARS * (2 if self.is_card else 1), self.height * 0.36)
        # A SKU whose bars became a square is still to be read by people.
        self.notes = label.notes
        if label.under and not self.symbol.kind.is_linear and label.under not in label.notes:
            self.notes = (*label.notes, label.under)
        self.lines = self._words()

    # The code

    def _code(self, symbol: Symbol) -> tuple[Symbol, Drawing, float]:
        """Bars that would be too fine for this label become a square with the same text."""
        drawing = drawing_of(symbol)
        if symbol.kind.is_linear:
            largest = CARD_BARS if self.is_card else LARGEST_BARS
            module = _whole_dots(min(largest, (self.width - 2 * MM) / drawing.width))
            if module >= LEAST_MODULE * 0.87 or symbol.kind is not SymbolKind.CODE_128:
                return symbol, drawing, module
            symbol = Symbol(SymbolKind.DATAMATRIX, symbol.text)
            drawing = drawing_of(symbol)
        if self.is_card:
            side = min(self.width - 2 * PAD, self.height * 0.52)
            return symbol, drawing, _whole_dots(side / drawing.width)
        side = min(self.height - 2 * MM, self.width * 0.46)
        return symbol, drawing, _whole_dots(min(LARGEST_MODULE, side / drawing.width))

    @property
    def _side(self) -> float:
        return self.drawing.width * self.module

    # The words

    def _words(self) -> list[tuple[Line, Style, float]]:
        """Lines with their baseline from the top, in type as large as lets all of it in; else cut from the end."""
        width, height = self._room()
        for factor in SHRINK:
            lines = self._set(factor, width)
            if sum(style.leading for _, style in lines) <= height:
                break
        else:
            lines = self._cut(width, height)
        down, placed = self._first(lines, height), []
        for line, style in lines:
            placed.append((line, style, down + style.drop))
            down += style.leading
        return placed

    def _first(self, lines: list[tuple[Line, Style]], height: float) -> float:
        """A card hangs from its top; a label's words stand in the middle of their room."""
        used = sum(style.leading for _, style in lines)
        top = 8 * MM if self.is_card else PAD
        return top if self.is_card else top + (height - used) / 2

    def _room(self) -> tuple[float, float]:
        if self.is_card:
            return self.width - 16 * MM, self.height - self._side - 20 * MM
        if self.symbol.kind.is_linear:
            under = 9.0 if self.label.under else 0.0
            return self.width - 2 * PAD, self.height - 2 * PAD - self.bars - under - GAP
        return self.width - self._side - PAD - GAP, self.height - 2 * PAD

    def _parts(self, factor: float) -> list[_Text]:
        label = self.label
        base = (2.8 if self.is_card else 1.0) * factor
        base *= 1.0 if self.height > 25 * MM else 0.86
        base *= 1.25 if 45 * MM < self.height < CARD else 1.0
        parts = [_Text(label.head, _style("Medium", 14 * base), 1, is_needed=True)]
        title = (10 if not label.head else 8.5) * base
        parts.append(_Text(label.title, _style("Medium", title), 3, is_needed=True))
        parts += [
            _Text(fact, _style("Medium", 8 * base), 2, is_needed=True) for fact in label.facts
        ]
        parts += [_Text(note, _style("Regular", 7 * base, MUTED), 2) for note in self.notes]
        parts.append(_Text(label.small, _style("Regular", 5.6 * base), 12))
        return [part for part in parts if part.text]

    def _set(self, factor: float, width: float) -> list[tuple[Line, Style]]:
        """All of it in this size; a number is one line, in smaller type if it must."""
        found: list[tuple[Line, Style]] = []
        for part in self._parts(factor):
            if part.most == 1:
                found.append(self.setter.squeezed(part.text, part.style, width))
            else:
                found += [
                    (line, part.style) for line in self.setter.lines(part.text, part.style, width)
                ]
        return found

    def _cut(self, width: float, height: float) -> list[tuple[Line, Style]]:
        """In the smallest type: each part cut to its lines, then what is not needed left out from the end."""
        parts: list[tuple[bool, list[tuple[Line, Style]]]] = []
        for part in self._parts(SHRINK[-1]):
            if part.most == 1:
                lines = [self.setter.squeezed(part.text, part.style, width)]
            else:
                whole = self.setter.lines(part.text, part.style, width)
                lines = [(line, part.style) for line in whole[: part.most]]
                if len(whole) > part.most:
                    lines[-1] = self._dotted(lines[-1][0], part.style, width)
            parts.append((part.is_needed, lines))
        while len(parts) > 1 and _height(parts) > height:
            self._shorten(parts, width)
        return [line for _, lines in parts for line in lines]

    def _shorten(self, parts: list[tuple[bool, list[tuple[Line, Style]]]], width: float) -> None:
        """One line less: of the last part that may go, else of the longest."""
        spare = [index for index, (is_needed, _) in enumerate(parts) if not is_needed]
        index = spare[-1] if spare else max(range(len(parts)), key=lambda one: len(parts[one][1]))
        lines = parts[index][1]
        lines.pop()
        if lines:
            lines[-1] = self._dotted(*lines[-1], width)
        else:
            parts.pop(index)

    def _dotted(self, line: Line, style: Style, width: float) -> tuple[Line, Style]:
        text = line.text.rstrip("… ")
        return self.setter.squeezed(f"{text}…", style, width)

    # On the page

    def draw(self, pen: Pen, left: float, top: float) -> None:
        width, _ = self._room()
        text_left = left + (8 * MM if self.is_card else PAD)
        for line, style, down in self.lines:
            wide = line.width * style.size / 1000
            x = text_left
            if self.is_card:
                x = left + (self.width - wide) / 2
            elif line.rtl:
                x = text_left + width - wide
            pen.text(x, top - down, line, style)
        if self.symbol.kind.is_linear:
            self._draw_bars(pen, left, top)
        else:
            self._draw_square(pen, left, top)

    def _draw_bars(self, pen: Pen, left: float, top: float) -> None:
        under = 9.0 if self.label.under else 0.0
        y = top - self.height + PAD + under
        x = left + (self.width - self._side) / 2 + self.drawing.quiet * self.module
        self._rectangles(pen, x, y + self.bars, self.bars)
        if self.label.under:
            style = _style("Regular", 7.5)
            line, style = self.setter.squeezed(self.label.under, style, self.width - 2 * PAD)
            wide = line.width * style.size / 1000
            pen.text(left + (self.width - wide) / 2, y - 8, line, style)

    def _draw_square(self, pen: Pen, left: float, top: float) -> None:
        quiet = self.drawing.quiet * self.module
        if self.is_card:
            x = left + (self.width - self._side) / 2
            upper = top - self.height + self._side + 6 * MM
        else:
            x = left + self.width - self._side - 0.4 * MM
            upper = top - (self.height - self._side) / 2
        self._rectangles(pen, x + quiet, upper - quiet, self.module)

    def _rectangles(self, pen: Pen, x: float, upper: float, height: float) -> None:
        parts = [
            f"{x + start * self.module:.3f} {upper - (row + 1) * height:.3f} "
            f"{length * self.module:.3f} {height:.3f} re"
            for row, start, length in self.drawing.dark
        ]
        pen.path(" ".join(parts), fill=BLACK)


def _height(parts: list[tuple[bool, list[tuple[Line, Style]]]]) -> float:
    return sum(style.leading for _, lines in parts for _, style in lines)


def _style(weight: str, size: float, colour: str = INK) -> Style:
    return Style(weight, size, size * 1.2, colour)


def _whole_dots(module: float) -> float:
    whole = int(module / DOT + 0.001) * DOT
    return whole if whole >= LEAST_MODULE else module

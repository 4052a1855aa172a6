"""The catalogue: contents, shelves of products with their pictures and packs, an index of names and of ingredients."""

import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from procurement.documents.catalogue_content import Block, CatalogueContent, PackLine, Shelf
from procurement.documents.cover import cover_page
from procurement.documents.figures import Figures
from procurement.documents.furniture import (
    headline,
    heavy_rule,
    paragraph,
    publish,
    sheets,
)
from procurement.documents.languages.taking_away import taking_away_words
from procurement.documents.layout import (
    GUTTER,
    HAIR,
    LEFT,
    MM,
    MODULE,
    RIGHT,
    WIDTH,
    Art,
    Box,
    Mark,
    Piece,
    Rule,
    Stack,
    Text,
    chained,
    column,
    height_of,
    left,
    right,
    row,
    stacked,
)
from procurement.documents.linking import Goal, Leap, pages_of
from procurement.documents.taken_along import begun, price_said
from procurement.documents.text import Line
from procurement.documents.typesetting import (
    RULE,
    TINT,
    Style,
    Styles,
    Typesetter,
)

FRAME = 24 * MM
TEXT_X, NAME_X, PRICE_EDGE, MORE_X = 2.1, 4.3, 8.9, 9.15
TOGETHER = 110 * MM  # a block up to this height stands on one page
MOST_PAGES = 12  # of an ingredient, before its line ends with an ellipsis
DESCRIPTION_LINES = 3

Lines = list[tuple[Line, Style]]


class Entry(NamedTuple):
    """A line of the index: it leads to its block."""

    name: str
    code: str
    gtin: str
    key: str


def draw_catalogue(content: CatalogueContent) -> bytes:
    """The same content gives the same bytes."""
    paper, setter, styles, written = begun(content, taking_away_words(content.locale).catalogue)
    form = _Catalogue(content, setter, styles, written)
    # Every part is as long whatever pages it names: the first setting finds those of the products, the second the rest.
    body = form.body()
    pages = pages_of(sheets(paper, [*form.contents({}), *body], setter, styles))
    index = form.index(pages)
    pages = pages_of(sheets(paper, [*form.contents({}), *body, *index], setter, styles))
    pieces = [*form.contents(pages), *body, *index]
    cover = cover_page(content.cover, content.letterhead, setter, styles) if content.cover else ()
    return publish(paper, pieces, setter, styles, cover)


class _Catalogue:
    def __init__(
        self, content: CatalogueContent, setter: Typesetter, styles: Styles, written: Figures
    ) -> None:
        self.content = content
        self.setter = setter
        self.styles = styles
        self.written = written
        self.words = taking_away_words(content.locale)
        self.has_prices = bool(content.currency)

    # Contents

    def contents(self, pages: Mapping[str, int]) -> list[Piece]:
        words, content = self.words, self.content
        note = words.unpriced
        if self.has_prices:
            day = self.written.date(content.issued_on)
            note = words.note.format(date=day, currency=content.currency)
        said = paragraph(note, self.styles.intro, self.setter)
        said[0].before = 8
        pieces = [
            *headline(words.catalogue, self.setter, self.styles, before=0),
            *said,
            *self._section(words.contents, before=18),
        ]
        style = self.styles.cell
        for place, shelf in enumerate(content.shelves):
            key = f"shelf-{place}"
            pieces.append(self._leading(shelf.name, style, str(pages.get(key, "")), key, pitch=17))
        for key, name in (("index", words.index), ("ingredients", words.ingredients)):
            if key == "ingredients" and not self._has_ingredients():
                continue
            pieces.append(self._leading(name, style, str(pages.get(key, "")), key, pitch=17))
        return pieces

    def _has_ingredients(self) -> bool:
        return any(block.ingredients for shelf in self.content.shelves for block in shelf.blocks)

    def _leading(self, name: str, style: Style, pages: str, key: str, *, pitch: float) -> Piece:
        """A name, and at the right the page it leads to."""
        shown, fitting = self.setter.squeezed(name, style, WIDTH - 2 * MODULE)
        down = pitch / 2 + style.size * 0.345
        marks: list[Mark] = [
            left(shown, fitting, LEFT, down),
            right(self.setter.line(pages, style), style, RIGHT, down),
            Rule(LEFT, pitch, WIDTH),
            Leap(LEFT, 0, (WIDTH, pitch), key),
        ]
        return Piece(pitch, marks)

    def _section(
        self, title: str, *, before: float, key: str = "", opens: bool = False
    ) -> list[Piece]:
        style = self.styles.answer
        line, fitting = self.setter.squeezed(title, style, WIDTH)
        marks: list[Mark] = [left(line, fitting, LEFT, style.drop)]
        if key:
            marks.append(Goal(key))
        marks.append(heavy_rule(style.leading + 3, self.styles))
        piece = Piece(style.leading + 6, marks, keep=True, before=before, opens_page=opens)
        piece.bookmark = title if key else ""
        return [piece]

    # Shelves

    def body(self) -> list[Piece]:
        pieces: list[Piece] = []
        for place, shelf in enumerate(self.content.shelves):
            # The first shelf begins a page of its own, the contents before it being a page of theirs.
            pieces += self._section(shelf.name, before=24, key=f"shelf-{place}", opens=not place)
            pieces += self._shelf(place, shelf)
        return pieces

    def _shelf(self, place: int, shelf: Shelf) -> list[Piece]:
        return [
            piece
            for number, block in enumerate(shelf.blocks)
            for piece in self._block(block, f"block-{place}-{number}")
        ]

    def _block(self, block: Block, key: str) -> list[Piece]:
        head = self._head(block)
        head.marks.append(Goal(key))
        head.marks[0:0] = self._frame(block)
        pieces = [head, *(piece for line in self._lines(block) for piece in line)]
        pieces += self._facts(block)
        short = FRAME + 8 - sum(piece.height for piece in pieces)
        if short > 0:
            pieces.append(Piece(short))
        last = pieces[-1]
        last.height += 7
        last.marks.append(Rule(LEFT, last.height, WIDTH))
        head.before = 7
        if sum(piece.height for piece in pieces) <= TOGETHER:
            return chained(pieces)
        return [*chained(pieces[:4]), *pieces[4:]]

    def _frame(self, block: Block) -> list[Mark]:
        marks: list[Mark] = [Box(LEFT, 2, (FRAME, FRAME), TINT, RULE, HAIR)]
        if block.picture:
            marks.append(Art(LEFT + 1.5, 3.5, (FRAME - 3, FRAME - 3), block.picture))
        return marks

    def _head(self, block: Block) -> Piece:
        width = RIGHT - column(TEXT_X)
        lines = self._set(block.name, self.styles.section, width)
        lines += self._set(block.brand, self.styles.second, width)
        lines += self._set(block.description, self.styles.terms, width)[:DESCRIPTION_LINES]
        lines += self._set(" · ".join(block.traits), self.styles.terms_head, width)
        return Piece(height_of(lines) + 5, list(stacked(Stack(column(TEXT_X), lines, _along), 2)))

    def _lines(self, block: Block) -> Iterator[list[Piece]]:
        before = ""
        for line in block.lines:
            stacks = [
                *self._name(line, again=line.code == before),
                *(self._price(line) if self.has_prices else ()),
            ]
            pieces = row(stacks, padding=2.4)
            pieces[0].marks.append(Rule(column(TEXT_X), 0, RIGHT - column(TEXT_X)))
            before = line.code
            yield pieces

    def _name(self, line: PackLine, *, again: bool) -> list[Stack]:
        """Code over GTIN, and what it is over its pack; the second pack of a product does not say it again."""
        width = column(NAME_X) - column(TEXT_X) - GUTTER
        end = PRICE_EDGE - 1.2 if self.has_prices else 12.0
        wide = column(end) - column(NAME_X) - GUTTER
        codes = [] if again else self._set(line.code, self.styles.terms_head, width)
        codes += self._set(line.gtin, self.styles.second, width)
        names = [] if again else self._set(line.name, self.styles.terms, wide)
        names += self._set(line.pack, self.styles.second, wide)
        return [Stack(column(TEXT_X), codes), Stack(column(NAME_X), names)]

    def _price(self, line: PackLine) -> list[Stack]:
        money, words = self.written.money, self.words
        strong, second = self.styles.terms_head, self.styles.second
        told = price_said(line.price, self.content.locale, self.written)
        style = second if line.price is None else strong
        shown = [self.setter.squeezed(told, style, 1.6 * MODULE)]
        if line.retail is not None:
            retail = f"{words.retail} {money(line.retail)}"
            shown.append(self.setter.squeezed(retail, second, 1.6 * MODULE))
        more = [
            self.setter.squeezed(
                words.from_packs.format(
                    packs=self.written.number(Decimal(packs)), price=money(price)
                ),
                self.styles.second_ink,
                RIGHT - column(MORE_X),
            )
            for packs, price in line.more
        ]
        return [Stack(column(PRICE_EDGE), shown, right), Stack(column(MORE_X), more)]

    def _facts(self, block: Block) -> list[Piece]:
        """What is in it, as a label has it; nothing where nobody has said."""
        told = []
        if block.ingredients:
            told.append(f"{self.words.made_of}: {', '.join(block.ingredients)}.")
            told.append(f"{self.words.allergens}: {block.allergens}")
        style, width = self.styles.second, RIGHT - column(TEXT_X)
        lines = [line for text in told for line in self.setter.lines(text, style, width)]
        pieces = [
            Piece(style.leading, [left(line, style, column(TEXT_X), style.drop)]) for line in lines
        ]
        if pieces:
            pieces[0].before = 2
        return pieces

    def _set(self, text: str, style: Style, width: float) -> Lines:
        return [(line, style) for line in self.setter.lines(text, style, width)]

    # Index

    def index(self, pages: Mapping[str, int]) -> list[Piece]:
        pieces = self._section(self.words.index, before=0, key="index", opens=True)
        head = self._index_head()
        pieces.append(head)
        for entry in sorted(self._entries(), key=lambda one: (_sorted_as(one.name), one.code)):
            piece = self._entry(entry, pages)
            piece.head = head
            pieces.append(piece)
        made_of = self._ingredients(pages)
        if made_of:
            pieces += self._section(self.words.ingredients, before=24, key="ingredients")
            pieces += made_of
        return pieces

    def _entries(self) -> Iterator[Entry]:
        for place, shelf in enumerate(self.content.shelves):
            for number, block in enumerate(shelf.blocks):
                seen = set()
                for line in block.lines:
                    if line.code in seen:
                        continue
                    seen.add(line.code)
                    same = not line.name or line.name == block.name
                    name = block.name if same else f"{block.name}, {line.name}"
                    yield Entry(name, line.code, line.gtin, f"block-{place}-{number}")

    def _index_head(self) -> Piece:
        style, words = self.styles.head, self.words
        code, _, gtin = words.code.rpartition("、" if "、" in words.code else ",")
        marks: list[Mark] = [
            left(self.setter.line(words.product, style), style, LEFT, 9),
            left(self.setter.line(code, style), style, column(6.2), 9),
            left(self.setter.line(gtin.strip(), style), style, column(8.9), 9),
            right(self.setter.line(words.page, style), style, RIGHT, 9),
            Rule(LEFT, 12, WIDTH),
        ]
        return Piece(14, marks, keep=True)

    def _entry(self, entry: Entry, pages: Mapping[str, int]) -> Piece:
        style = self.styles.second_ink
        edges = (
            (entry.name, LEFT, 6.1),
            (entry.code, column(6.2), 2.6),
            (entry.gtin, column(8.9), 2.2),
        )
        marks: list[Mark] = []
        for text, x, modules in edges:
            line, fitting = self.setter.squeezed(text, style, modules * MODULE - 4)
            if fitting.size < style.size * 0.8:  # too long for a line of the index: its beginning
                line, fitting = self.setter.lines(text, style, modules * MODULE - 4)[0], style
            marks.append(left(line, fitting, x, style.drop))
        page = self.setter.line(str(pages[entry.key]), style)
        marks.append(right(page, style, RIGHT, style.drop))
        marks.append(Leap(LEFT, 0, (WIDTH, style.leading), entry.key))
        return Piece(style.leading, marks)

    def _ingredients(self, pages: Mapping[str, int]) -> list[Piece]:
        found: dict[str, list[int]] = {}
        for place, shelf in enumerate(self.content.shelves):
            for number, block in enumerate(shelf.blocks):
                page = pages[f"block-{place}-{number}"]
                for name in block.ingredients:
                    named = found.setdefault(name, [])
                    if page not in named:
                        named.append(page)
        style = self.styles.second_ink
        pieces = []
        for name in sorted(found, key=_sorted_as):
            shown = [str(page) for page in found[name][:MOST_PAGES]]
            if len(found[name]) > MOST_PAGES:
                shown.append("…")
            label, fitting = self.setter.squeezed(name, style, 7.5 * MODULE)
            numbers, small = self.setter.squeezed(", ".join(shown), style, 4.3 * MODULE)
            marks: list[Mark] = [
                left(label, fitting, LEFT, style.drop),
                right(numbers, small, RIGHT, style.drop),
            ]
            pieces.append(Piece(style.leading, marks))
        return pieces


def _along(line: Line, style: Style, x: float, down: float) -> Text:
    """A name written from right to left ends at the right edge."""
    return right(line, style, RIGHT, down) if line.rtl else left(line, style, x, down)


def _sorted_as(name: str) -> tuple[str, str]:
    """As an index has it: accents and capitals do not count."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char)), name

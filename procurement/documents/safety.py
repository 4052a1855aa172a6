"""What is in the products: ingredients, what to ask before a treatment, how long a bottle keeps."""

from procurement.documents import words as fixed
from procurement.documents.blocks import Block
from procurement.documents.content import Safety, SafetyRow
from procurement.documents.furniture import headline, paragraph
from procurement.documents.layout import (
    LEFT,
    MODULE,
    PADDING,
    RIGHT,
    WIDTH,
    Mark,
    Piece,
    Sketch,
    Stack,
    centred,
    column,
    left,
    right,
)
from procurement.documents.pen import Pen
from procurement.documents.table import FRAME, HeadCell, Table, product_heads
from procurement.documents.typesetting import INK, Style

INGREDIENTS_X, ALLERGENS_X, OPENED_X = 3.66, 6.6, 9.3
LONG_HEAD = 19
JAR_TEXT = Style("Medium", 7.5, 10.5)


def safety_pages(safety: Safety, block: Block) -> list[Piece]:
    """On pages of their own, so that they can be hung up in the room."""
    setter, styles = block.setter, block.styles
    pieces = headline(safety.title, setter, styles, before=0)
    intro = paragraph(safety.intro, styles.intro, setter)
    if intro:
        intro[0].before = 4
    pieces += intro
    pictures = any(row.picture for row in safety.rows)
    table = Table(setter, styles, block.figures, pictures=pictures)
    if safety.rows:
        pieces += _rows(safety.rows, table, block)
    if safety.answer:
        pieces.append(block.boxed(safety.answer, before=20))
    if safety.care:
        pieces += _care(safety, block)
    note = paragraph(safety.footnote, styles.second, setter)
    if note:
        note[0].before = 24
    pieces += note
    if pieces:
        pieces[0].opens_page = True
    return pieces


def _rows(rows: tuple[SafetyRow, ...], table: Table, block: Block) -> list[Piece]:
    words = block.setter.words
    head = table.head(
        [
            *product_heads(words, words.product_head, pictures=table.pictures),
            HeadCell((words.ingredients_head,), column(INGREDIENTS_X), width=2.8),
            HeadCell(_broken(words.allergens_head), column(ALLERGENS_X), width=1.75),
            HeadCell(words.opened_head, column(OPENED_X) + 17, right=True),
            HeadCell(words.keeps_head, RIGHT, right=True),
        ]
    )
    pieces = [head]
    for row in rows:
        pieces += _row(row, table, block, head)
    return pieces


def _broken(head: str) -> tuple[str, ...]:
    """In two lines where it would meet its neighbour; broken at the space nearest its middle."""
    spaces = [place for place, mark in enumerate(head) if mark == " "]
    if len(head) <= LONG_HEAD or not spaces:
        return (head,)
    middle = min(spaces, key=lambda place: abs(place - len(head) / 2))
    return (head[:middle], head[middle + 1 :])


def _row(row: SafetyRow, table: Table, block: Block, head: Piece) -> list[Piece]:
    setter, styles = block.setter, block.styles
    ingredients_width = (ALLERGENS_X - INGREDIENTS_X) * MODULE - 7
    ingredients = setter.lines(row.ingredients, styles.second_ink, ingredients_width)
    width = (OPENED_X - ALLERGENS_X) * MODULE - 24
    told = [(line, styles.strong) for line in setter.lines(row.allergens, styles.strong, width)]
    told += [(line, styles.second) for line in setter.lines(row.care, styles.second, width)]
    shelf_life = setter.lines(row.shelf_life, styles.cell, 1.5 * MODULE)
    stacks = [
        table.name(row.name, (row.size,), until=INGREDIENTS_X - 0.2),
        Stack(column(INGREDIENTS_X), [(line, styles.second_ink) for line in ingredients]),
        Stack(column(ALLERGENS_X), told),
        Stack(RIGHT, [(line, styles.cell) for line in shelf_life], right),
    ]
    jar: list[Mark] = []
    if row.opened_months is not None:
        text = fixed.OPENED_MONTHS.format(months=row.opened_months)
        line = setter.line(text, JAR_TEXT)
        middle = column(OPENED_X)
        jar = [
            Sketch(lambda pen, top: _jar(pen, middle, top - PADDING)),
            centred(line, JAR_TEXT, middle, PADDING + 26.6),
        ]
    return table.row(row.number, row.picture, stacks, head, least=FRAME, beside=jar)


def _care(safety: Safety, block: Block) -> list[Piece]:
    style = block.styles.section
    line, fitting = block.setter.squeezed(safety.care_title, style, WIDTH)
    marks: list[Mark] = [left(line, fitting, LEFT, style.drop)]
    title = Piece(style.leading + 4, marks, keep=True, before=22, bookmark=safety.care_title)
    return [title, *block.notes(safety.care, before=0)]


def _jar(pen: Pen, middle: float, top: float) -> None:
    """The open jar that stands for the time after opening; FRAME high."""
    x, low, wide, high, turn = middle - 10.8, top - 32.0, 21.6, 17.0, 2.6
    bend = turn * 0.45
    right_x, upper = x + wide, low + high
    body = (
        f"{x + turn:.2f} {low:.2f} m {right_x - turn:.2f} {low:.2f} l "
        f"{right_x - bend:.2f} {low:.2f} {right_x:.2f} {low + bend:.2f} "
        f"{right_x:.2f} {low + turn:.2f} c {right_x:.2f} {upper - turn:.2f} l "
        f"{right_x:.2f} {upper - bend:.2f} {right_x - bend:.2f} {upper:.2f} "
        f"{right_x - turn:.2f} {upper:.2f} c {x + turn:.2f} {upper:.2f} l "
        f"{x + bend:.2f} {upper:.2f} {x:.2f} {upper - bend:.2f} {x:.2f} {upper - turn:.2f} c "
        f"{x:.2f} {low + turn:.2f} l {x:.2f} {low + bend:.2f} {x + bend:.2f} {low:.2f} "
        f"{x + turn:.2f} {low:.2f} c h"
    )
    neck = f"{x + 1.8:.2f} {upper:.2f} {wide - 3.6:.2f} 3.4 re"
    lid_x, lid_y = x + 1.2, top - 8.4
    lid = (
        f"{lid_x:.2f} {lid_y:.2f} m {lid_x + 19.4:.2f} {lid_y + 4.4:.2f} l "
        f"{lid_x + 18.4:.2f} {lid_y + 8.6:.2f} l {lid_x - 1.0:.2f} {lid_y + 4.2:.2f} l h"
    )
    pen.path(f"{body} {neck} {lid}", stroke=INK, width=1.1)

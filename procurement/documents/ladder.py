"""The table of price breaks: what a few packs more would cost, and how far away that is."""

from collections.abc import Sequence
from itertools import groupby

from procurement.documents.blocks import Block
from procurement.documents.content import Ladder, QuoteLine
from procurement.documents.furniture import heavy_rule
from procurement.documents.layout import (
    LEFT,
    MODULE,
    RIGHT,
    WIDTH,
    Box,
    Piece,
    Rule,
    Stack,
    Upright,
    column,
    left,
    right,
    row,
)
from procurement.documents.typesetting import INK

STEPS_FROM, STEPS_TO, ORDERED_X = 3.35, 8.35, 8.87
MOST_STEPS = 6
INSET, FRAME = 6.4, 0.7
TICK = 6.6


def ladders(block: Block, lines: Sequence[QuoteLine]) -> list[Piece]:
    """Lines with the same thresholds share a table."""
    told = [(line.name, line.ladder) for line in lines if line.ladder is not None]
    pieces: list[Piece] = []
    for _, group in groupby(sorted(told, key=_likeness), key=_likeness):
        rows = list(group)
        pieces.extend(_table(block, rows, first=not pieces))
    return pieces


def _likeness(told: tuple[str, Ladder]) -> tuple[bool, str, str, tuple[str, ...]]:
    ladder = told[1]
    return ladder.exact, ladder.pack, ladder.unit, tuple(step.packs for step in ladder.steps)


def _table(block: Block, rows: Sequence[tuple[str, Ladder]], *, first: bool) -> list[Piece]:
    sample = rows[0][1]
    shown = min(len(sample.steps), MOST_STEPS)
    pitch = (STEPS_TO - STEPS_FROM) / max(shown, 4)
    edges = [column(STEPS_TO - pitch * (shown - 1 - place)) for place in range(shown)]
    pieces: list[Piece] = []
    if first:
        style = block.styles.section
        title = block.setter.line(block.setter.words.ladder_title, style)
        pieces.append(
            Piece(
                style.leading + 2,
                [left(title, style, LEFT, style.drop)],
                keep=True,
                before=18,
                bookmark=block.setter.words.ladder_title,
            )
        )
    head = _head(block, sample, edges)
    head.before = 0 if first else 12
    pieces.append(head)
    made = [_row(block, name, ladder, edges, pitch * MODULE) for name, ladder in rows]
    _frames(made, [ladder.standing for _, ladder in rows], edges, block.styles.brand)
    for piece in (piece for row_pieces in made for piece in row_pieces):
        piece.head = head
        pieces.append(piece)
    return pieces


def _frames(
    made: Sequence[list[Piece]], standings: Sequence[int], edges: Sequence[float], colour: str
) -> None:
    """A box around the step that each line stands on, open between lines on the same step."""
    width = (STEPS_TO - STEPS_FROM) / max(len(edges), 4) * MODULE
    for place, (pieces, standing) in enumerate(zip(made, standings, strict=True)):
        if not 0 <= standing < len(edges):
            continue
        x = edges[standing] + INSET - width
        for piece in pieces:
            piece.marks += [
                Upright(side, 0, piece.height, FRAME, colour) for side in (x, x + width)
            ]
        if place and standings[place - 1] != standing:
            pieces[0].marks.append(Rule(x, 0, width, FRAME, colour))
        if standings[place + 1 : place + 2] != [standing]:
            pieces[-1].marks.append(Rule(x, pieces[-1].height, width, FRAME, colour))


def _head(block: Block, sample: Ladder, edges: Sequence[float]) -> Piece:
    style = block.styles.head
    names = {"pack": sample.pack, "unit": sample.unit, "currency": block.currency}
    words = block.setter.words
    parts = words.ladder_head if sample.unit else words.ladder_head_pack
    stacks = [
        Stack(
            LEFT,
            [
                (line, style)
                for part in parts
                for line in block.setter.lines(part.format(**names), style, 3.1 * MODULE)
            ],
        )
    ]
    for step, edge in zip(sample.steps, edges, strict=False):
        texts = (" " if sample.exact else words.ladder_from, step.packs)
        told = [block.setter.squeezed(text, style, 5 * MODULE / MOST_STEPS) for text in texts]
        stacks.append(Stack(edge, told, right))
    ordered = (block.setter.line(" ", style), block.setter.line(words.ladder_ordered, style))
    stacks.append(Stack(column(ORDERED_X), [(line, style) for line in ordered]))
    # The pack's first word is enough here: "case" of "case of 12 x 500 ml".
    short = {**names, "pack": sample.pack.split(" ", maxsplit=1)[0]}
    saves = [part.format(**short) for part in words.ladder_saves]
    squeezed = [block.setter.squeezed(text, style, 1.4 * MODULE) for text in saves]
    stacks.append(Stack(RIGHT, squeezed, right))
    piece = row(stacks, padding=3)[0]
    piece.keep = True
    piece.marks.append(heavy_rule(piece.height, block.styles))
    return piece


def _row(
    block: Block, name: str, ladder: Ladder, edges: Sequence[float], pitch: float
) -> list[Piece]:
    styles, setter, money = block.styles, block.setter, block.figures.money
    stacks = [
        Stack(
            LEFT,
            [(line, styles.strong) for line in setter.lines(name, styles.strong, 3.1 * MODULE)],
        )
    ]
    boxes: list[Box] = []
    for place, (step, edge) in enumerate(zip(ladder.steps, edges, strict=False)):
        style = styles.strong if place == ladder.standing else styles.cell
        cell = [setter.squeezed(money(step.per_pack), style, pitch - 9)]
        if step.per_unit is not None:
            cell.append(setter.squeezed(money(step.per_unit), styles.second, pitch - 9))
        stacks.append(Stack(edge, cell, right))
        if ladder.exact and place != ladder.standing:
            boxes.append(Box(edge - pitch + 12, 5.4, (TICK, TICK), stroke=INK, width=0.6))
    words = setter.words
    more = words.ladder_best
    if ladder.more is not None:
        more = words.ladder_more.format(packs=block.figures.number(ladder.more))
    told = [(line, styles.cell) for line in setter.lines(ladder.ordered, styles.cell, 1.9 * MODULE)]
    told += [(line, styles.second) for line in setter.lines(more, styles.second, 1.9 * MODULE)]
    stacks.append(Stack(column(ORDERED_X), told))
    if ladder.saves is not None:
        saved = setter.squeezed(money(ladder.saves), styles.cell, 1.3 * MODULE)
        stacks.append(Stack(RIGHT, [saved], right))
    pieces = row(stacks, padding=3)
    pieces[0].marks += boxes
    pieces[-1].marks.insert(0, Rule(LEFT, pieces[-1].height, WIDTH))
    return pieces

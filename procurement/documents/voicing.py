"""Runs of typefaces, and what their shapes say to programs that copy.

A shape that is to say something else than itself is a character of its own, from the private planes, that looks the
same: the first shape of a word then says the word, the others nothing (`speaking.py` says why).
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from bidi.mirror import MIRRORED

from procurement.documents.fonts import (
    JOINERS,
    MOST_VOICED,
    SPELT,
    VOICED,
    WEIGHTS,
    Glyph,
    latin,
    loading,
)
from procurement.documents.speaking import MOST_SAID, UNSPOKEN, copied, said


class Run(NamedTuple):
    """Text of one face in one direction; ``glyphs`` is None for plain Fira Sans."""

    family: str | None
    shown: str
    width: float
    glyphs: tuple[Glyph, ...] | None = None
    spoken: str = ""  # what a reader's program is to copy, where the glyphs do not tell
    voices: tuple[str | None, ...] | None = None  # what each glyph says; None: itself


class _Shape(NamedTuple):
    """One drawn shape: its run, its place therein, the letters it stands for."""

    run: int
    place: int
    letters: str
    raised: bool


_letters: dict[tuple[str, str], int] = {}


def spelt(char: str) -> str:
    """[U+10414], drawn in shapes of which the first is copied as the character and the others as nothing."""
    name = f"[U+{ord(char):04X}]"
    first = _letter("[", char)
    return name if first is None else first + "".join(_silent(letter) for letter in name[1:])


def is_spelt(shown: str) -> bool:
    return ord(shown[0]) >= VOICED


def _letter(like: str, spoken: str) -> str | None:
    """A character that looks like one of Fira Sans; None when a process has no more of them."""
    with loading:
        if len(_letters) >= MOST_VOICED and (like, spoken) not in _letters:
            return None
        code = _letters.setdefault((like, spoken), VOICED + len(_letters))
        return _learnt(code, like, spoken)


def _silent(like: str) -> str:
    return _learnt(SPELT + ord(like), like, UNSPOKEN)


def _learnt(code: int, like: str, spoken: str) -> str:
    with loading:
        for weight in WEIGHTS:
            face = latin(weight)
            if code not in face.font.spoken:
                face.learn(code, like, spoken)
    return chr(code)


def worded(text: str, runs: Sequence[Run]) -> tuple[Run, ...]:
    """The same shapes, made to say a line's words; as they were, where that is more than shapes can say."""
    order = said(text)
    words = _words(runs)
    pieces = order.split()
    alike = len(words) == len(pieces) and all(
        _sorted("".join(shape.letters for shape in word)) == _sorted(piece)
        for word, piece in zip(words, pieces, strict=True)
    )
    if alike and copied(" ".join(pieces)).split() == text.split():
        spoken = dict(_first_says(zip(words, pieces, strict=True)))
    else:
        spoken = dict(_first_says([([shape for word in words for shape in word], order)]))
    if any(len(told.encode("utf-16-be")) > 2 * MOST_SAID for told in spoken.values()):
        return tuple(runs)
    voiced = [_voiced(number, run, spoken) for number, run in enumerate(runs)]
    if any(run is None for run in voiced):
        return tuple(runs)
    return tuple(run for run in voiced if run is not None)


def _words(runs: Sequence[Run]) -> list[list[_Shape]]:
    shapes = [shape for number, run in enumerate(runs) for shape in _shapes(number, run)]
    groups = groupby(shapes, key=lambda shape: shape.letters == " ")
    return [list(group) for is_space, group in groups if not is_space]


def _shapes(number: int, run: Run) -> Iterator[_Shape]:
    if run.glyphs is None:
        for place, char in enumerate(run.shown):
            yield _Shape(number, place, char, raised=False)
        return
    starts = sorted({glyph.cluster for glyph in run.glyphs} | {len(run.shown)})
    ends = dict(pairwise(starts))
    told = set()
    for place, glyph in enumerate(run.glyphs):
        letters = run.shown[glyph.cluster : ends[glyph.cluster]]
        shown = "" if glyph.cluster in told else letters
        yield _Shape(number, place, shown, raised=bool(glyph.y))
        told.add(glyph.cluster)


def _sorted(letters: str) -> list[str]:
    kept = (char for char in letters if char not in JOINERS)
    return sorted(min(char, MIRRORED.get(char, char)) for char in kept)


def _first_says(
    words: Iterable[tuple[list[_Shape], str]],
) -> Iterator[tuple[tuple[int, int], str]]:
    """A word is said by a shape that stands on the line, if it has one: readers go by where that is."""
    for word, told in words:
        first = next((shape for shape in word if not shape.raised), word[0])
        for shape in word:
            yield (shape.run, shape.place), told if shape is first else UNSPOKEN


def _voiced(number: int, run: Run, spoken: dict[tuple[int, int], str]) -> Run | None:
    if run.glyphs is not None:
        places = range(len(run.glyphs))
        return run._replace(spoken="", voices=tuple(spoken.get((number, at)) for at in places))
    letters = [
        char if told is None else _letter(_looks(char), told)
        for char, told in ((char, spoken.get((number, at))) for at, char in enumerate(run.shown))
    ]
    if None in letters:
        return None
    return run._replace(spoken="", shown="".join(letter or "" for letter in letters))


def _looks(char: str) -> str:
    """What a character that was spelt looks like."""
    if ord(char) >= SPELT:
        return chr(ord(char) - SPELT)
    return "[" if is_spelt(char) else char

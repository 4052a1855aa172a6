"""How well a product fits what was typed, in whole points: the same on every database, for it is worked out here."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from procurement.catalogue.rules.searching import Group, Meaning, Way
from procurement.catalogue.rules.words import squashed, without_zeros
from procurement.kernel.text import fold

_WORD = re.compile(r"[^\W_]+")
# Where a word may stand: as a word of the name, nearly one (a plural), at its beginning, inside; the same elsewhere.
_WHOLE, _NEAR, _BEGINS, _INSIDE = 100, 95, 80, 55
_ELSEWHERE = 45  # of those, in percent
_NEARLY = 2  # letters
_EXACT_CODE, _PART_OF_CODE = 10_000, 60
_SAME_NAME, _NAME_BEGINS, _PHRASE = 250, 120, 100
_PER_OTHER_WORD, _MOST_OTHERS = 3, 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product as its rank sees it. `text` is its folded search text, which begins with its name."""

    id: int
    sku: str
    name: str
    text: str


def ranked(meaning: Meaning, candidates: Iterable[Candidate]) -> list[Candidate]:
    """The best first; of equals the shorter name, then by name and SKU."""

    def order(one: Candidate) -> tuple[int, int, str, str]:
        return (-points(meaning, one), len(one.name), one.name, one.sku)

    return sorted(candidates, key=order)


def points(meaning: Meaning, one: Candidate) -> int:
    """What each group earns by its best way, what the phrase earns as a whole, less for what else the name says."""
    seen = _Seen(one)
    found = _code_points(meaning, one)
    held = 0
    for group in meaning.groups:
        best = _group_points(group, seen)
        held += best > 0
        found += best
    others = max(0, len(seen.parts) - held)
    found -= _PER_OTHER_WORD * min(others, _MOST_OTHERS)
    if meaning.whole:
        if seen.name == meaning.whole:
            found += _SAME_NAME
        if seen.name.startswith(meaning.whole):
            found += _NAME_BEGINS
        if meaning.whole in seen.name:
            found += _PHRASE
    return found


class _Seen:
    """A candidate's folded name and text, and their words: those of the text only where one is looked for there."""

    def __init__(self, one: Candidate) -> None:
        self.name = fold(one.name)
        self.parts = _WORD.findall(self.name)
        self.text = one.text

    @cached_property
    def words(self) -> list[str]:
        return _WORD.findall(self.text)


def _code_points(meaning: Meaning, one: Candidate) -> int:
    if meaning.figures:
        return _EXACT_CODE if f" {meaning.figures.zfill(14)}" in f" {one.text}" else 0
    if not meaning.code or meaning.code[0] not in one.sku.casefold():
        return 0
    code = squashed(without_zeros(fold(one.sku)))
    if not code.startswith(meaning.code):
        return 0
    return _EXACT_CODE if code == meaning.code else _PART_OF_CODE


def _group_points(group: Group, seen: _Seen) -> int:
    best = 0
    for way in group.ways:
        if way.worth > best:  # no way earns more than it is worth
            best = max(best, _way_points(way, seen))
    return best


def _way_points(way: Way, seen: _Seen) -> int:
    found = 0
    for word in way.words:
        if word not in seen.text:
            return 0
        found += _place_points(word, seen)
    return found * way.worth // (100 * len(way.words))


def _place_points(word: str, seen: _Seen) -> int:
    if word in seen.name:
        return _WHOLE if word in seen.parts else _best(word, seen.parts)
    # Labels name first what there is most of.
    late = min(seen.text.find(word) // 60, 12)
    return _best(word, seen.words) * _ELSEWHERE // 100 - late


def _best(word: str, parts: Iterable[str]) -> int:
    best = _INSIDE
    for part in parts:
        if part == word:
            return _WHOLE
        if part.startswith(word):
            best = max(best, _NEAR if len(part) - len(word) <= _NEARLY else _BEGINS)
    return best

"""How well a product fits what was typed, in whole points: the same on every database, for it is worked out here."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

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
    name = fold(one.name)
    parts = _WORD.findall(name)
    found = _code_points(meaning, one)
    held = 0
    for group in meaning.groups:
        best = _group_points(group, name, parts, one.text)
        held += best > 0
        found += best
    others = max(0, len(parts) - held)
    found -= _PER_OTHER_WORD * min(others, _MOST_OTHERS)
    if meaning.whole:
        if name == meaning.whole:
            found += _SAME_NAME
        if name.startswith(meaning.whole):
            found += _NAME_BEGINS
        if meaning.whole in name:
            found += _PHRASE
    return found


def _code_points(meaning: Meaning, one: Candidate) -> int:
    if meaning.figures:
        return _EXACT_CODE if f" {meaning.figures.zfill(14)}" in f" {one.text}" else 0
    code = squashed(without_zeros(fold(one.sku)))
    if not meaning.code or not code.startswith(meaning.code):
        return 0
    return _EXACT_CODE if code == meaning.code else _PART_OF_CODE


def _group_points(group: Group, name: str, parts: list[str], text: str) -> int:
    return max((_way_points(way, name, parts, text) for way in group.ways), default=0)


def _way_points(way: Way, name: str, parts: list[str], text: str) -> int:
    found = 0
    for word in way.words:
        if word not in text:
            return 0
        found += _place_points(word, name, parts, text)
    return found * way.worth // (100 * len(way.words))


def _place_points(word: str, name: str, parts: list[str], text: str) -> int:
    if word in name:
        return _best(word, parts)
    # Labels name first what there is most of.
    late = min(text.find(word) // 60, 12)
    return _best(word, _WORD.findall(text)) * _ELSEWHERE // 100 - late


def _best(word: str, parts: Iterable[str]) -> int:
    best = _INSIDE
    for part in parts:
        if part == word:
            return _WHOLE
        if part.startswith(word):
            best = max(best, _NEAR if len(part) - len(word) <= _NEARLY else _BEGINS)
    return best

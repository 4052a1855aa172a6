"""What somebody means by what they typed: groups of ways to say one thing, of which products should hold one each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from procurement.catalogue.rules.synonyms import LONGEST_PHRASE, Shipped
from procurement.catalogue.rules.words import (
    code_forms,
    figures_of,
    forms_of,
    key_of,
    parts_of,
    squashed,
    telling,
    without_zeros,
    words_of,
)
from procurement.kernel.text import LEAST_LETTERS, fold

TYPED, FORM, SAME = 100, 92, 88  # how good it is to find a word itself, its plural, a synonym
_MOST_WAYS = 40


@dataclass(frozen=True, slots=True)
class Way:
    """Words that all must be there."""

    words: tuple[str, ...]
    worth: int = TYPED


@dataclass(frozen=True, slots=True)
class Group:
    """What was typed, and every way to say it."""

    typed: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What was typed as a whole, as a code, and as groups of which at least so many must be held."""

    whole: str = ""
    code: str = ""  # without signs
    figures: str = ""  # of a GTIN, without the zeros before
    groups: tuple[Group, ...] = ()
    least: int = 0
    mended: str = ""  # the words meant, where those typed found nothing
    left_out: tuple[str, ...] = ()  # words that nothing has

    @property
    def is_loose(self) -> bool:
        """Not every word has to be there."""
        return self.least < len(self.groups)

    def without(self, absent: Sequence[Group]) -> "Meaning":
        groups = tuple(group for group in self.groups if group not in absent)
        left_out = tuple(dict.fromkeys(group.typed for group in absent))
        return replace(self, groups=groups, least=len(groups), left_out=left_out)

    def loosened(self) -> "Meaning":
        return replace(self, least=(len(self.groups) + 1) // 2)


def phrases_of(text: str) -> list[str]:
    """The keys of all phrases in what was typed: what a table of synonyms is asked for."""
    words = telling(words_of(text))
    return list(
        dict.fromkeys(
            key_of(" ".join(words[start : start + many]))
            for many in range(LONGEST_PHRASE, 0, -1)
            for start in range(len(words) - many + 1)
        )
    )


def meaning_of(
    text: str, shipped: Shipped, own: Mapping[str, tuple[str, ...]] | None = None
) -> Meaning:
    """Take what was typed apart: the longest phrases that have synonyms first, then word by word."""
    if not (words := telling(words_of(text))):
        return Meaning()
    whole, figures = " ".join(words_of(text)), figures_of(text)
    if figures:
        groups: tuple[Group, ...] = (Group(figures, (Way((figures,)),)),)
    else:
        groups = tuple(_groups(words, shipped, own or {}))
    code = squashed(without_zeros(whole))
    return Meaning(whole, code, figures, groups, len(groups))


@lru_cache(maxsize=4096)
def telling_apart(ways: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """The ways that find something no other of them finds: who holds "almonds" holds "almond" too."""
    kept: list[tuple[str, ...]] = []
    for way in ways:
        if not any(_finds_all_of(other, way) for other in kept):
            kept = [*(other for other in kept if not _finds_all_of(way, other)), way]
    return tuple(kept)


def _finds_all_of(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """A word stands anywhere in a text: also where a longer one stands that it is part of."""
    return all(any(word in longer for longer in other) for word in one)


def group_of(word: str, shipped: Shipped, own: Mapping[str, tuple[str, ...]]) -> Group:
    """One word with all that mean the same."""
    return _group(word, _same(key_of(word), shipped, own))


def _groups(
    words: Sequence[str], shipped: Shipped, own: Mapping[str, tuple[str, ...]]
) -> Iterable[Group]:
    start = 0
    while start < len(words):
        for many in range(min(LONGEST_PHRASE, len(words) - start), 0, -1):
            phrase = " ".join(words[start : start + many])
            same = _same(key_of(phrase), shipped, own)
            if same or many == 1:
                break
        if same:
            yield _group(phrase, same)
        else:
            yield from _compound(phrase, shipped, own)
        start += many


def _same(key: str, shipped: Shipped, own: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*own.get(key, ()), *shipped.same.get(key, ()))))


def _compound(word: str, shipped: Shipped, own: Mapping[str, tuple[str, ...]]) -> Iterable[Group]:
    """A German compound as its two parts, each of which the compound itself holds as well; else the word as it is."""
    for head in shipped.heads:
        first = word.removesuffix(head)
        if first != word and len(first) >= LEAST_LETTERS and first.isalpha():
            for part in (first, head):
                group = _group(part, _same(key_of(part), shipped, own))
                yield replace(group, typed=word, ways=(Way((word,)), *group.ways))
            return
    yield _group(word, ())


def _group(phrase: str, same: Sequence[str]) -> Group:
    words = telling(words_of(phrase))
    ways = [Way(tuple(words))]
    if len(words) == 1:
        word = words[0]
        ways += [Way((form,), FORM) for form in forms_of(word)]
        if parts := parts_of(word):
            ways += [Way((form,), FORM) for form in code_forms(word) if form != word]
            if len(parts) > 1 and min(map(len, parts)) >= LEAST_LETTERS:
                ways.append(Way(tuple(parts), SAME))
    ways += [_said(other) for other in same if other != phrase]
    first: dict[tuple[str, ...], Way] = {}
    for way in ways:
        if all(way.words):
            first.setdefault(way.words, way)
    return Group(phrase, tuple(first.values())[:_MOST_WAYS])


@lru_cache(maxsize=4096)
def _said(phrase: str) -> Way:
    """A synonym; one with a word too short to be looked for alone is looked for as it stands."""
    words = tuple(part for word in telling(words_of(phrase)) for part in parts_of(word) or [word])
    short = any(len(word) < LEAST_LETTERS for word in words)
    return Way((fold(phrase),) if short else words, SAME)

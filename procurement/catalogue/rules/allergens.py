"""What a list of ingredients itself says about allergens, by the table that comes with the application.

It reads the list only: what a maker left out of it, and traces that nobody names, it cannot know.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from procurement.catalogue.rules.allergen_table import AllergenRule, allergen_table
from procurement.catalogue.terms import AllergenGroup, Composition, SafetyRules, Trait
from procurement.documents.languages.words import Words

NUTS = frozenset({AllergenGroup.TREE_NUT, AllergenGroup.PEANUT})
PLANTS = NUTS | {AllergenGroup.FOOD}
SCENTS = frozenset({AllergenGroup.FRAGRANCE, AllergenGroup.SCENT})
ALLERGENS = PLANTS | {AllergenGroup.FRAGRANCE}

_WORD = re.compile(r"[^\W_]+")
_INSIDE = re.compile(r"\(([^)]*)\)")
_Phrases = dict[str, list[tuple[tuple[str, ...], AllergenRule]]]
_UNSEEN = frozenset(
    {"Mn", "Cf"}
)  # accents of letters taken apart; soft hyphens, spaces of no width
_GREEK = str.maketrans(
    dict(zip("\u03b1\u03b2\u03b3\u03b4", ("alpha", "beta", "gamma", "delta"), strict=True))
)
# An oil that smells is not pressed from a seed: rosehip and pine nut oil are for the skin, as grape seed oil is.
_OIL = frozenset({"oil", "oils"})
_PRESSED = frozenset({"seed", "seeds", "kernel", "nut", "hip", "hips"})


@dataclass(frozen=True, slots=True)
class Finding:
    """An ingredient as the label writes it, the row it meets, and whether the label only says "may contain"."""

    ingredient: str
    rule: AllergenRule
    may_contain: bool = False

    @property
    def allergen(self) -> str:
        return self.rule.allergen

    @property
    def group(self) -> AllergenGroup:
        return self.rule.group

    @property
    def citation(self) -> str:
        return allergen_table().cited(self.rule)


def findings(composition: Composition, rules: SafetyRules) -> tuple[Finding, ...]:
    """What the list meets in the table, plants first, then in the order of the list; each allergen once per group."""
    found: dict[tuple[AllergenGroup, str], Finding] = {}
    for names, may_contain in (
        (composition.ingredients, False),
        (composition.may_contain, True),
    ):
        for name in names:
            for rule in rules_of(name):
                if counts(rule, rules):
                    key = (rule.group, rule.allergen)
                    found.setdefault(key, Finding(name, rule, may_contain))
    return tuple(sorted(found.values(), key=lambda one: one.group not in PLANTS))


def counts(rule: AllergenRule, rules: SafetyRules) -> bool:
    """Whether a row counts for a seller who is this strict."""
    return (rules.is_strict or not rule.is_akin) and (rules.counts_unchecked or rule.checked)


def traits_of(composition: Composition, rules: SafetyRules) -> frozenset[Trait]:
    """What follows from a list that is stated to be complete: what is left out of another cannot be ruled out."""
    if not composition.can_rule_out:
        return frozenset()
    groups = {finding.group for finding in findings(composition, rules)}
    return frozenset(
        trait
        for trait, against in ((Trait.NUT_FREE, NUTS), (Trait.FRAGRANCE_FREE, SCENTS))
        if not groups & against
    )


def allergens_in(composition: Composition, rules: SafetyRules) -> tuple[str, ...]:
    """The allergens in words, plants first; substances as a label writes them, small."""
    return tuple(
        dict.fromkeys(
            one.allergen if one.group in PLANTS else one.allergen.lower()
            for one in findings(composition, rules)
            if one.group in ALLERGENS
        )
    )


def allergens_said(composition: Composition, rules: SafetyRules, words: Words) -> str:
    """In the words of a language; a list that names none says so."""
    found = ", ".join(words.plants.get(name, name) for name in allergens_in(composition, rules))
    return found[:1].upper() + found[1:] if found else words.none_named


@lru_cache(maxsize=20_000)
def rules_of(ingredient: str) -> tuple[AllergenRule, ...]:
    """The rows that an ingredient's name meets, in the order of the table."""
    index = _index()
    readings = [name.split() for name in _readings(ingredient)]
    met = {rule.row: rule for words in readings for rule in index.met_by(words)}
    if not any(rule.group in SCENTS for rule in met.values()):
        met |= {
            rule.row: rule
            for words in readings
            if _OIL & set(words) and not _PRESSED & set(words)
            for rule in _standing_in(words, index.oils)
        }
    return tuple(met[row] for row in sorted(met))


@dataclass(frozen=True, slots=True)
class _Index:
    """Rows by whole name; plants and oils by their first word, with all their words; beginnings of words."""

    whole: dict[str, list[AllergenRule]]
    plants: _Phrases
    oils: _Phrases
    begun: tuple[tuple[str, AllergenRule], ...]

    def met_by(self, words: Sequence[str]) -> Iterator[AllergenRule]:
        yield from self.whole.get(" ".join(words), ())
        yield from _standing_in(words, self.plants)
        for word in words:
            yield from (rule for start, rule in self.begun if word.startswith(start))


def _standing_in(words: Sequence[str], phrases: _Phrases) -> Iterator[AllergenRule]:
    for start, word in enumerate(words):
        for phrase, rule in phrases.get(word, ()):
            if tuple(words[start : start + len(phrase)]) == phrase:
                yield rule


@cache
def _index() -> _Index:
    whole: defaultdict[str, list[AllergenRule]] = defaultdict(list)
    plants: defaultdict[str, list[tuple[tuple[str, ...], AllergenRule]]] = defaultdict(list)
    oils: defaultdict[str, list[tuple[tuple[str, ...], AllergenRule]]] = defaultdict(list)
    begun: list[tuple[str, AllergenRule]] = []
    for rule in allergen_table().rules:
        for name in rule.names:
            words = tuple(plain_name(name).split())
            if name.endswith("*"):
                begun.append((" ".join(words), rule))
            elif rule.is_plant or rule.is_oil:
                (oils if rule.is_oil else plants)[words[0]].append((words, rule))
            else:
                whole[" ".join(words)].append(rule)
    return _Index(dict(whole), dict(plants), dict(oils), tuple(begun))


def plain_name(name: str) -> str:
    """For comparison: small letters without accents, marks and what nobody sees; words only."""
    letters = unicodedata.normalize("NFKD", name.casefold()).translate(_GREEK)
    return " ".join(
        _WORD.findall("".join(one for one in letters if unicodedata.category(one) not in _UNSEEN))
    )


def _readings(ingredient: str) -> Iterable[str]:
    """A name with and without what stands in brackets, what stands in them, and each side of a slash."""
    outside = _INSIDE.sub(" ", ingredient)
    parts = (ingredient, outside, *_INSIDE.findall(ingredient), *outside.split("/"))
    return dict.fromkeys(filter(None, map(plain_name, parts)))

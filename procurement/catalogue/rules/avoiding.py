"""What somebody means by a word they want to do without: "almonds", "sweet almond", "Mandel" are Prunus Amygdalus.

A word is looked up in the table of allergens (kin and rows that are not checked as well: who asks wants to be sure),
in the words of five languages that come with the application, and read in the names themselves.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from procurement.catalogue.rules.allergen_table import AllergenRule
from procurement.catalogue.rules.allergens import NUTS, SCENTS, plain_name, rules_of
from procurement.catalogue.rules.animals import animal_in, animals_called
from procurement.catalogue.rules.synonyms import shipped
from procurement.catalogue.rules.words import key_of, stem
from procurement.catalogue.terms import AllergenGroup

_BETWEEN = re.compile(r"[,;\n]|\s(?:and|or|und|oder|et|ou|&|\+)\s", re.IGNORECASE)
# Rows that stand for a whole group: "tree nuts" is any of them, "perfume" whatever smells.
_WHOLE_GROUPS = {"tree nuts": NUTS, "perfume": SCENTS}
_MADE_OF = {
    "gluten": ("wheat", "barley", "oats", "rye"),  # Annex II, point 1, Regulation (EU) No 1169/2011
    "cereal": ("wheat", "barley", "oats", "rye"),
    "dairy": ("milk",),
    "lactose": ("milk",),
}
_KINDS = {key_of(word): allergens for word, allergens in _MADE_OF.items()}
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Avoided:
    """A word with all it stands for."""

    word: str
    phrases: frozenset[tuple[str, ...]]  # stems of words that stand behind one another in a name
    allergens: frozenset[str]
    groups: frozenset[AllergenGroup]
    animals: frozenset[str]

    def is_in(self, name: str) -> bool:
        """Whether an ingredient is it, is made of it, or may be it."""
        plain = plain_name(name)
        stems = [stem(word) for word in plain.split()]
        rules = rules_of(name)
        return (
            self.word in plain
            or any(_stands_in(phrase, stems) for phrase in self.phrases)
            or any(self._is_meant(rule) for rule in rules)
            or animal_in(plain) in self.animals
        )

    def _is_meant(self, rule: AllergenRule) -> bool:
        return (
            rule.allergen in self.allergens
            or rule.group in self.groups
            or self.word in plain_name(rule.allergen)
        )


def avoided_words(text: str) -> list[str]:
    """The words of "nuts, soya and shea butter", each once."""
    parts = (" ".join(part.split()) for part in _BETWEEN.split(text))
    return list(dict.fromkeys(part for part in parts if part))


def is_told(word: str) -> bool:
    """Whether the tables say more of a word than its letters."""
    found = avoided(word)
    others = found.phrases - {stems_of(word[:_LONGEST])}
    return bool(others or found.allergens or found.groups or found.animals)


@lru_cache(maxsize=2_000)
def avoided(word: str) -> Avoided:
    """What a word stands for; one that nobody knows stands for itself."""
    said = word[:_LONGEST]
    keys = tuple(dict.fromkeys(key_of(form) for form in _forms(said)))
    phrases = {phrase for key in keys for phrase in shipped().same.get(key, ())}
    rules = {rule for phrase in (*_forms(said), *phrases) for rule in rules_of(phrase)}
    named = {rule.allergen for rule in rules}
    kinds = {kind for key in keys for kind in _KINDS.get(key, ())}
    return Avoided(
        word=plain_name(said) or said.casefold(),
        phrases=frozenset(filter(None, map(stems_of, (said, *phrases)))),
        allergens=frozenset(named | kinds),
        groups=frozenset().union(*(_WHOLE_GROUPS[name] for name in named & _WHOLE_GROUPS.keys())),
        animals=frozenset(animals_called(keys)),
    )


def _forms(word: str) -> Iterator[str]:
    """A word as typed, and as one of many."""
    yield word
    for ending in ("s", "es", "n", "en"):
        if word.casefold().endswith(ending) and len(word) > len(ending) + 2:
            yield word[: -len(ending)]


def stems_of(phrase: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in plain_name(phrase).split())


def _stands_in(phrase: tuple[str, ...], stems: Sequence[str]) -> bool:
    return any(
        tuple(stems[start : start + len(phrase)]) == phrase
        for start in range(len(stems) - len(phrase) + 1)
    )

"""Words that mean the same: those shipped with Stillroom, by key. Those of the seller stand in a table."""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from procurement.catalogue.rules.words import key_of, spelt_words
from procurement.kernel.text import fold

LONGEST_PHRASE = 5  # words
_LANGUAGES = ("en", "de", "fr", "es", "it")
_VOWELS = "aeiouh"


@dataclass(frozen=True, slots=True)
class Shipped:
    """The table as shipped: phrases that mean the same by the key of each, and what German compounds end in."""

    version: str
    same: Mapping[str, tuple[str, ...]]
    heads: tuple[str, ...]
    words: frozenset[
        str
    ]  # of all phrases: spelt wrongly, they are put right as products' words are


@cache
def shipped() -> Shipped:
    """Read once; the file is part of the program."""
    kept = files("procurement.catalogue.rules").joinpath("synonyms.toml").read_text("utf-8")
    data = tomllib.loads(kept)
    groups = [
        *(group for one in data["substance"] for group in _of_substance(one)),
        *(_all_of(one) for one in data["thing"]),
    ]
    heads = sorted({fold(head) for head in data["heads"]}, key=lambda head: (-len(head), head))
    words = {word for group in groups for phrase in group for word in spelt_words(fold(phrase))}
    return Shipped(data["version"], by_key(groups), tuple(heads), frozenset(words))


def by_key(groups: Iterable[Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Every phrase's key with all that mean the same; a phrase of two groups means both."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for group in groups:
        phrases = [fold(phrase) for phrase in group]
        for phrase in phrases:
            found[key_of(phrase)] |= dict.fromkeys(phrases)
    return {key: tuple(phrases) for key, phrases in found.items()}


def _all_of(one: Mapping[str, Any]) -> list[str]:
    """English words stand for the languages that have the same."""
    return [
        *one.get("inci", ()),
        *(word for language in _LANGUAGES for word in one.get(language, ())),
    ]


def _of_substance(one: Mapping[str, Any]) -> list[list[str]]:
    """The plant, and where there is one its oil, as each language says it."""
    groups = [_all_of(one)]
    if one.get("oil"):
        said = {language: one.get(language) or one["en"] for language in _LANGUAGES}
        groups.append(
            [
                *(f"{name} oil" for name in (*one["inci"], *said["en"])),
                *(f"{name}öl" for name in said["de"]),
                *(f"huile {_of(name)}" for name in said["fr"]),
                *(f"aceite de {name}" for name in said["es"]),
                *(f"olio di {name}" for name in said["it"]),
            ]
        )
    return groups


def _of(name: str) -> str:
    """French: d'amande, de coco."""
    return f"d'{name}" if fold(name)[0] in _VOWELS else f"de {name}"

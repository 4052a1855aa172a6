"""Ingredients that come of animals, by their names as they stand on labels.

Named as in the glossary of common ingredient names (Commission Implementing Decision (EU) 2022/677); those that may as
well be of a plant (stearic acid, glycerin, squalane) are not counted.
"""

from collections.abc import Iterable

from procurement.catalogue.rules.allergens import rules_of
from procurement.catalogue.rules.words import key_of

# The whole name, or what it begins with.
_FIRST = {
    "cera alba": "beeswax",
    "cera flava": "beeswax",
    "mel": "honey",
    "royal jelly": "royal jelly",
    "lac": "milk",
    "ci 75470": "carmine",
    "ci 75170": "guanine",
    "adeps": "lard",
    "pearl powder": "pearl",
}
# A word anywhere: acetylated lanolin, sodium tallowate.
_ANYWHERE = {
    "beeswax": "beeswax",
    "honey": "honey",
    "propolis": "propolis",
    "sericin": "silk",
    "serica": "silk",
    "silk": "silk",
    "keratin": "keratin",
    "collagen": "collagen",
    "elastin": "elastin",
    "gelatin": "gelatin",
    "carmine": "carmine",
    "cochineal": "carmine",
    "shellac": "shellac",
    "lard": "lard",
    "mink": "mink oil",
    "mustela": "mink oil",
    "emu": "emu oil",
    "snail": "snail",
    "guanine": "guanine",
    "conchiolin": "pearl",
    "caviar": "caviar",
}
_BEGUN = {"lanolin": "lanolin", "laneth": "lanolin", "tallow": "tallow", "placent": "placenta"}
_FOODS = frozenset({"milk", "egg"})
_NOT_OF_ANIMALS = frozenset({"synthetic", "vegetable", "vegan"})


def animal_in(plain: str) -> str | None:
    """What an ingredient (as `plain_name` gives it) takes from an animal, in a word; None for nothing known."""
    words = plain.split()
    if _NOT_OF_ANIMALS.intersection(words):
        return None
    for first, animal in _FIRST.items():
        if plain == first or plain.startswith(f"{first} "):
            return animal
    for word in words:
        begun = (animal for start, animal in _BEGUN.items() if word.startswith(start))
        if found := _ANYWHERE.get(word) or next(begun, None):
            return found
    return next((rule.allergen for rule in rules_of(plain) if rule.allergen in _FOODS), None)


def animals_called(keys: Iterable[str]) -> set[str]:
    """Those that are called by one of these keys of words."""
    asked = set(keys)
    known = {*_FIRST.values(), *_ANYWHERE.values(), *_BEGUN.values(), *_FOODS}
    return {animal for animal in known if key_of(animal) in asked}

"""Whether a list of ingredients meets what somebody wishes, and if not, by which ingredient.

It reads INCI names only: what a list leaves out, it cannot know. Animal substances are named as in the
glossary of common ingredient names (Commission Implementing Decision (EU) 2022/677); those that may as well be of a
plant (stearic acid, glycerin, squalane) are not counted.
"""

from procurement.catalogue.rules.allergens import (
    NUTS,
    SCENTS,
    allergens_in,
    findings,
    plain_name,
)
from procurement.catalogue.terms import Composition, SafetyRules, Wishes

NO_LIST = "no list of ingredients"
NOT_COMPLETE = "its list is not stated to be complete"
_ANIMAL = {
    "cera alba": "beeswax",
    "beeswax": "beeswax",
    "mel": "honey",
    "propolis cera": "propolis",
    "royal jelly": "royal jelly",
    "lanolin": "lanolin",
    "lac": "milk",
    "sericin": "silk",
    "silk amino acids": "silk",
    "hydrolyzed silk": "silk",
    "hydrolyzed keratin": "keratin",
    "keratin": "keratin",
    "collagen": "collagen",
    "soluble collagen": "collagen",
    "hydrolyzed collagen": "collagen",
    "carmine": "carmine",
    "ci 75470": "carmine",
    "shellac": "shellac",
    "tallow": "tallow",
    "adeps suillus": "lard",
    "emu oil": "emu oil",
}


_WISHED = {
    "nuts": "nut_free",
    "nut": "nut_free",
    "fragrance": "fragrance_free",
    "perfume": "fragrance_free",
    "parfum": "fragrance_free",
    "animal": "vegan",
}


def wishes_of(without: str) -> Wishes:
    """Words with commas between, as what somebody wants to do without: "nuts, soya"."""
    words = [" ".join(word.split()) for word in without.split(",")]
    asked = {wish: True for word in words if (wish := _WISHED.get(word.casefold()))}
    rest = [word for word in words if word and word.casefold() not in _WISHED]
    return Wishes(**asked, avoid=", ".join(rest))


def clashes_with(
    wishes: Wishes, composition: Composition, rules: SafetyRules, *, touches_skin: bool
) -> tuple[str, ...]:
    """What speaks against it, in words. Only a complete list of a product for the skin can meet a wish."""
    if not wishes.any:
        return ()
    if not composition.names:
        return (NO_LIST,) if touches_skin else ()
    names = [plain_name(name) for name in composition.names]
    met = findings(composition, rules)
    found: list[str] = []
    if wishes.nut_free:
        found += [one.allergen for one in met if one.group in NUTS]
    if wishes.fragrance_free and (scent := next((one for one in met if one.group in SCENTS), None)):
        found.append(f"fragrance: {scent.ingredient.lower()}")
    if wishes.vegan:
        found += [f"not vegan: {word}" for name in names if (word := _animal(name))]
    named = [*names, *map(plain_name, allergens_in(composition, rules))]
    for word in filter(None, (part.strip().lower() for part in wishes.avoid.split(","))):
        if any((plain_name(word) or word) in name for name in named):
            found.append(f"contains {word}")
    if not found and not composition.is_complete:
        found.append(NOT_COMPLETE)
    return tuple(dict.fromkeys(found))


def _animal(name: str) -> str | None:
    return _ANIMAL.get(name) or next(
        (word for start, word in _ANIMAL.items() if name.startswith(f"{start} ")), None
    )


def met(wishes: Wishes) -> str:
    """The wishes as a property of what meets them: "nut-free and vegan"."""
    words = [
        word
        for asked, word in (
            (wishes.nut_free, "nut-free"),
            (wishes.fragrance_free, "fragrance-free"),
            (wishes.vegan, "vegan"),
            (bool(wishes.avoid), f"without {wishes.avoid}"),
        )
        if asked
    ]
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))

"""Whether a list of ingredients meets what a customer wishes, and if not, by which ingredient.

It reads INCI names only: what a list leaves out, and traces, it cannot know. Animal substances are named as in the
glossary of common ingredient names (Commission Implementing Decision (EU) 2022/677); those that may as well be of a
plant (stearic acid, glycerin, squalane) are not counted.
"""

from collections.abc import Sequence

from procurement.catalogue.rules.allergens import allergens_in, is_nut, scents_in
from procurement.sales.terms import Wishes

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


def clashes_with(wishes: Wishes, inci: Sequence[str], *, touches_skin: bool) -> tuple[str, ...]:
    """What speaks against it, in words. A product for the skin without a list cannot be said to meet a wish."""
    if not wishes.any:
        return ()
    if not inci:
        return ("no list of ingredients",) if touches_skin else ()
    names = [name.strip().rstrip(".").lower() for name in inci]
    named = allergens_in(inci)
    found: list[str] = []
    if wishes.nut_free:
        found += [word for word in named if is_nut(word)]
    if wishes.fragrance_free and (scents := scents_in(names)):
        found.append(f"fragrance: {scents[0]}")
    if wishes.vegan:
        found += [f"not vegan: {word}" for name in names if (word := _animal(name))]
    for word in filter(None, (part.strip().lower() for part in wishes.avoid.split(","))):
        if any(word in name for name in (*names, *named)):
            found.append(f"contains {word}")
    return tuple(dict.fromkeys(found))


def _animal(name: str) -> str | None:
    return _ANIMAL.get(name) or next(
        (word for start, word in _ANIMAL.items() if name.startswith((f"{start} ", f"{start}/"))),
        None,
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

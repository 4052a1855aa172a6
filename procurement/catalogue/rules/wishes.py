"""Whether a list of ingredients meets what somebody wishes, and if not, by which ingredient.

It reads INCI names only: what a list leaves out, it cannot know.
"""

from procurement.catalogue.rules.allergens import NUTS, SCENTS, findings, plain_name
from procurement.catalogue.rules.animals import animal_in
from procurement.catalogue.rules.avoiding import avoided, avoided_words
from procurement.catalogue.terms import Composition, SafetyRules, Wishes

NO_LIST = "no list of ingredients"
NOT_COMPLETE = "its list is not stated to be complete"
_WISHED = {
    "nuts": "nut_free",
    "nut": "nut_free",
    "fragrance": "fragrance_free",
    "fragrances": "fragrance_free",
    "scent": "fragrance_free",
    "perfume": "fragrance_free",
    "parfum": "fragrance_free",
    "animal": "vegan",
}


def wishes_of(without: str) -> Wishes:
    """Words with commas between, as what somebody wants to do without: "nuts, soya"."""
    words = avoided_words(without)
    asked = {_WISHED.get(word.casefold()) for word in words}
    rest = [word for word in words if word.casefold() not in _WISHED]
    return Wishes(
        nut_free="nut_free" in asked,
        fragrance_free="fragrance_free" in asked,
        vegan="vegan" in asked,
        avoid=", ".join(rest),
    )


def clashes_with(
    wishes: Wishes, composition: Composition, rules: SafetyRules, *, touches_skin: bool
) -> tuple[str, ...]:
    """What speaks against it, in words. Only a complete list of a product for the skin can meet a wish."""
    if not wishes.any:
        return ()
    if not composition.names:
        return (NO_LIST,) if touches_skin else ()
    met = findings(composition, rules)
    found = [f"nothing is known of {word}" for word in wishes.unheard]
    if wishes.nut_free:
        found += [one.allergen for one in met if one.group in NUTS]
    if wishes.fragrance_free and (scent := next((one for one in met if one.group in SCENTS), None)):
        found.append(f"fragrance: {scent.ingredient.lower()}")
    if wishes.vegan:
        animals = (animal_in(plain_name(name)) for name in composition.names)
        found += [f"not vegan: {animal}" for animal in animals if animal]
    for word in avoided_words(wishes.avoid.lower()):
        if any(avoided(word).is_in(name) for name in composition.names):
            found.append(f"contains {word}")
    if not found and not composition.is_complete:
        found.append(NOT_COMPLETE)
    return tuple(dict.fromkeys(found))


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

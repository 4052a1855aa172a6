"""What follows from a list of ingredients: whether a product is free of nuts, and of fragrance."""

from collections.abc import Sequence

from procurement.catalogue.rules.allergens import allergens_in, is_nut, scents_in
from procurement.catalogue.terms import Trait


def derived_traits(
    ingredients: Sequence[str], may_contain: Sequence[str], *, complete: bool
) -> frozenset[Trait]:
    """Only of a list that is stated to be complete: what is left out of it cannot be ruled out."""
    if not complete or not ingredients:
        return frozenset()
    names = (*ingredients, *may_contain)
    found = set()
    if not any(is_nut(word) for word in allergens_in(names)):
        found.add(Trait.NUT_FREE)
    if not scents_in(names):
        found.add(Trait.FRAGRANCE_FREE)
    return frozenset(found)

"""What a list of ingredients itself says about allergens, by INCI name.

The fragrance substances are those that European law wants named on the label (Regulation (EC) 1223/2009, Annex III,
the first list of 26); nuts and seeds are those that food law names (Regulation (EU) 1169/2011, Annex II), by the plant.
It reads the list only: traces, and what a supplier left out, it cannot know.
"""

from collections.abc import Iterable

from procurement.documents.languages.words import Words

_FRAGRANCE = frozenset(
    {
        "alpha-isomethyl ionone",
        "amyl cinnamal",
        "amylcinnamyl alcohol",
        "anise alcohol",
        "benzyl alcohol",
        "benzyl benzoate",
        "benzyl cinnamate",
        "benzyl salicylate",
        "butylphenyl methylpropional",
        "cinnamal",
        "cinnamyl alcohol",
        "citral",
        "citronellol",
        "coumarin",
        "eugenol",
        "evernia furfuracea extract",
        "evernia prunastri extract",
        "farnesol",
        "geraniol",
        "hexyl cinnamal",
        "hydroxycitronellal",
        "hydroxyisohexyl 3-cyclohexene carboxaldehyde",
        "isoeugenol",
        "limonene",
        "linalool",
        "methyl 2-octynoate",
    }
)

# How the plant's INCI name begins, and what people call it.
PLANTS = (
    ("prunus amygdalus", "almond (tree nut)"),
    ("arachis hypogaea", "peanut"),
    ("corylus avellana", "hazelnut (tree nut)"),
    ("juglans regia", "walnut (tree nut)"),
    ("macadamia", "macadamia (tree nut)"),
    ("bertholletia excelsa", "Brazil nut (tree nut)"),
    ("anacardium occidentale", "cashew (tree nut)"),
    ("pistacia vera", "pistachio (tree nut)"),
    ("carya illinoinensis", "pecan (tree nut)"),
    ("sesamum indicum", "sesame"),
    ("glycine soja", "soya"),
    ("glycine max", "soya"),
    ("triticum", "wheat"),
    ("lupinus", "lupin"),
)
_NUTS = ("(tree nut)", "peanut")
_SCENTS = ("parfum", "fragrance", "aroma")


def allergens_in(inci: Iterable[str]) -> tuple[str, ...]:
    """The allergens a list names, plants first, in the order of the list, each once."""
    names = [name.strip().rstrip(".").lower() for name in inci]
    plants = [word for name in names for start, word in PLANTS if name.startswith(start)]
    fragrance = [name for name in names if name in _FRAGRANCE]
    return tuple(dict.fromkeys([*plants, *fragrance]))


def is_nut(allergen: str) -> bool:
    """Whether a found allergen is a nut: a tree nut, or a peanut."""
    return allergen.endswith(_NUTS)


def scents_in(inci: Iterable[str]) -> tuple[str, ...]:
    """What of a list is there for its scent: perfume as such, and the substances it is made of."""
    names = [name.strip().rstrip(".").lower() for name in inci]
    return tuple(
        dict.fromkeys(name for name in names if name.startswith(_SCENTS) or name in _FRAGRANCE)
    )


def allergens_said(inci: Iterable[str], words: Words) -> str:
    """In words; a list that names none says so."""
    found = ", ".join(words.plants.get(name, name) for name in allergens_in(inci))
    return found[:1].upper() + found[1:] if found else words.none_named

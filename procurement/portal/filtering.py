"""What a shopper asked the list for: from the address to a filter and a sorting, and back into words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from procurement.catalogue.queries.facets import FacetOption, Facets
from procurement.catalogue.queries.narrowing import Facet, ProductFilter
from procurement.catalogue.terms import Kind, ProductStatus, Trait
from procurement.planning.terms import Sorting
from procurement.web.listing import LONGEST_SEARCH

MOST_CHOSEN = 20
KINDS = {
    Kind.OIL: "Oils",
    Kind.LOTION: "Lotions",
    Kind.CREAM: "Creams",
    Kind.GEL: "Gels",
    Kind.BALM: "Balms",
    Kind.TOOL: "Tools",
    Kind.LINEN: "Linen",
    Kind.DISPOSABLE: "Disposables",
    Kind.RETAIL_SET: "Retail sets",
    Kind.SERVICE: "Services",
}
TRAITS = {
    Trait.NUT_FREE: "Nut-free",
    Trait.FRAGRANCE_FREE: "Fragrance-free",
    Trait.VEGAN: "Vegan",
    Trait.ORGANIC: "Organic",
}
# In the order of the page, with their titles.
FACETS = {
    Facet.KIND: "Kind",
    Facet.AREA: "Body area",
    Facet.TECHNIQUE: "Technique",
    Facet.SKIN_FEEL: "Skin feel",
    Facet.SCENT: "Scent",
    Facet.TRAIT: "Ingredients",
    Facet.STOCK: "Availability",
    Facet.SIZE: "Size",
    Facet.BRAND: "Brand",
}
_USES = (Facet.AREA, Facet.TECHNIQUE)
_SORTINGS = {
    Sorting.BEST: "Best match",
    Sorting.NAME: "Name",
    Sorting.MOST_ORDERED: "Most ordered",
    Sorting.NEWEST: "Newest",
    Sorting.CHEAPEST: "Price, low to high",
    Sorting.DEAREST: "Price, high to low",
}
_WORDS = ("q", *(facet.value for facet in Facet), "sort")


class Option(NamedTuple):
    """A choice of a facet, or a sorting, as its component unpacks it."""

    value: str
    words: str
    shown: int | None  # how many products it would show
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A facet with its choices."""

    title: str
    name: str
    options: tuple[Option, ...]


def wanted_of(args: MultiDict[str, str]) -> ProductFilter:
    """What cannot be a value of a facet is left out; what no product has finds nothing."""
    typed = " ".join(args.get("q", "").split())[:LONGEST_SEARCH]
    wanted = ProductFilter(text=typed, status=ProductStatus.ACTIVE)
    for facet in Facet:
        wanted = wanted.choosing(facet, args.getlist(facet)[:MOST_CHOSEN])
    return wanted


def sorting_of(args: MultiDict[str, str]) -> Sorting | None:
    written = args.get("sort", "")
    return Sorting(written) if written in set(Sorting) else None


def kept_query(args: MultiDict[str, str]) -> str:
    """The part of an address that a search is kept by: words and choices, in one order."""
    wanted = [
        (name, value) for name in _WORDS for value in sorted(set(args.getlist(name))) if value
    ]
    return urlencode(wanted)


def take_query(args: MultiDict[str, str]) -> dict[str, list[str]]:
    """The words of an address that narrow the list, for a link to the same products."""
    return {name: args.getlist(name) for name in _WORDS if name != "sort" and args.getlist(name)}


def read_query(query: str) -> MultiDict[str, str]:
    """A kept search as an address's words again."""
    return MultiDict((name, value) for name, value in parse_qsl(query) if name in _WORDS)


def groups_of(offered: Facets) -> list[Group]:
    return [
        Group(title, facet.value, tuple(_option(facet, one) for one in found))
        for facet, title in FACETS.items()
        if (found := offered.of(facet))
    ]


def sortings(wanted: ProductFilter, now: Sorting, *, sees_prices: bool) -> list[Option]:
    """Those that can be chosen here."""
    return [
        Option(one.value, words, None, one is now)
        for one, words in _SORTINGS.items()
        if (sees_prices or not one.by_price) and (wanted.text or one is not Sorting.BEST)
    ]


def _option(facet: Facet, found: FacetOption) -> Option:
    return Option(found.value, _words(facet, found), found.count, found.chosen)


def _words(facet: Facet, option: FacetOption) -> str:
    if facet is Facet.KIND:
        return KINDS[Kind(option.value)]
    if facet is Facet.TRAIT:
        return TRAITS[Trait(option.value)]
    if facet is Facet.STOCK:
        return "In stock"
    return option.name[:1].upper() + option.name[1:]


def title_of(wanted: ProductFilter, offered: Facets) -> str:
    """What the list shows, in words."""
    traits = [TRAITS[Trait(o.value)].lower() for o in offered.of(Facet.TRAIT) if o.chosen]
    kinds = [KINDS[Kind(o.value)] for o in offered.of(Facet.KIND) if o.chosen]
    uses = [o.name.lower() for facet in _USES for o in offered.of(facet) if o.chosen]
    words = _and(kinds)
    if traits:
        words = f"{_and(traits).capitalize()} {words.lower() or 'products'}"
    if wanted.text:
        words = f"{words or 'Products'} for “{wanted.text}”"
    if uses:
        words = f"{words or 'Everything'} for {_and(uses)}"
    return words or "Everything for the treatment room"


def _and(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)

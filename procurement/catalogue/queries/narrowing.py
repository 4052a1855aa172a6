"""What a list of products is narrowed to, and the conditions that say so. Words are the search's own matter."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from procurement.catalogue.models import (
    Category,
    Family,
    Pack,
    Product,
    ProductTag,
    ProductTrait,
    Tag,
)
from procurement.catalogue.rules.searching import Meaning
from procurement.catalogue.terms import Kind, ProductStatus, TagDimension, Trait
from procurement.kernel.db import MAX_STEPS
from procurement.kernel.quantity import Unit
from procurement.kernel.text import is_storable


class Facet(StrEnum):
    """What a list may be narrowed by; the value is the word in an address."""

    KIND = "kind"
    AREA = "area"
    TECHNIQUE = "technique"
    SKIN_FEEL = "feel"
    SCENT = "scent"
    TRAIT = "trait"
    BRAND = "brand"
    SIZE = "size"
    STOCK = "stock"


TAGGED = {
    Facet.AREA: TagDimension.BODY_AREA,
    Facet.TECHNIQUE: TagDimension.TECHNIQUE,
    Facet.SKIN_FEEL: TagDimension.SKIN_FEEL,
    Facet.SCENT: TagDimension.SCENT,
}
_WORDS: dict[Facet, type[StrEnum]] = {Facet.KIND: Kind, Facet.TRAIT: Trait}
_FIELDS = {
    Facet.KIND: "kinds",
    Facet.AREA: "areas",
    Facet.TECHNIQUE: "techniques",
    Facet.SKIN_FEEL: "skin_feels",
    Facet.SCENT: "scents",
    Facet.BRAND: "brands",
    Facet.SIZE: "sizes",
    Facet.TRAIT: "traits",
    Facet.STOCK: "stock",
}
IN_STOCK = "in"
_NOTHING: frozenset[Any] = frozenset()


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """What a list of products is narrowed to. Several values of one facet widen it; facets narrow each other."""

    text: str = ""
    kinds: frozenset[Kind] = _NOTHING
    areas: frozenset[str] = _NOTHING  # codes of tags
    techniques: frozenset[str] = _NOTHING
    skin_feels: frozenset[str] = _NOTHING
    scents: frozenset[str] = _NOTHING
    brands: frozenset[str] = _NOTHING
    sizes: frozenset[str] = _NOTHING  # of the sales pack: "500000-ml", steps and unit
    traits: frozenset[Trait] = _NOTHING  # all of them: who wants nut-free and vegan wants both
    stock: frozenset[str] = _NOTHING  # IN_STOCK, where `stocked` says what is
    ids: frozenset[int] | None = None
    category: str | None = None  # its code
    family: str | None = None  # its code
    status: ProductStatus | None = None
    meaning: Meaning | None = None  # of `text`, where it has been understood already
    # Keys of what can be bought at once, as a query: floors above know.
    stocked: Select[Any] | None = field(default=None, compare=False, repr=False)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.category or any(self.chosen(facet) for facet in Facet))

    def chosen(self, facet: Facet) -> frozenset[str]:
        """The values chosen of one facet."""
        values: frozenset[str] = getattr(self, _FIELDS[facet])
        return values

    def choosing(self, facet: Facet, values: Iterable[str]) -> "ProductFilter":
        """The same list with these values of a facet, those that can be one."""
        known: Iterable[str] = values
        if facet in _WORDS:
            words = _WORDS[facet]
            known = [words(value) for value in values if value in set(words)]
        change: dict[str, Any] = {_FIELDS[facet]: frozenset(known)}
        return replace(self, **change)

    def without(self, facet: Facet) -> "ProductFilter":
        """The same list with one facet left open."""
        return self.choosing(facet, ()) if self.chosen(facet) else self


def narrowed(wanted: ProductFilter) -> list[ColumnElement[bool]]:
    """The conditions of everything but the words."""
    return [*_chosen(wanted), *_placed(wanted)]


def _chosen(wanted: ProductFilter) -> list[ColumnElement[bool]]:
    """By the facets."""
    found: list[ColumnElement[bool]] = []
    if wanted.kinds:
        found.append(Product.kind.in_(sorted(wanted.kinds)))
    for facet, dimension in TAGGED.items():
        if codes := wanted.chosen(facet):
            found.append(_tagged(dimension, codes))
    for trait in sorted(wanted.traits):
        having = select(ProductTrait.product_id).where(ProductTrait.trait == trait)
        found.append(Product.id.in_(having))
    if wanted.brands:
        found.append(Product.brand.in_(_storable(wanted.brands)))
    if wanted.sizes:
        found.append(_sized(wanted.sizes))
    if wanted.stock and wanted.stocked is not None:
        found.append(Product.id.in_(wanted.stocked))
    return found


def _placed(wanted: ProductFilter) -> list[ColumnElement[bool]]:
    """By where it stands in the catalogue."""
    found: list[ColumnElement[bool]] = []
    if wanted.ids is not None:
        found.append(Product.id.in_(sorted(wanted.ids)))
    if wanted.category:
        chosen = select(Category.id).where(Category.code.in_(_storable([wanted.category])))
        found.append(Product.category_id.in_(chosen))
    if wanted.family:
        one = select(Family.id).where(Family.code.in_(_storable([wanted.family])))
        found.append(Product.family_id.in_(one))
    if wanted.status:
        found.append(Product.status == wanted.status)
    return found


def size_of(value: str) -> tuple[int, Unit] | None:
    """A size as an address says it; None for what is none."""
    steps, _, unit = value.partition("-")
    if not (steps.isascii() and steps.isdigit() and len(steps) < 20 and unit in set(Unit)):
        return None
    return (int(steps), Unit(unit)) if 0 < int(steps) <= MAX_STEPS else None


def _tagged(dimension: TagDimension, codes: frozenset[str]) -> ColumnElement[bool]:
    return Product.id.in_(
        select(ProductTag.product_id)
        .join(Tag, Tag.id == ProductTag.tag_id)
        .where(Tag.dimension == dimension, Tag.code.in_(_storable(codes)))
    )


def _sized(sizes: frozenset[str]) -> ColumnElement[bool]:
    found = [size for value in sorted(sizes) if (size := size_of(value))]
    holding = select(Pack.product_id).where(Pack.is_sales_pack)
    return or_(
        false(),
        *(
            and_(Product.unit == unit, Product.id.in_(holding.where(Pack.size_steps == steps)))
            for steps, unit in found
        ),
    )


def _storable(codes: Iterable[str]) -> list[str]:
    """Codes come from addresses: what no text of ours holds finds nothing, and never reaches the driver."""
    return sorted(code for code in codes if is_storable(code))

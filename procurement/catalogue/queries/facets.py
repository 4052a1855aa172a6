"""What a list of products may be narrowed by, with how many each choice would show: one statement, rarely two."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, Select, String, and_, func, literal, or_, select, type_coerce, union_all

from procurement.catalogue.models import Pack, Product, ProductTag, ProductTrait, Tag
from procurement.catalogue.queries.meaning import Blank, blank_of
from procurement.catalogue.queries.narrowing import IN_STOCK, TAGGED, Facet, ProductFilter, size_of
from procurement.catalogue.queries.search import conditions
from procurement.catalogue.rules.wording import size_words
from procurement.catalogue.terms import Kind, Trait
from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.quantity import Unit
from procurement.kernel.text import is_storable

_OF_DIMENSION = {dimension.value: facet for facet, dimension in TAGGED.items()}
_FACETS = {facet.value: facet for facet in Facet} | _OF_DIMENSION
_PLACES = {
    Facet.KIND: {kind.value: place for place, kind in enumerate(Kind)},
    Facet.TRAIT: {trait.value: place for place, trait in enumerate(Trait)},
}
_BY_CONTENT = (Unit.ML, Unit.G)  # what is counted in pieces has no size to choose by


@dataclass(frozen=True, slots=True)
class FacetOption:
    """A value one may narrow by, and how many products it would show beside what is chosen elsewhere."""

    value: str
    name: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facets:
    """The options of each facet, in the order people read them."""

    options: dict[Facet, tuple[FacetOption, ...]]

    def of(self, facet: Facet) -> tuple[FacetOption, ...]:
        return self.options.get(facet, ())


class _Lists:
    """The products a facet counts: the list without that facet's own choice. Open facets share one."""

    def __init__(self, wanted: ProductFilter, blank: Blank | None = None) -> None:
        self._wanted = wanted
        self._blank = blank  # in place of the words
        self._made: dict[ProductFilter, CTE] = {}

    def of(self, facet: Facet) -> CTE:
        """Traits are all wanted at once, so theirs is the list as it stands."""
        wanted = self._wanted if facet is Facet.TRAIT else self._wanted.without(facet)
        if wanted not in self._made:
            self._made[wanted] = (
                select(
                    Product.id,
                    type_coerce(Product.kind, String).label("kind"),
                    Product.brand,
                    type_coerce(Product.unit, String).label("unit"),
                )
                .where(*conditions(wanted, self._blank))
                .cte(f"list_{len(self._made)}")
            )
        return self._made[wanted]


def facets(session: ReadSession, wanted: ProductFilter) -> Facets:
    """The options that would show something, and those chosen whether they do or not."""
    statement, given = _statement(wanted)
    found: dict[Facet, list[tuple[str, str, int, int]]] = defaultdict(list)
    for facet, value, name, number, count in session.execute(statement, given):
        found[_FACETS[facet]].append((value, name, number, count))
    _add_chosen(session, wanted, found)
    return Facets({facet: _options(facet, found[facet], wanted.chosen(facet)) for facet in Facet})


def _statement(wanted: ProductFilter) -> tuple[Any, dict[str, str]]:
    plain = blank_of(wanted.meaning) if wanted.meaning else None
    if wanted.ids is not None or (wanted.text and plain is None):
        return _counted(_Lists(wanted), wanted), {}
    blank, given = plain or (None, {})
    return _kept(blank, replace(wanted, text="", meaning=None), wanted.stocked), given


@lru_cache(maxsize=64)
def _kept(blank: Blank | None, wanted: ProductFilter, stocked: Select[Any] | None) -> Any:
    """Written down once for all lists narrowed alike: they differ in their words alone."""
    wanted = replace(wanted, stocked=stocked)  # filters do not tell it apart
    return _counted(_Lists(wanted, blank), wanted)


def _counted(lists: _Lists, wanted: ProductFilter) -> Any:
    parts = [_kinds(lists), _brands(lists), _sizes(lists), _traits(lists), *_tags(lists, wanted)]
    if wanted.stocked is not None:
        parts.append(_stock(lists, wanted.stocked))
    return union_all(*parts)


def _kinds(lists: _Lists) -> AnySelect:
    one = lists.of(Facet.KIND)
    return select(
        literal(Facet.KIND.value), one.c.kind, one.c.kind, literal(0), func.count()
    ).group_by(one.c.kind)


def _brands(lists: _Lists) -> AnySelect:
    one = lists.of(Facet.BRAND)
    return (
        select(literal(Facet.BRAND.value), one.c.brand, one.c.brand, literal(0), func.count())
        .where(one.c.brand != "")
        .group_by(one.c.brand)
    )


def _sizes(lists: _Lists) -> AnySelect:
    one = lists.of(Facet.SIZE)
    return (
        select(literal(Facet.SIZE.value), one.c.unit, one.c.unit, Pack.size_steps, func.count())
        .join_from(one, Pack, and_(Pack.product_id == one.c.id, Pack.is_sales_pack))
        .where(one.c.unit.in_([unit.value for unit in _BY_CONTENT]))
        .group_by(one.c.unit, Pack.size_steps)
    )


def _traits(lists: _Lists) -> AnySelect:
    one, trait = lists.of(Facet.TRAIT), type_coerce(ProductTrait.trait, String)
    return (
        select(literal(Facet.TRAIT.value), trait, trait, literal(0), func.count())
        .join_from(one, ProductTrait, ProductTrait.product_id == one.c.id)
        .group_by(ProductTrait.trait)
    )


def _stock(lists: _Lists, stocked: Select[Any]) -> AnySelect:
    one = lists.of(Facet.STOCK)
    there = literal(IN_STOCK)
    return select(literal(Facet.STOCK.value), there, there, literal(0), func.count()).where(
        one.c.id.in_(stocked)
    )


def _tags(lists: _Lists, wanted: ProductFilter) -> Iterable[AnySelect]:
    """Facets of tags that nothing is chosen of are counted together."""
    together: dict[ProductFilter, list[Facet]] = defaultdict(list)
    for facet in TAGGED:
        together[wanted.without(facet)].append(facet)
    for group in together.values():
        one = lists.of(group[0])
        counted = (
            select(ProductTag.tag_id, func.count().label("products"))
            .join_from(one, ProductTag, ProductTag.product_id == one.c.id)
            .group_by(ProductTag.tag_id)
            .subquery()
        )
        yield (
            select(
                type_coerce(Tag.dimension, String),
                Tag.code,
                Tag.name,
                literal(0),
                counted.c.products,
            )
            .join_from(counted, Tag, Tag.id == counted.c.tag_id)
            .where(Tag.dimension.in_([TAGGED[facet] for facet in group]))
        )


def _add_chosen(
    session: ReadSession,
    wanted: ProductFilter,
    found: dict[Facet, list[tuple[str, str, int, int]]],
) -> None:
    """What is chosen and shows nothing can be taken away again; only tags must be asked for their names."""
    missing = {
        facet: [value for value in sorted(wanted.chosen(facet)) if is_storable(value)]
        for facet in Facet
    }
    for facet, values in missing.items():
        there = {_value(facet, row) for row in found[facet]}
        missing[facet] = [value for value in values if value not in there]
    for facet in (Facet.KIND, Facet.BRAND, Facet.TRAIT, Facet.STOCK):
        found[facet] += [(value, value, 0, 0) for value in missing[facet]]
    for size in filter(None, map(size_of, missing[Facet.SIZE])):
        found[Facet.SIZE].append((size[1].value, size[1].value, size[0], 0))
    named = [
        and_(Tag.dimension == dimension, Tag.code.in_(missing[facet]))
        for facet, dimension in TAGGED.items()
        if missing[facet]
    ]
    if named:
        rows = session.execute(select(Tag.dimension, Tag.code, Tag.name).where(or_(*named)))
        for dimension, code, name in rows:
            found[_OF_DIMENSION[dimension.value]].append((code, name, 0, 0))


def _value(facet: Facet, row: tuple[str, str, int, int]) -> str:
    """As an address says it."""
    return f"{row[2]}-{row[0]}" if facet is Facet.SIZE else row[0]


def _options(
    facet: Facet, rows: Sequence[tuple[str, str, int, int]], chosen: frozenset[str]
) -> tuple[FacetOption, ...]:
    if facet is Facet.STOCK:
        rows = [row for row in rows if row[3] or row[0] in chosen]
    elif facet in _PLACES:
        rows = sorted(rows, key=lambda row: _PLACES[facet][row[0]])
    elif facet is Facet.SIZE:
        rows = sorted(rows, key=lambda row: (row[0] != Unit.ML, row[2]))
    else:
        rows = sorted(rows, key=lambda row: (row[1].casefold(), row[0]))
    return tuple(
        FacetOption(value, _name(facet, row), row[3], value in chosen)
        for row in rows
        for value in [_value(facet, row)]
    )


def _name(facet: Facet, row: tuple[str, str, int, int]) -> str:
    return size_words(row[2], Unit(row[0])) if facet is Facet.SIZE else row[1]

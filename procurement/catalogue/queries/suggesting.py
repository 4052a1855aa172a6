"""What is proposed while somebody types: products, and the families, shelves and ingredients they belong to."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from procurement.catalogue.models import Ingredient, ProductIngredient
from procurement.catalogue.queries.narrowing import ProductFilter
from procurement.catalogue.queries.search import Found, ProductRow, search
from procurement.catalogue.rules.searching import Group, Meaning
from procurement.kernel.db import ReadSession
from procurement.kernel.paging import PageRequest
from procurement.kernel.text import fold

_LOOKED_AT = 24  # products whose families, shelves and ingredients are proposed


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The best products, and names to search for instead."""

    products: tuple[ProductRow, ...]
    families: tuple[str, ...]
    categories: tuple[str, ...]
    ingredients: tuple[str, ...]
    total: int
    meant: str

    @property
    def is_empty(self) -> bool:
        return not self.products


def suggestions(
    session: ReadSession, wanted: ProductFilter, *, products: int = 6, names: int = 3
) -> Suggestions:
    """For what was typed so far: one statement more than a search."""
    found = search(session, wanted, PageRequest(_LOOKED_AT))
    rows = found.page.items
    meaning = found.wanted.meaning or Meaning()
    families = _alike((row.family_name for row in rows if row.family_name), meaning, names)
    return Suggestions(
        products=rows[:products],
        families=families,
        categories=_alike((row.category for row in rows if row.category), meaning, names),
        ingredients=_ingredients(session, found, meaning, names),
        total=found.total,
        meant=found.meant,
    )


def _ingredients(
    session: ReadSession, found: Found, meaning: Meaning, most: int
) -> tuple[str, ...]:
    ids = [row.id for row in found.page.items]
    if not ids:
        return ()
    rows = session.execute(
        select(Ingredient.inci, func.count())
        .join(ProductIngredient, ProductIngredient.ingredient_id == Ingredient.id)
        .where(ProductIngredient.product_id.in_(ids))
        .group_by(Ingredient.inci)
        .order_by(func.count().desc(), Ingredient.inci)
    )
    return _alike((inci for inci, _ in rows), meaning, most)


def _alike(names: Iterable[str], meaning: Meaning, most: int) -> tuple[str, ...]:
    """Names that hold something of what was typed, the most frequent first."""
    counted = Counter(name for name in names if _holds_any(fold(name), meaning.groups))
    return tuple(name for name, _ in counted.most_common(most))


def _holds_any(name: str, groups: Sequence[Group]) -> bool:
    return any(
        all(len(word) > 2 and word in name for word in way.words)
        for group in groups
        for way in group.ways
    )

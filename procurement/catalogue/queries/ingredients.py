"""Ingredients in lists, with what the table of allergens says of each."""

from dataclasses import dataclass

from sqlalchemy import func, select

from procurement.catalogue.models import Ingredient, ProductIngredient
from procurement.catalogue.rules.allergen_table import AllergenRule
from procurement.catalogue.rules.allergens import rules_of
from procurement.kernel.db import ReadSession
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.text import containing


@dataclass(frozen=True, slots=True)
class IngredientRow:
    """An ingredient, the rows its name meets, and how many products have it."""

    inci: str
    rules: tuple[AllergenRule, ...]
    products: int


def ingredients(
    session: ReadSession, paging: PageRequest, *, text: str = ""
) -> Page[IngredientRow]:
    """By name, as they are written."""
    products = (
        select(func.count())
        .select_from(ProductIngredient)
        .where(ProductIngredient.ingredient_id == Ingredient.id)
        .scalar_subquery()
    )
    query = select(Ingredient.inci, products).order_by(Ingredient.inci)
    for word in text.lower().split():
        query = query.where(func.lower(Ingredient.inci).like(containing(word), escape="\\"))
    if after := paging.key(str):
        query = query.where(Ingredient.inci > after[0])
    rows = [
        IngredientRow(inci, rules_of(inci), count)
        for inci, count in session.execute(query.limit(paging.limit + 1))
    ]
    return paging.page(rows, lambda row: (row.inci,))

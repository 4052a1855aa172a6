"""`/products/{sku}/safety` and `substitutes`, `/ingredients`, `/allergens`: what is in it, and instead of it."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.resources.products import seen_by
from procurement.api.schemas.safety import (
    AllergenQuery,
    AllergenShape,
    IngredientQuery,
    IngredientShape,
    SafetyShape,
    SubstituteQuery,
    SubstituteShape,
    SubstitutesShape,
)
from procurement.api.schemas.values import listing
from procurement.catalogue.queries.compositions import heard, safety_rules
from procurement.catalogue.queries.ingredients import ingredients
from procurement.catalogue.queries.listing import product
from procurement.catalogue.rules.allergen_table import rules_matching
from procurement.catalogue.rules.product_safety import product_safety
from procurement.catalogue.rules.wishes import wishes_of
from procurement.kernel.paging import PageRequest, part_of
from procurement.kernel.permissions import Permission
from procurement.planning.queries.substitutes import substitutes_for

of_products = Api("product_safety", "/products")
of_ingredients = Api("ingredients_api", "/ingredients")
of_allergens = Api("allergens_api", "/allergens")


@of_products.get(
    "/<path:sku>/safety", gives=SafetyShape, summary="What is in a product, and what it is free of"
)
def show(call: Call[Any], sku: str) -> Answer:
    found = product(call.session, sku, status=seen_by(call.actor))
    safety = product_safety(found.composition, safety_rules(call.session))
    return Answer(SafetyShape.of(found.sku, safety, found.traits))


@of_products.get(
    "/<path:sku>/substitutes",
    query=SubstituteQuery,
    gives=SubstitutesShape,
    summary="Products of its kind that do without something, the best first, with the reason",
)
def list_substitutes(call: Call[Any], sku: str) -> Answer:
    found = product(call.session, sku, status=seen_by(call.actor))
    wishes = heard(call.session, wishes_of(call.query.without))
    rows = substitutes_for(call.session, found.sku, wishes, actor=call.actor, at=call.at, most=10)
    items = [SubstituteShape.of(row) for row in rows]
    return Answer(SubstitutesShape(items=items, unheard=list(wishes.unheard)))


@of_ingredients.get(
    "", query=IngredientQuery, gives=IngredientShape, many=True, summary="Ingredients, by INCI name"
)
def list_ingredients(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_CATALOGUE)
    asked = call.query
    page = ingredients(call.session, PageRequest.parse(asked.limit, asked.cursor), text=asked.text)
    return Answer(listing(page, IngredientShape.of))


@of_allergens.get(
    "", query=AllergenQuery, gives=AllergenShape, many=True, summary="The table of allergens"
)
def list_allergens(call: Call[Any]) -> Answer:
    call.actor.require_any(Permission.SEE_CATALOGUE, Permission.BUY)
    asked = call.query
    found = rules_matching(asked.text, asked.group, checked=asked.checked)
    page = part_of(found, PageRequest.parse(asked.limit, asked.cursor), lambda rule: (rule.row,))
    return Answer(listing(page, AllergenShape.of))

"""What a product is free of follows from a complete list of ingredients; vegan and organic are stated."""

import pytest
from sqlalchemy import select

from procurement.catalogue.models import ProductTrait
from procurement.catalogue.operations.products import change_product, create_product
from procurement.catalogue.queries.listing import product
from procurement.catalogue.rules.traits import derived_traits
from procurement.catalogue.terms import Kind, ProductDraft, Trait
from procurement.kernel.errors import Invalid
from procurement.kernel.quantity import Unit
from tests.builders import NOON

OIL = ProductDraft(
    sku="OIL-1",
    name="Grapeseed oil",
    kind=Kind.OIL,
    unit=Unit.ML,
    ingredients=("Vitis Vinifera Seed Oil", "Tocopherol"),
    ingredients_complete=True,
    traits=(Trait.VEGAN,),
)


@pytest.mark.parametrize(
    ("ingredients", "may_contain", "complete", "expected"),
    [
        (["Vitis Vinifera Seed Oil"], [], True, {Trait.NUT_FREE, Trait.FRAGRANCE_FREE}),
        (["Vitis Vinifera Seed Oil"], [], False, set()),
        ([], [], True, set()),
        (["Prunus Amygdalus Dulcis Oil"], [], True, {Trait.FRAGRANCE_FREE}),
        (["Aqua", "Parfum"], [], True, {Trait.NUT_FREE}),
        (["Aqua"], ["Arachis Hypogaea Oil"], True, {Trait.FRAGRANCE_FREE}),
    ],
)
def test_only_a_complete_list_is_free_of_anything(ingredients, may_contain, complete, expected):
    assert derived_traits(ingredients, may_contain, complete=complete) == expected


def test_traits_follow_what_is_saved(session, actor):
    create_product(session, OIL, actor=actor, at=NOON)
    assert product(session, "OIL-1").traits == (Trait.NUT_FREE, Trait.FRAGRANCE_FREE, Trait.VEGAN)

    draft = ProductDraft("OIL-1", may_contain=("Linalool", "Tocopherol"), traits=())
    change_product(session, draft, actor=actor, at=NOON)
    after = product(session, "OIL-1")
    assert (after.traits, after.may_contain) == ((Trait.NUT_FREE,), ("Linalool",))
    assert session.scalars(select(ProductTrait.trait)).all() == [Trait.NUT_FREE]


def test_a_derived_trait_is_not_stated(session, actor):
    draft = ProductDraft("OIL-2", "Oil", Kind.OIL, Unit.ML, traits=(Trait.NUT_FREE,))
    with pytest.raises(Invalid) as refused:
        create_product(session, draft, actor=actor, at=NOON)
    assert [error.field for error in refused.value.errors] == ["traits"]

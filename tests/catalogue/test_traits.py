"""What a product is free of follows from a complete list of ingredients; vegan and organic are stated."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, select, update

from procurement.catalogue.models import ProductTrait, SafetyPolicy
from procurement.catalogue.operations.deriving import change_safety_rules, follow_the_table
from procurement.catalogue.operations.products import change_product, create_product
from procurement.catalogue.queries.compositions import policy_version, safety_rules
from procurement.catalogue.queries.listing import product
from procurement.catalogue.terms import Kind, ProductDraft, SafetyRules, Trait
from procurement.kernel.errors import Conflict, Invalid
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


def test_being_stricter_takes_traits_away_and_a_new_table_derives_them_anew(session, actor):
    apricot = replace(OIL, ingredients=("Prunus Armeniaca Kernel Oil",))
    create_product(session, apricot, actor=actor, at=NOON)
    assert Trait.NUT_FREE in product(session, "OIL-1").traits

    strict = SafetyRules(is_strict=True)
    seen = policy_version(session)
    change_safety_rules(session, strict, version=seen, actor=actor, at=NOON)
    assert product(session, "OIL-1").traits == (Trait.FRAGRANCE_FREE, Trait.VEGAN)
    assert safety_rules(session) == strict
    with pytest.raises(Conflict):
        change_safety_rules(session, SafetyRules(), version=seen, actor=actor, at=NOON)

    session.execute(delete(ProductTrait).where(ProductTrait.trait == Trait.FRAGRANCE_FREE))
    assert not follow_the_table(session)
    session.execute(update(SafetyPolicy).values(derived_with="2000-01"))
    assert follow_the_table(session)
    assert product(session, "OIL-1").traits == (Trait.FRAGRANCE_FREE, Trait.VEGAN)

"""Many products in a handful of statements."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.catalogue.models import Category, Family, Ingredient, Tag
from procurement.catalogue.operations.saving import Saved, save_products
from procurement.catalogue.queries.known import known
from procurement.catalogue.rules.drafts import Drafts
from procurement.catalogue.terms import FamilyDraft, Kind, PackDraft, ProductDraft
from procurement.kernel.actor import Actor
from procurement.kernel.quantity import Unit
from tests.builders import NOON
from tests.queries import counted

FAMILY = {"oil": FamilyDraft("oil", "Almond oil")}


def variant(number: int, **more: object) -> ProductDraft:
    return ProductDraft(
        f"OIL-{number}",
        f"Almond oil {number}",
        Kind.OIL,
        Unit.ML,
        family="oil",
        category="Oils",
        options=(("No", str(number)),),
        ingredients=("Almond Oil",),
        techniques=("Kneading",),
        **more,
    )


def many(count: int) -> Drafts:
    products = {f"OIL-{n}": variant(n) for n in range(count)}
    packs = {(sku, "B"): PackDraft(sku, "B", "Bottle", 500_000) for sku in products}
    return Drafts(products, packs)


def save(
    session: Session, actor: Actor, drafts: Drafts, families: dict[str, FamilyDraft] = FAMILY
) -> Saved:
    return save_products(session, families, drafts, actor=actor, at=NOON)


def test_the_second_time_nothing_changes(session: Session, actor: Actor):
    first = save(session, actor, many(50))
    assert (len(first.created), first.families_created) == (50, {"oil"})
    second = save(session, actor, many(50))
    assert (second.created, second.updated, second.families_created, second.families_updated) == (
        set(),
        set(),
        set(),
        set(),
    )
    assert second.product_ids == first.product_ids
    assert second.pack_ids == first.pack_ids


def test_statements_do_not_grow_with_the_products(session: Session, actor: Actor):
    counts = []
    for count in (5, 400):
        products = {f"P{count}-{n}": variant(n) for n in range(count)}
        renamed = {sku: ProductDraft(sku, sku, Kind.OIL, Unit.ML, family="oil") for sku in products}
        with counted(session.connection()) as seen:
            save(session, actor, Drafts(renamed, {}))
        counts.append(len(seen))
    assert counts[1] <= counts[0] + 3


def test_shared_names_are_made_once(session: Session, actor: Actor):
    save(session, actor, many(20))
    assert session.scalars(select(Category.name)).all() == ["Oils"]
    assert session.scalars(select(Ingredient.inci)).all() == ["Almond Oil"]
    assert session.scalars(select(Tag.code)).all() == ["kneading"]


def test_a_renamed_family_is_found_under_its_new_name(session: Session, actor: Actor):
    save(session, actor, many(3))
    saved = save(session, actor, Drafts({}, {}), {"oil": FamilyDraft("oil", "Süßmandelöl")})
    assert saved.families_updated == {"oil"}
    assert session.scalars(select(Family.name)).all() == ["Süßmandelöl"]
    assert all(
        "sussmandelol" in p.search_text
        for p in known(session, ["OIL-0", "OIL-2"]).products.values()
    )


def test_belongings_that_are_gone_go(session: Session, actor: Actor):
    save(session, actor, many(2))
    save(
        session,
        actor,
        Drafts({"OIL-1": ProductDraft("OIL-1", options=(), ingredients=(), techniques=())}, {}),
    )
    found = known(session, ["OIL-0", "OIL-1"]).products
    assert (found["OIL-1"].options, found["OIL-1"].ingredients, found["OIL-1"].techniques) == (
        (),
        (),
        (),
    )
    assert found["OIL-0"].ingredients == ("Almond Oil",)

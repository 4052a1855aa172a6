"""One product or pack at a time: made, changed, refused."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.models import AuditEntry
from procurement.catalogue.errors import GtinTaken, PackExists, ProductExists, ProductUnknown
from procurement.catalogue.models import Pack
from procurement.catalogue.operations.products import change_product, create_pack, create_product
from procurement.catalogue.queries.known import known
from procurement.catalogue.rules.drafts import KnownProduct
from procurement.catalogue.terms import Kind, PackDraft, ProductDraft, ProductStatus
from procurement.kernel.actor import PUBLIC, Actor
from procurement.kernel.errors import Forbidden, Invalid
from procurement.kernel.quantity import Unit
from tests.builders import NOON

OIL = ProductDraft(
    "OIL-1",
    "Almond oil, lavender",
    Kind.OIL,
    Unit.ML,
    family="almond-oil",
    category="Oils",
    description="Warm and slow.",
    options=(("Scent", "Lavender"),),
    ingredients=("Prunus Amygdalus Dulcis Oil", "Lavandula Angustifolia Oil"),
    body_areas=("Back", "Foot"),
    techniques=("Kneading",),
    shelf_life_days=730,
    period_after_opening_months=12,
)
BOTTLE = PackDraft("OIL-1", "BOTTLE-500", "Bottle 500 ml", 500_000, "4006381333931")


def there(session: Session, sku: str) -> KnownProduct:
    return known(session, [sku]).products[sku]


def test_a_product_is_made_with_all_its_belongings(session: Session, actor: Actor):
    create_product(session, OIL, [BOTTLE], actor=actor, at=NOON)
    product = there(session, "OIL-1")
    assert (product.kind, product.unit, product.status) == (Kind.OIL, Unit.ML, ProductStatus.ACTIVE)
    assert (product.family, product.category) == ("almond-oil", "Oils")
    assert product.options == (("Scent", "Lavender"),)
    assert product.ingredients == OIL.ingredients
    assert (product.body_areas, product.techniques) == (("Back", "Foot"), ("Kneading",))
    assert product.sales_pack is not None
    assert (product.sales_pack.code, product.sales_pack.gtin) == ("BOTTLE-500", "04006381333931")
    assert "lavandula" in product.search_text
    assert "04006381333931" in product.search_text
    assert session.scalars(select(AuditEntry.action)).all() == ["create product"]


def test_a_thing_counted_in_pieces_has_a_pack_of_one(session: Session, actor: Actor):
    create_product(
        session, ProductDraft("T-1", "Roller", Kind.TOOL, Unit.PIECE), actor=actor, at=NOON
    )
    sales_pack = there(session, "T-1").sales_pack
    assert sales_pack is not None
    assert (sales_pack.code, sales_pack.size_steps) == ("EACH", 1)


def test_an_oil_without_packs_has_none(session: Session, actor: Actor):
    create_product(session, OIL, actor=actor, at=NOON)
    assert there(session, "OIL-1").packs == {}


def test_an_sku_is_taken_once(session: Session, actor: Actor):
    create_product(session, OIL, actor=actor, at=NOON)
    with pytest.raises(ProductExists) as caught:
        create_product(session, OIL, actor=actor, at=NOON)
    assert caught.value.field == "sku"


def test_only_what_the_draft_says_changes(session: Session, actor: Actor):
    create_product(session, OIL, [BOTTLE], actor=actor, at=NOON)
    before = there(session, "OIL-1")
    product = change_product(
        session,
        ProductDraft("OIL-1", name="Almond oil", ingredients=("Tocopherol",)),
        actor=actor,
        at=NOON,
    )
    after = there(session, "OIL-1")
    assert (after.name, after.ingredients) == ("Almond oil", ("Tocopherol",))
    assert (after.family, after.options, after.packs) == (
        before.family,
        before.options,
        before.packs,
    )
    assert "tocopherol" in after.search_text
    assert "angustifolia" not in after.search_text
    assert product.version == 2


def test_a_change_needs_a_product(session: Session, actor: Actor):
    with pytest.raises(ProductUnknown):
        change_product(session, ProductDraft("NOPE", name="x"), actor=actor, at=NOON)


def test_the_unit_of_a_product_stays(session: Session, actor: Actor):
    create_product(session, OIL, actor=actor, at=NOON)
    with pytest.raises(Invalid, match="counted in ml"):
        change_product(session, ProductDraft("OIL-1", unit=Unit.G), actor=actor, at=NOON)


def test_a_second_pack_and_a_new_sales_pack(session: Session, actor: Actor):
    create_product(session, OIL, [BOTTLE], actor=actor, at=NOON)
    gallon = PackDraft("OIL-1", "GALLON", "US gallon jug", 3_785_412, is_sales_pack=True)
    pack = create_pack(session, gallon, actor=actor, at=NOON)
    assert (pack.size_steps, pack.is_sales_pack) == (3_785_412, True)
    flags = {pack.code: pack.is_sales_pack for pack in session.scalars(select(Pack))}
    assert flags == {"BOTTLE-500": False, "GALLON": True}


def test_a_pack_is_refused_with_its_field(session: Session, actor: Actor):
    create_product(session, OIL, [BOTTLE], actor=actor, at=NOON)
    with pytest.raises(PackExists):
        create_pack(session, BOTTLE, actor=actor, at=NOON)
    with pytest.raises(GtinTaken) as taken:
        create_pack(
            session, PackDraft("OIL-1", "B2", "x", 1, "4006381333931"), actor=actor, at=NOON
        )
    assert taken.value.field == "gtin"
    with pytest.raises(Invalid) as wrong:
        create_pack(
            session, PackDraft("OIL-1", "B3", "x", 0, "4006381333932"), actor=actor, at=NOON
        )
    assert [error.field for error in wrong.value.errors] == ["size", "gtin"]
    with pytest.raises(Invalid) as unknown:
        create_pack(session, PackDraft("NOPE", "B3", "x", 1), actor=actor, at=NOON)
    assert unknown.value.field == "product"


def test_everything_wrong_with_a_product_is_said_at_once(session: Session, actor: Actor):
    bad = ProductDraft(
        " ",
        "x" * 201,
        Kind.OIL,
        Unit.ML,
        shelf_life_days=0,
        options=(("a", "1"), ("a", "2")),
        techniques=("\x00",),
    )
    with pytest.raises(Invalid) as caught:
        create_product(session, bad, actor=actor, at=NOON)
    assert [error.field for error in caught.value.errors] == [
        "sku",
        "name",
        "options",
        "techniques.0",
        "shelf_life_days",
    ]


def test_a_new_product_needs_a_name_and_a_kind(session: Session, actor: Actor):
    with pytest.raises(Invalid) as caught:
        create_product(session, ProductDraft("X"), actor=actor, at=NOON)
    assert [error.field for error in caught.value.errors] == ["name", "kind"]


def test_nobody_else_writes_the_catalogue(session: Session):
    with pytest.raises(Forbidden):
        create_product(session, OIL, actor=PUBLIC, at=NOON)

"""What stands on a label, and that what is scanned from it leads back."""

from datetime import UTC, date, datetime

import pytest

from procurement.catalogue.models import Ingredient, ProductIngredient
from procurement.documents.label_content import SymbolKind
from procurement.kernel.errors import Invalid, NotFound
from procurement.planning.queries.labels import (
    LabelKind,
    LabelWanted,
    barcode,
    labels,
    labels_of_site,
)
from procurement.stock.operations.containers.decanting import Decant, Fill, decant
from procurement.stock.operations.containers.opening import OpenContainer, open_container
from procurement.stock.queries.scanning import Scanned, find_scanned
from tests.builders import a_company, a_product, an_actor
from tests.queries import counted
from tests.stock.builders import MORNING, a_spa, ml, opened

BASE = "https://spa.example"
GTIN = "09501101530003"
TODAY = date(2026, 11, 28)
LATER = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
KIND = LabelKind


@pytest.fixture
def spa(session):
    a_company(session)
    a_spa(session)
    oil = a_product(session, name="Sweet Almond Oil", packs={"jug": "4000", "bottle": "500"})
    oil.packs[0].gtin = GTIN
    oil.period_after_opening_months = 12
    for position, inci in enumerate(("Prunus Amygdalus Dulcis Oil", "Linalool")):
        ingredient = Ingredient(inci=inci)
        session.add(ingredient)
        session.flush()
        row = ProductIngredient(product_id=oil.id, position=position, ingredient_id=ingredient.id)
        session.add(row)
    a_product(session, "GEL-1", name="Cool Gel")
    opened(session, 8000, lot="AB/1", expires_on=date(2028, 12, 31), into="ROOM-1")
    opened(session, 500, lot="Charge Ä", product="GEL-1", into="ROOM-1")
    return session


def one(session, *wanted):
    (label,) = labels(session, [LabelWanted(*wanted)], base=BASE)
    return label


def test_every_label_leads_back_to_its_thing(spa):
    jug = open_container(
        spa, OpenContainer("ROOM-1", "ALM-500", lot="AB/1"), actor=an_actor(), at=MORNING
    ).containers[0]
    pour = Decant(jug, (Fill(1, ml(500), "bottle"),), to="ROOM-1")
    bottle = decant(spa, pour, actor=an_actor(), at=LATER).containers[0]
    wanted = [
        LabelWanted(KIND.PRODUCT, "ALM-500"),
        LabelWanted(KIND.PRODUCT, "GEL-1"),
        LabelWanted(KIND.LOT, "AB/1", "ALM-500"),
        LabelWanted(KIND.LOT, "Charge Ä", "GEL-1"),
        LabelWanted(KIND.CONTAINER, jug),
        LabelWanted(KIND.CONTAINER, bottle),
        LabelWanted(KIND.LOCATION, "ROOM-1", copies=2),
    ]
    with counted(spa.connection()) as sent:
        made = labels(spa, wanted, base=BASE)
    assert len(sent) <= 11
    found = [find_scanned(spa, label.symbol.text, today=TODAY) for label in made]
    assert [(one.what, one.lot or one.location or one.product) for one in found] == [
        (Scanned.PACK, "ALM-500"),
        (Scanned.PRODUCT, "GEL-1"),
        (Scanned.LOT, "AB/1"),
        (Scanned.LOT, "Charge Ä"),
        (Scanned.CONTAINER, jug),
        (Scanned.CONTAINER, bottle),
        (Scanned.LOCATION, "ROOM-1"),
    ]
    assert made[2].symbol.text == f"(01){GTIN}(17)281231(10)AB/1"
    assert made[4].head == jug
    assert made[4].facts == ("Use by 23 Nov 2027",)
    assert made[4].notes == ("Opened 23 Nov 2026", "Lot AB/1", "Room-1")
    assert made[5].facts == ("Use by 23 Nov 2027",)  # decanting extends nothing
    assert made[5].notes[:2] == (
        "Filled 24 Nov 2026 · 12M after opening",
        "Lot AB/1, expires 31 Dec 2028",
    )
    assert made[5].small.startswith(
        "Contains almond (tree nut), linalool. Ingredients: Prunus Amygdalus"
    )
    assert made[6].copies == 2


@pytest.mark.parametrize(
    ("gtin", "kind", "text"),
    [
        (GTIN, SymbolKind.EAN_13, "9501101530003"),
        ("19501101530000", SymbolKind.ITF_14, "19501101530000"),
        ("00000096385074", SymbolKind.EAN_8, "96385074"),
        (None, SymbolKind.CODE_128, "ALM-500"),
    ],
)
def test_a_product_has_the_shortest_code_of_the_trade(spa, gtin, kind, text):
    symbol = barcode(gtin, "ALM-500")
    assert (symbol.kind, symbol.text) == (kind, text)


@pytest.mark.parametrize(
    "wanted",
    [
        LabelWanted(KIND.PRODUCT, "NOPE"),
        LabelWanted(KIND.PRODUCT, "ALM-500", pack="barrel"),
        LabelWanted(KIND.LOT, "AB/1"),
        LabelWanted(KIND.LOT, "AB/1", "GEL-1"),
        LabelWanted(KIND.CONTAINER, "AB/1"),
        LabelWanted(KIND.LOCATION, "CONSUMED"),
    ],
)
def test_what_is_not_there_is_named(spa, wanted):
    with pytest.raises(Invalid) as refused:
        labels(spa, [LabelWanted(KIND.LOCATION, "STORE"), wanted], base=BASE)
    assert [error.field for error in refused.value.errors] == ["labels.1.name"]


def test_all_rooms_of_a_site_at_once(spa):
    wanted = labels_of_site(spa, "KIN")
    assert {one.name for one in wanted} == {"STORE", "QUARANTINE", "ROOM-1", "ROOM-2"}
    with pytest.raises(NotFound):
        labels_of_site(spa, "MARS")

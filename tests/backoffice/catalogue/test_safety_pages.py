"""What is in a product, the label read before it is saved, the table of allergens, and how strict we are."""

import pytest

from procurement.catalogue.queries.listing import product
from procurement.catalogue.terms import Trait
from procurement.kernel.permissions import Role
from tests.backoffice.catalogue.test_products import OIL
from tests.doors import sign_in
from tests.queries import assert_queries

LABEL = "AQUA, PRUNUS ARMENIACA (APRICOT) KERNEL OIL*, LINALOOL, [+/- CI 77891]; *organic"


def product_of(app, sku):
    with app.extensions["uow"].read() as session:
        return product(session, sku)


@pytest.fixture
def manager(client):
    sign_in(client, Role.SPA_MANAGER)
    return client


def test_a_label_is_shown_as_understood_before_anything_is_saved(app, manager):
    read = manager.post("/products/new", data={**OIL, "label_text": LABEL, "read_label": "yes"})
    assert read.status_code == 200
    for words in ("Understood, not saved yet", "may be in it", "Linalool", "* organic"):
        assert words in read.text
    assert "Aqua\nPrunus Armeniaca Kernel Oil\nLinalool</textarea>" in read.text
    assert manager.get("/products/ALM-500").status_code == 404

    typed = {**OIL, "ingredients": "Aqua\nPrunus Armeniaca Kernel Oil", "ingredients_complete": "y"}
    assert manager.post("/products/new", data=typed).status_code == 303
    page = manager.get("/products/ALM-500").text
    assert "</span> tree nuts, peanut, sesame" in page
    assert "apricot kernel (akin to almond)" in page
    nothing = manager.post("/products/new", data={**OIL, "label_text": " , ", "read_label": "yes"})
    assert "No ingredient was found" in nothing.text


def test_being_strict_changes_what_is_said_at_once(app, client):
    sign_in(client, Role.ADMINISTRATOR)
    typed = {**OIL, "ingredients": "Prunus Armeniaca Kernel Oil", "ingredients_complete": "y"}
    client.post("/products/new", data=typed)
    assert Trait.NUT_FREE in product_of(app, "ALM-500").traits
    page = client.get("/settings/safety").text
    version = page.split('name="version" value="')[1].split('"')[0]
    chosen = {"is_strict": "y", "counts_unchecked": "y", "version": version}
    assert client.post("/settings/safety", data=chosen).status_code == 303
    assert Trait.NUT_FREE not in product_of(app, "ALM-500").traits
    assert "</span> apricot kernel (akin to almond)" in client.get("/products/ALM-500").text
    assert "Somebody else" in client.post("/settings/safety", data=chosen).text


def test_a_substitute_is_offered_with_its_reason(app, manager):
    manager.post("/products/new", data={**OIL, "ingredients_complete": "y"})
    grape = {**OIL, "sku": "GRP-500", "name": "Grapeseed Oil", "gtin": "", "family": ""}
    grape |= {"ingredients": "Vitis Vinifera Seed Oil", "ingredients_complete": "y"}
    assert manager.post("/products/new", data=grape).status_code == 303
    page = manager.get("/products/ALM-500?without=almond").text
    assert "Without almond, also for back and leg and thigh, not in stock now" in page
    assert "/products/GRP-500" in page
    assert "Nothing of this kind" in manager.get("/products/ALM-500?without=vitis").text
    assert "no ingredient is known" in manager.get("/products/ALM-500?without=almmonds").text
    assert manager.get("/products/ALM-500?without=%00").status_code == 200


def test_ingredients_and_the_table_are_lists_with_search_and_files(app, manager):
    manager.post("/products/new", data=OIL)
    with assert_queries(app.extensions["uow"].engine, 8):
        page = manager.get("/ingredients?q=amygdalus").text
    assert "almond (tree nut)" in page
    assert "1,2-Hexanediol" not in page
    table = manager.get("/allergens?q=78-70-6").text
    assert "Annex III, entry 84" in table
    assert "Benzyl Alcohol" not in table
    assert "Not checked" in manager.get("/allergens?checked=no&group=active").text
    assert "Nothing found" in manager.get("/allergens?q=zzz").text
    for address in ("/ingredients?format=csv", "/allergens?format=csv"):
        assert manager.get(address).data.count(b"\n") > 2

"""The catalogue in the back office: found, read, made, changed; and each refusal at its field."""

import io

import pytest
from PIL import Image

from procurement.catalogue.queries.pages import product_page
from procurement.kernel.permissions import Role
from tests.builders import a_product, a_supplier, a_supplier_item
from tests.doors import sign_in
from tests.queries import assert_queries

OIL = {
    "sku": "ALM-500",
    "name": "Sweet Almond Oil",
    "kind": "oil",
    "unit": "ml",
    "pack_code": "BTL",
    "pack_name": "Bottle 500 ml",
    "pack_size": "0.5 l",
    "gtin": "4006381333931",
    "family": "almond",
    "category": "Oils",
    "options": "size: 500 ml\nscent: none",
    "ingredients": "Prunus Amygdalus Dulcis Oil, Tocopherol\n1,2-Hexanediol",
    "shelf_life_days": "730",
    "period_after_opening_months": "6",
    "more_areas": "Back, Leg and thigh",
    "more_techniques": "Kneading",
}


@pytest.fixture
def shelf(client):
    sign_in(client, Role.SPA_MANAGER)
    assert client.post("/products/new", data=OIL).status_code == 303
    return client


def page_of(app, sku="ALM-500"):
    with app.extensions["uow"].read() as session:
        return product_page(session, sku)


def a_picture(colour="red"):
    out = io.BytesIO()
    Image.new("RGB", (500, 400), colour).save(out, "PNG")
    out.seek(0)
    return out


def test_a_product_is_made_and_read(app, shelf):
    page = shelf.get("/products/ALM-500").text
    for words in ("Bottle 500 ml", "04006381333931", "Tocopherol, 1,2-Hexanediol.", "6 months"):
        assert words in page
    product = page_of(app).product
    assert product.options == (("size", "500 ml"), ("scent", "none"))
    assert product.body_areas == ("Back", "Leg and thigh")
    assert product.sales_pack.size_steps == 500_000


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "There is a product ALM-500 already."),
        ({"sku": "B", "gtin": "4006381333931"}, "is the barcode of ALM-500, BTL"),
        ({"sku": "B", "gtin": "4006381333930"}, "its check digit is wrong"),
        ({"sku": "B c"}, "A code is made of letters"),
        ({"sku": "B", "gtin": "", "pack_size": ""}, "the pack BTL is new"),
        ({"sku": "B", "gtin": "", "pack_size": "-5"}, "more than nothing"),
        ({"sku": "B", "gtin": "", "pack_size": "5 g"}, "counted in ml"),
        ({"sku": "B", "gtin": "", "shelf_life_days": "1e400"}, "A whole number, please"),
        ({"sku": "B", "gtin": "", "shelf_life_days": "NaN"}, "A whole number, please"),
        ({"sku": "B", "gtin": "", "options": "500 ml"}, "One a line, such as"),
        ({"sku": "B", "gtin": "", "kind": "soup"}, "Not a valid choice"),
        ({"sku": "B", "gtin": "", "name": "x" * 201}, "At most 200 characters"),
        ({"sku": "B", "gtin": "", "name": ""}, "Fill this in"),
        ({"sku": "B", "gtin": "", "more_areas": "x" * 199 + ", " + "y"}, "At most 200"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field_and_nothing_typed_is_lost(shelf, change, words):
    answer = shelf.post("/products/new", data=OIL | change)
    assert answer.status_code == 422
    assert words in answer.text.replace("&#39;", "'")
    assert 'aria-invalid="true"' in answer.text
    assert "1,2-Hexanediol" in answer.text


def test_a_product_is_changed_and_what_is_emptied_is_gone(app, shelf):
    page = shelf.get("/products/ALM-500/edit").text
    assert 'value="Leg and thigh" checked' in page
    form = {"name": "Almond Oil", "kind": "oil", "status": "discontinued", "version": "1"}
    form |= {"areas": ["Back"], "more_techniques": "Acupressure"}
    assert shelf.post("/products/ALM-500/edit", data=form).status_code == 303
    product = page_of(app).product
    assert (product.name, product.status) == ("Almond Oil", "discontinued")
    assert (product.shelf_life_days, product.family, product.ingredients) == (None, "", ())
    assert (product.body_areas, product.techniques) == (("Back",), ("Acupressure",))
    assert list(product.packs) == ["BTL"]


def test_dose_stroke_density_and_tare_are_kept_changed_and_cleared(app, shelf):
    form = {"name": "Almond Oil", "kind": "oil", "status": "active", "version": "1"}
    shelf.post(
        "/products/ALM-500/edit",
        data=form | {"dose": "25", "pump_stroke": "1.5 ml", "density": "0.92"},
    )
    product = page_of(app).product
    assert (product.dose, product.pump_stroke, product.density) == (25_000, 1_500, 920)
    page = shelf.get("/products/ALM-500/edit").text
    assert 'value="0.92"' in page
    assert 'value="1.5"' in page
    pack = {"name": "Bottle", "tare_grams": "45.5"}
    assert shelf.post("/products/ALM-500/packs/BTL", data=pack).status_code == 303
    assert page_of(app).product.packs["BTL"].tare == 45_500
    assert 'value="45.5"' in shelf.get("/products/ALM-500/packs/BTL").text
    shelf.post("/products/ALM-500/edit", data=form | {"version": str(page_of(app).version)})
    product = page_of(app).product
    assert (product.dose, product.pump_stroke, product.density) == (None, None, None)
    assert product.packs["BTL"].tare == 45_500


def test_two_people_changing_one_product_hear_of_each_other(app, shelf):
    form = {"name": "First", "kind": "oil", "status": "active", "version": "1"}
    assert shelf.post("/products/ALM-500/edit", data=form).status_code == 303
    late = shelf.post("/products/ALM-500/edit", data=form | {"name": "Second"})
    assert late.status_code == 422
    assert "Somebody else has changed this product" in late.text
    assert page_of(app).product.name == "First"


def test_packs_are_added_and_renamed_and_keep_their_size(app, shelf):
    case = {"code": "CASE-12", "name": "Case of 12", "size": "6 l", "is_sales_pack": "y"}
    assert shelf.post("/products/ALM-500/packs/new", data=case).status_code == 303
    again = shelf.post("/products/ALM-500/packs/new", data=case)
    assert "has a pack CASE-12 already" in again.text
    renamed = {"name": "Carton of 12", "gtin": "96385074"}
    assert shelf.post("/products/ALM-500/packs/CASE-12", data=renamed).status_code == 303
    pack = page_of(app).product.packs["CASE-12"]
    assert (pack.name, pack.gtin, pack.size_steps, pack.is_sales_pack) == (
        "Carton of 12",
        "00000096385074",
        6_000_000,
        True,
    )
    assert shelf.get("/products/ALM-500/packs/NONE").status_code == 404


def test_pictures_are_added_led_with_and_taken_away(app, shelf):
    for colour in ("red", "blue"):
        form = {"picture": (a_picture(colour), f"{colour}.png"), "alternative_text": colour}
        assert shelf.post("/products/ALM-500/pictures", data=form).status_code == 303
    assert [one.alternative_text for one in page_of(app).pictures] == ["red", "blue"]
    red, blue = (one.sha256 for one in page_of(app).pictures)
    assert shelf.post(f"/products/ALM-500/pictures/{blue}/lead").status_code == 303
    assert [one.alternative_text for one in page_of(app).pictures] == ["blue", "red"]
    address = f"/pictures/{page_of(app).pictures[0].sha256}/400.webp"
    assert address in shelf.get("/products/ALM-500").text
    assert shelf.get(address).status_code == 200
    jpeg = shelf.get(address.replace(".webp", ".jpg"))
    assert Image.open(io.BytesIO(jpeg.data)).getpixel((0, 0))[2] > 200, "blue, as JPEG"
    assert (jpeg.mimetype, jpeg.cache_control.immutable) == ("image/jpeg", True)
    assert jpeg.headers["ETag"] != shelf.get(address).headers["ETag"]
    assert (
        f'og:image" content="http://127.0.0.1:8000{address[:-9]}'
        in shelf.get("/catalogue/ALM-500").text
    )
    assert f"/products/ALM-500/pictures/{red}/lead" in shelf.get("/products/ALM-500/pictures").text
    assert shelf.post(f"/products/ALM-500/pictures/{blue}/remove").status_code == 303
    assert [(one.position, one.alternative_text) for one in page_of(app).pictures] == [(0, "red")]
    for gone in (blue, "0", "%00"):  # a click on a page that is old takes nothing else away
        assert shelf.post(f"/products/ALM-500/pictures/{gone}/remove").status_code == 404
    bad = {"picture": (io.BytesIO(b"GIF89a no"), "x.gif")}
    refused = shelf.post("/products/ALM-500/pictures", data=bad)
    assert refused.status_code == 422
    assert "not a picture we can read" in refused.text


def test_a_family_shows_its_variants_side_by_side_and_is_renamed(app, shelf):
    page = shelf.get("/families/almond").text
    assert "500 ml" in page
    assert "ALM-500" in page
    form = {"name": "Nut oils", "description": "Pressed cold"}
    assert shelf.post("/families/almond/edit", data=form).status_code == 303
    assert "Nut oils" in shelf.get("/families/").text
    assert "ALM-500" in shelf.get("/products/?q=nut").text
    shelf.post("/families/almond/edit", data={"name": "Crème aux noix"})
    for text, there in {"creme noix": True, "CRÈME": True, "creme oil": False}.items():
        assert (
            "/families/almond" in shelf.get("/families/", query_string={"q": text}).text
        ) is there
    assert shelf.post("/families/almond/edit", data={"name": ""}).status_code == 422


def test_the_list_is_searched_filtered_and_taken_away_as_a_file(shelf):
    for address, there in {
        "/products/?q=almnod": True,
        "/products/?q=4006381333931": True,
        "/products/?kind=oil&area=back&technique=kneading&status=active&category=oils": True,
        "/products/?kind=tool": False,
        "/products/?status=discontinued": False,
        "/products/?q=%25": False,
        "/products/?q=%00%ED%A0%80": False,
    }.items():
        assert ("ALM-500" in shelf.get(address).text) is there, address
    assert "This is what “almond” finds" in shelf.get("/products/?q=almnod").text
    assert shelf.get("/products/?kind=soup").status_code == 404
    assert shelf.get("/products/?cursor=x").status_code == 404
    assert "ALM-500" in shelf.get("/products/?format=csv").text
    assert shelf.get("/products/?format=xlsx").data[:2] == b"PK"
    assert "almond" in shelf.get("/families/?format=csv").text


def test_who_may_not_change_the_catalogue_is_not_asked_to(shelf):
    sign_in(shelf, Role.THERAPIST)
    assert "New product" not in shelf.get("/products/").text
    assert "Edit" not in shelf.get("/products/ALM-500").text
    for address in ("/products/new", "/products/ALM-500/edit", "/families/almond/edit"):
        assert shelf.get(address).status_code == 403
    assert shelf.post("/products/ALM-500/pictures/0/remove").status_code == 403


def test_costs_and_prices_are_shown_to_those_who_may_know_them(app, shelf):
    with app.extensions["uow"].write() as session:
        a_supplier(session)
        a_supplier_item(session, pack="BTL")
    assert "8.60" in shelf.get("/products/ALM-500").text
    sign_in(shelf, Role.SALES)
    page = shelf.get("/products/ALM-500").text
    assert "8.60" not in page
    assert "Corrib" not in page
    assert "It stands on no price list" in page
    sign_in(shelf, Role.THERAPIST)
    assert "price list" not in shelf.get("/products/ALM-500").text


@pytest.mark.parametrize(
    "address", ["/products/NONE", "/products/NONE/edit", "/families/NONE", "/products/%00"]
)
def test_what_is_not_there_is_a_page_that_says_so(shelf, address):
    assert shelf.get(address).status_code == 404


def test_lists_and_pages_ask_a_fixed_number_of_questions(app, shelf):
    with app.extensions["uow"].write() as session:
        for n in range(40):
            a_product(session, f"P-{n}", name=f"Product {n}")
    for address, most in (
        ("/products/", 10),
        ("/products/?q=product", 11),
        ("/products/ALM-500", 18),
        ("/families/", 5),
        ("/families/almond", 6),
    ):
        with assert_queries(app.extensions["uow"].engine, most):
            assert shelf.get(address).status_code == 200

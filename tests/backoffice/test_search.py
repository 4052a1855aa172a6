"""The search: a code lands on its thing, words find what has them; a scan in a transfer and in a room."""

import re

import pytest

from procurement.kernel.permissions import Role
from tests.builders import a_product
from tests.doors import sign_in
from tests.purchasing.builders import a_placed_order, a_spa_that_orders
from tests.queries import assert_queries
from tests.stock.builders import opened

GTIN = "09501101530003"


@pytest.fixture
def desk(app, client):
    with app.extensions["uow"].write() as session:
        a_spa_that_orders(session)
        a_placed_order(session)
        product = a_product(session, "GEL-1", name="Cool Gel")
        product.packs[0].gtin = GTIN
        product.search_text = "cool gel gel-1"
        opened(session, 1500, lot="G1", product="GEL-1", into="ROOM-1")
    sign_in(client, Role.ADMINISTRATOR)
    return client


@pytest.mark.parametrize(
    ("typed", "lands"),
    [
        ("GEL-1", "/products/GEL-1"),
        ("9501101530003", "/products/GEL-1"),
        (f"01{GTIN}10G1\x1d3002", "/lots/GEL-1/G1"),
        ("g1", "/lots/GEL-1/G1"),
        ("room-1", "/rooms/ROOM-1"),
        ("http://old.example/r/ROOM-2", "/rooms/ROOM-2"),
        ("po-2026-0001", "/purchase-orders/PO-2026-0001"),
        (f"01{GTIN}10L2107", f"/scan?text=01{GTIN}10L2107"),
    ],
)
def test_a_code_lands_on_its_thing(desk, typed, lands):
    answer = desk.get("/search", query_string={"q": typed})
    assert answer.status_code == 302
    assert answer.headers["Location"] == lands


def test_words_find_products_rooms_and_suppliers(app, desk):
    with assert_queries(app.extensions["uow"].engine, 20):
        page = desk.get("/search?q=cool").text
    assert "/products/GEL-1" in page
    assert "/stock/?q=cool" in page
    assert "/rooms/ROOM-2" in desk.get("/search?q=room").text
    assert "/suppliers/CORRIB" in desk.get("/search?q=corrib+bot").text
    assert desk.get("/search").mimetype == "text/html"
    assert "Nothing found for" in desk.get("/search?q=%3Cb%3Ezzz").text
    assert "PO-2026-0001" not in desk.get("/search?q=PO-2026-0002").headers.get("Location", "")


def test_everybody_finds_only_what_they_may_see(app, desk):
    sign_in(desk, Role.THERAPIST)
    assert "Suppliers" not in desk.get("/search?q=corrib").text
    assert desk.get("/search?q=PO-2026-0001").status_code == 200
    assert 'action="/search"' in desk.get("/today").text


def test_a_scan_fills_a_transfer(desk):
    sent = {"source": "ROOM-1", "destination": "STORE", "lines-0-product": "", "note": "for Ana"}
    page = desk.post("/transfers/new", data={**sent, "scan": f"(01){GTIN}(10)G1(30)2"})
    assert page.status_code == 200
    assert "Cool Gel, lot G1: 1000 ml." in page.text
    line = dict(re.findall(r'name="lines-0-(\w+)"[^>]*?value="([^"]*)"', page.text))
    assert line == {"product": "GEL-1", "quantity": "1000", "lot": "G1"}
    assert "for Ana" in page.text
    again = {f"lines-0-{name}": value for name, value in line.items()}
    page = desk.post("/transfers/new", data={**sent, **again, "scan": "G1"})
    assert "type how much" in page.text
    page = desk.post("/transfers/new", data={**sent, **again, "scan": "ROOM-2"})
    assert re.search(r'<option selected value="ROOM-2"', page.text.split('name="destination"')[1])
    page = desk.post("/transfers/new", data={**sent, **again, "scan": "", "add": "scan"})
    assert page.status_code == 200
    done = desk.post(
        "/transfers/new", data={**sent, **again, "destination": "ROOM-2", "scan": "", "do": "draft"}
    )
    assert done.status_code == 303


def test_a_scan_in_a_room_chooses_what_is_there(desk):
    def scan(text):
        return desk.get("/rooms/ROOM-1", query_string={"scan": text})

    assert re.search(r'value="product GEL-1" checked', scan(GTIN[1:]).text)
    assert "is not kept in Room-1" in scan("ALM-500").text
    assert scan("ROOM-2").headers["Location"] == "/rooms/ROOM-2"
    assert "is nothing of ours" in scan("<b>").text

"""The scan page, its JSON, and the short addresses on labels."""

import pytest

from procurement.kernel.permissions import Role
from tests.builders import a_product
from tests.doors import sign_in
from tests.stock.builders import a_spa, opened

GTIN = "09501101530003"
UNCLEAR = f"01{GTIN}10L2107"


@pytest.fixture
def desk(app, client):
    with app.extensions["uow"].write() as session:
        a_spa(session)
        product = a_product(session, name="Sweet Almond Oil")
        product.packs[0].gtin = GTIN
        opened(session, 500, lot="A1", into="ROOM-1")
    sign_in(client, Role.THERAPIST)
    return client


def asked(desk, text, **more):
    return desk.get("/scan", query_string={"text": text, "format": "json", **more}).json


def test_the_page_says_what_was_scanned(desk):
    empty = desk.get("/scan")
    assert empty.mimetype == "text/html"
    assert "Look it up" in empty.text
    page = desk.get("/scan", query_string={"text": f"(01){GTIN}(17)281200(10)A1"}).text
    assert "Sweet Almond Oil" in page
    assert "Sun 31 Dec 2028" in page
    assert "is nothing of ours" in desk.get("/scan?text=<b>").text


def test_a_device_whose_scanner_sends_separators_is_remembered(desk):
    assert asked(desk, UNCLEAR)["what"] == "unclear"
    assert asked(desk, UNCLEAR, **{"from": "camera"})["supplier_lot"] == "L2107"
    assert asked(desk, f"01{GTIN}10A1\x1d3012")["packs"] == 12
    assert asked(desk, UNCLEAR)["supplier_lot"] == "L2107"


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("/b/B-2026-0001", "/open/B-2026-0001"),
        ("/s?p=ALM-500&l=A1", "/lots/ALM-500/A1"),
        ("/s?p=ALM-500", "/products/ALM-500"),
    ],
)
def test_labels_lead_to_their_page_after_sign_in(app, desk, address, place):
    assert desk.get(address).headers["Location"] == place
    stranger = app.test_client().get(address)
    assert stranger.status_code == 303
    assert "/sign-in?next=" in stranger.headers["Location"]

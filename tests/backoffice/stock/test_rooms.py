"""Rooms in the back office: one thing that works, and each refusal at its field."""

import re
from datetime import timedelta

import pytest

from procurement.kernel.clock import utc_now
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.stock.queries.on_hand import StockFilter, stock
from tests.builders import a_product
from tests.doors import sign_in
from tests.queries import assert_queries
from tests.stock.builders import a_spa, opened


@pytest.fixture
def spa(app, client):
    sign_in(client, Role.SPA_MANAGER)
    with app.extensions["uow"].write() as session:
        a_spa(session)
        a_product(session, name="Sweet Almond Oil")
        opened(session, 500, lot="A1", into="ROOM-1", at=utc_now())
    return client


def there(app, **wanted):
    with app.extensions["uow"].read() as session:
        rows = stock(session, StockFilter(**wanted), at=utc_now(), paging=PageRequest()).items
    return {(row.location, row.lot): row.on_hand.amount for row in rows}


def test_a_therapist_uses_oil_in_three_taps(app, spa):
    sign_in(spa, Role.THERAPIST)
    assert "Sweet Almond Oil" in spa.get("/rooms/ROOM-1").text
    chosen = spa.post("/rooms/ROOM-1", data={"thing": "product ALM-500", "do": "use"})
    page = spa.get(chosen.headers["Location"]).text
    assert 'value="30"' in page
    once = re.search(r'name="once"[^>]*value="(\w+)"', page)[1]
    answer = spa.post("/rooms/ROOM-1/use/ALM-500", data={"quantity": "30", "once": once})
    assert answer.status_code == 303
    assert there(app) == {("ROOM-1", "A1"): "470"}
    again = spa.post("/rooms/ROOM-1/use/ALM-500", data={"quantity": "30", "once": once})
    assert again.status_code == 422
    assert there(app) == {("ROOM-1", "A1"): "470"}


def test_more_than_there_is_is_said_at_the_field(app, spa):
    answer = spa.post("/rooms/ROOM-1/use/ALM-500", data={"quantity": "501"})
    assert answer.status_code == 422
    assert "has 500 ml of Sweet Almond Oil left to take" in answer.text
    assert there(app) == {("ROOM-1", "A1"): "500"}


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "NaN",
        "Infinity",
        "1e400",
        "-1",
        "0",
        "0.0001",
        "5 g",
        "x" * 300,
        "\N{ARABIC-INDIC DIGIT ONE}",
    ],
)
def test_what_is_no_quantity_is_refused(app, spa, typed):
    answer = spa.post("/rooms/ROOM-1/use/ALM-500", data={"quantity": typed})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert there(app) == {("ROOM-1", "A1"): "500"}


def test_goods_are_moved_written_off_and_taken_back(app, spa):
    spa.post("/rooms/ROOM-1/move/ALM-500", data={"quantity": "100", "destination": "ROOM-2"})
    spa.post(
        "/rooms/ROOM-1/write-off/ALM-500", data={"quantity": "50", "cause": "damaged", "lot": "A1"}
    )
    assert there(app) == {("ROOM-1", "A1"): "350", ("ROOM-2", "A1"): "100"}
    history = spa.get("/postings/?location=ROOM-1").text
    ref = re.search(r"/postings/([0-9a-f-]{36})", history)[1]
    assert "Damaged" in spa.get(f"/postings/{ref}").text
    assert spa.post(f"/postings/{ref}/reverse", data={"why": "still good"}).status_code == 303
    assert there(app)["ROOM-1", "A1"] == "400"


def test_a_therapist_writes_off_what_broke_but_adjusts_nothing(app, spa):
    sign_in(spa, Role.THERAPIST)
    broken = {"quantity": "1", "cause": "damaged"}
    assert spa.post("/rooms/ROOM-1/write-off/ALM-500", data=broken).status_code == 303
    assert there(app) == {("ROOM-1", "A1"): "499"}
    assert spa.get("/rooms/ROOM-1/opening").status_code == 403


def test_a_room_low_on_oil_says_so(spa):
    levels = {"par_level": "1000", "reorder_point": "600"}
    assert spa.post("/rooms/ROOM-1/levels/ALM-500", data=levels).status_code == 303
    assert "One room runs low" in spa.get("/rooms/").text
    assert "Low" in spa.get("/rooms/ROOM-1").text
    refused = spa.post(
        "/rooms/ROOM-1/levels/ALM-500", data={"par_level": "1", "reorder_point": "2"}
    )
    assert refused.status_code == 422
    assert "above the par level" in refused.text
    spa.post("/rooms/ROOM-1/levels/ALM-500/drop")
    assert "Every room has what it needs" in spa.get("/rooms/").text


def test_opening_stock_counts_in_the_products_unit(app, spa):
    tomorrow = (utc_now() + timedelta(days=1)).date().isoformat()
    form = {"product": "ALM-500", "quantity": "1.5 l", "lot": "B2", "expires_on": tomorrow}
    assert spa.post("/rooms/STORE/opening", data=form).status_code == 303
    assert there(app, location="STORE") == {("STORE", "B2"): "1500"}


def test_a_transfer_is_drafted_and_carried(app, spa):
    form = {
        "source": "ROOM-1",
        "destination": "ROOM-2",
        "lines-0-product": "ALM-500",
        "lines-0-quantity": "20",
    }
    drafted = spa.post("/transfers/new", data=form)
    page = drafted.headers["Location"]
    assert "A1" in spa.get(page).text
    assert spa.post(f"{page}/carry").status_code == 303
    assert there(app, location="ROOM-2") == {("ROOM-2", "A1"): "20"}
    assert spa.post(f"{page}/carry").status_code == 409
    refused = spa.post("/transfers/new", data=form | {"lines-0-quantity": "999"})
    assert "left to take" in refused.text


def test_sites_and_rooms_are_made_and_named(spa):
    site = {"code": "GAL", "name": "Galway", "time_zone": "Europe/Dublin"}
    assert spa.post("/sites/new", data=site).status_code == 303
    assert "There is a site with this code" in spa.post("/sites/new", data=site).text
    room = {"code": "G-1", "name": "Harbour", "kind": "treatment_room", "site": "GAL"}
    assert spa.post("/sites/locations/new", data=room).status_code == 303
    assert spa.post("/sites/locations/G-1", data={"name": "Quay", "active": "y"}).status_code == 303
    assert "Quay" in spa.get("/sites/").text


@pytest.mark.parametrize(
    "address",
    [
        "/rooms/NONE",
        "/rooms/SUPPLIER",
        "/postings/none",
        "/transfers/T-1",
        "/rooms/ROOM-1/use/NONE",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(spa, address):
    assert spa.get(address).status_code == 404


def test_lists_ask_a_fixed_number_of_questions(app, spa):
    with app.extensions["uow"].write() as session:
        for n in range(30):
            opened(session, 5, lot=f"N{n}", into="ROOM-2", at=utc_now())
    engine = app.extensions["uow"].engine
    for address, most in (
        ("/rooms/", 10),
        ("/rooms/ROOM-2", 12),
        ("/stock/", 8),
        ("/postings/", 8),
        ("/transfers/", 7),
    ):
        with assert_queries(engine, most):
            assert spa.get(address).status_code == 200


def test_stock_is_exported_as_csv_and_xlsx_and_shown_as_at_a_past_day(spa):
    assert "ALM-500" in spa.get("/stock/?format=csv").text
    assert spa.get("/stock/?format=xlsx").data[:2] == b"PK"
    assert "Nothing here" in spa.get("/stock/?at=2020-01-01").text
    assert "A1" in spa.get("/stock/?q=almond").text
    assert "Nothing here" in spa.get("/stock/?q=%25").text
    assert "ROOM-1" in spa.get("/postings/?format=csv").text
    assert spa.get("/transfers/?format=csv").status_code == 200

"""Lists of sales: filters in the address, and files that leave nothing out."""

import pytest

from procurement.kernel.paging import MAX_LIMIT
from procurement.kernel.permissions import Role
from tests.doors import sign_in
from tests.sales.stories import a_customer, a_ready_shop


@pytest.fixture
def shop(app, client):
    sign_in(client, Role.ADMINISTRATOR)
    with app.extensions["uow"].write() as session:
        a_ready_shop(session)
    return client


def test_more_customers_than_a_page_holds_are_all_exported_and_offered(app, shop):
    with app.extensions["uow"].write() as session:
        for number in range(MAX_LIMIT + 5):
            a_customer(session, f"MORE-{number:03d}")
    exported = shop.get("/customers/?format=csv").text
    offered = shop.get("/quotes/new").text
    for number in (0, MAX_LIMIT, MAX_LIMIT + 4):
        assert f"MORE-{number:03d}" in exported
        assert f'value="MORE-{number:03d}"' in offered


@pytest.mark.parametrize(
    "address",
    [
        "/quotes/?status=",
        "/enquiries/?status=",
        "/customers/?kind=",
        "/products/?kind=",
        "/products/?status=",
        "/transfers/?status=",
        "/settings/mail?status=",
    ],
)
def test_a_word_that_is_no_filter_is_a_page_that_is_not_there(shop, address):
    assert shop.get(address).status_code == 200
    assert shop.get(f"{address}nonsense").status_code == 404


def test_a_customer_opened_and_saved_is_the_same_and_a_twin_is_asked_about(app, shop):
    fields = {
        "name": "Two Lands",
        "kind": "spa_owner",
        "code": "TWO",
        "currency": "EUR",
        "locale": "en",
        "vat_id": "IE6388047V",
        "tax_numbers": "DE136695976",
        "credit_limit": "500",
        "addresses-0-street": "1 Way",
        "addresses-0-city": "Town",
        "addresses-0-country": "DE",
        "addresses-0-kind": "billing",
        "active": "y",
    }
    assert shop.post("/customers/new", data=fields).status_code == 303
    page = shop.get("/customers/TWO/edit").text
    assert ">DE136695976</textarea>" in page.replace("\r\n", "")
    assert ">()" not in page
    assert shop.post("/customers/TWO/edit", data=fields).status_code == 303
    twin = fields | {"code": "TWIN", "name": "Somebody"}
    asked = shop.post("/customers/new", data=twin)
    assert "Is it one of these?" in asked.text
    assert "the same tax number" in asked.text
    assert shop.post("/customers/new", data=twin | {"another": "y"}).status_code == 303
    assert "TWIN" in shop.get("/customers/duplicates").text
    assert shop.get("/customers/TWO/timeline").status_code == 200
    said = {"kind": "call", "body": "Ask in May"}
    assert shop.post("/customers/TWO/timeline", data=said).status_code == 303
    assert "Ask in May" in shop.get("/customers/TWO").text
    assert shop.post("/customers/TWO/merge", data={"other": "TWO"}).status_code == 422
    assert shop.post("/customers/TWO/merge", data={"other": "TWIN"}).status_code == 303
    assert shop.get("/customers/TWIN").headers["Location"] == "/customers/TWO"

"""Orders in the back office: from the accepted quote over picking with a scanner to the goods that came back."""

import re

import pytest

from procurement.kernel.permissions import Role
from procurement.sales.operations.confirming import close_order_short
from procurement.sales.queries.sales_orders import sales_order_page
from tests.builders import NOON
from tests.doors import sign_in
from tests.queries import assert_queries
from tests.sales.fulfilling import (
    KEEPER,
    a_confirmed_order,
    a_stocked_shop,
    an_accepted_quote,
    shipped,
)


@pytest.fixture
def shop(app, client):
    sign_in(client, Role.SALES)
    with app.extensions["uow"].write() as session:
        a_stocked_shop(session)
    return client


def written(app, story, *args):
    with app.extensions["uow"].write() as session:
        return story(session, *args)


def the_order(app, number="SO-2026-0001"):
    with app.extensions["uow"].read() as session:
        return sales_order_page(session, number, actor=KEEPER)


def test_from_the_quote_to_the_van_and_back(app, shop):
    quote = written(app, an_accepted_quote)
    assert "Order it" in shop.get(f"/quotes/{quote}").text
    answer = shop.post(f"/sales-orders/from-quote/{quote}")
    number = answer.location.rsplit("/", 1)[1]
    page = shop.get(f"/sales-orders/{number}/edit").text
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    sent = {
        "site": "SPA",
        "version": version,
        "customer_ref": "PO 7",
        "lines-0-position": "1",
        "lines-0-packs": "7",
    }
    refused = shop.post(f"/sales-orders/{number}/edit", data=sent)
    assert refused.status_code == 422
    assert "6 packs are left to order" in refused.text
    shop.post(f"/sales-orders/{number}/edit", data=sent | {"lines-0-packs": "5"})
    assert "Confirm the order" in shop.get(f"/sales-orders/{number}").text
    shop.post(f"/sales-orders/{number}/confirm", data={"send": "1"})
    for paper in ("confirmation.pdf", "proforma.pdf"):
        assert shop.get(f"/sales-orders/{number}/{paper}").data.startswith(b"%PDF")
    assert shop.get(f"/shipments/to-ship/{number}/pick.pdf").data.startswith(b"%PDF")
    url = f"/shipments/to-ship/{number}"
    form = shop.get(url).text
    assert form.index("EARLY") < form.index("LATE")
    sent = {"lines-0-position": "1", "lines-0-packs": "5", "key": "k", "carrier": "An Post"}
    scanned = shop.post(url, data=sent | {"scan": "ALM-500/EARLY", "add": "scan"})
    assert scanned.status_code == 200
    assert the_order(app).shipments == ()
    refused = shop.post(url, data=sent | {"lines-0-packs": "6"})
    assert "5 packs are left to ship" in refused.text
    shipment = shop.post(url, data=sent).location.rsplit("/", 1)[1]
    assert shop.post(url, data=sent).status_code == 303  # a second click ships nothing more
    assert "An Post" in shop.get(f"/shipments/{shipment}").text
    assert shop.get(f"/shipments/{shipment}/delivery-note.pdf").data.startswith(b"%PDF")
    back = f"/customer-returns/of/{shipment}"
    assert "With the customer" in shop.get(back).text
    assert "1 shipment to invoice" in shop.get("/invoice-exports").text
    told = {"lines-0-position": "1", "lines-0-quantity": "500", "reason": "damaged", "key": "r"}
    assert shop.post(back, data=told).status_code == 422  # where to is not said
    number = shop.post(back, data=told | {"into": "HOLD"}).location.rsplit("/", 1)[1]
    assert "Damaged" in shop.get(f"/customer-returns/{number}").text
    shop.post(f"/customer-returns/{number}/reverse", data={"why": "No"})
    shop.post(f"/shipments/{shipment}/reverse", data={"why": "No van"})
    assert the_order(app).status == "confirmed"
    shop.post(url, data=sent | {"key": "again", "lines-0-packs": "1"})
    batch = shop.post("/invoice-exports", data={"key": "b"}).location
    assert "ready" in shop.get(batch).text
    assert shop.get(f"{batch}/ubl").data.startswith(b"PK")
    assert "SH-2026-0002" in shop.get(f"{batch}/csv").text
    shop.post("/sales-orders/SO-2026-0001/close-short")
    assert the_order(app).status == "closed_short"
    for address in ("/sales-orders", "/shipments", "/customer-returns", "/customer-backorders"):
        assert shop.get(address).status_code == 200
        assert shop.get(f"{address}?format=csv").status_code == 200


def test_an_order_without_a_quote_waits_for_goods_that_today_tells_of(app, shop):
    sent = {
        "customer": "LINDEN",
        "site": "SPA",
        "lines-0-product": "ALM-500",
        "lines-0-packs": "10",
    }
    refused = shop.post("/sales-orders/new", data=sent | {"lines-0-product": "NONE"})
    assert refused.status_code == 422
    assert "There is no product" in refused.text
    number = shop.post("/sales-orders/new", data=sent).location.rsplit("/", 1)[1]
    shop.post(f"/sales-orders/{number}/confirm")
    page = shop.get("/customer-backorders").text
    assert "2 not ordered" in page
    assert "Goods arrived for" not in shop.get("/today").text
    other = written(app, a_confirmed_order, 1)
    written(app, lambda session: free_two(session, number))
    assert f"Goods arrived for {other}" in shop.get("/today").text
    shop.post(f"/sales-orders/{other}/reserve", data={"back": "today"})
    assert the_order(app, other).lines[0].ready == 1


def free_two(session, number):
    """Two bottles of the first order come back into the storeroom."""
    close_order_short(session, number, actor=KEEPER, at=NOON)


def test_the_lists_take_few_statements(app, shop):
    for _ in range(3):
        written(app, lambda session: shipped(session, a_confirmed_order(session, 2), 1))
    for address, most in (("/sales-orders", 20), ("/shipments", 20), ("/customer-backorders", 20)):
        with assert_queries(app.extensions["uow"].engine, most):
            shop.get(address)


def test_who_ships_sees_no_prices(app, client):
    sign_in(client, Role.STOCK_KEEPER)
    with app.extensions["uow"].write() as session:
        a_stocked_shop(session)
        number = a_confirmed_order(session, 2)
    assert client.get(f"/sales-orders/{number}").status_code == 403
    assert "11.90" not in client.get(f"/shipments/to-ship/{number}").text
    assert number in client.get("/shipments/to-ship").text
    assert f"waits for {number}" in client.get("/today").text

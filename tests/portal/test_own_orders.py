"""A buyer orders from the basket and follows the order; the provider says that it is paid."""

import dataclasses
import json

import pytest

from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.sales.operations.confirming import confirm_order
from procurement.sales.queries.sales_orders import sales_order_page
from procurement.sales.rules.webhooks import signed
from tests.builders import a_location, virtual_locations
from tests.doors import sign_in
from tests.queries import assert_queries
from tests.sales.stories import SELLER, a_customer, a_ready_shop

BOTTLE = "/basket/ALM-500/bottle"


@pytest.fixture
def work(app):
    return app.extensions["uow"]


@pytest.fixture
def customers(work):
    with work.write() as session:
        made = a_ready_shop(session).id, a_customer(session, "BIRCH").id
        virtual_locations(session)
        a_location(session, "STORE")
    return made


@pytest.fixture
def buyer(client, customers):
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=customers[0])
    client.post(BOTTLE, data={"packs": "3"})
    return client


def hidden(page: str, name: str) -> str:
    part = page.partition(f'name="{name}"')[2].partition('value="')[2]
    return part.partition('"')[0]


def place(buyer, **more):
    page = buyer.get("/basket/order").text
    told = {"key": hidden(page, "key"), "total": hidden(page, "total"), "address": "elsewhere"}
    told |= {"deliver_to": "2 Quay, Cork", "payment": "on_account", "customer_ref": "PO 7"}
    return buyer.post("/basket/order", data=told | more), told | more


def test_from_the_basket_to_the_order_and_again(buyer, work):
    assert "Order it" in buyer.get("/basket").text
    answer, told = place(buyer)
    assert answer.status_code == 303
    assert buyer.post("/basket/order", data=told).location == answer.location  # a second click
    page = buyer.get(answer.location).text
    for said in ("With us, not confirmed yet", "PO 7", "2 Quay, Cork", "On account".lower()):
        assert said in page
    listed = buyer.get("/account/orders").text
    assert answer.location in listed
    assert "Nothing in it yet" in buyer.get("/basket").text
    assert buyer.post(f"{answer.location}/again").location == "/basket"
    assert "Sweet" in buyer.get("/basket").text or "ALM-500" in buyer.get("/basket").text
    number = answer.location.rpartition("/")[2]
    assert buyer.get(f"{answer.location}/proforma.pdf").content_type == "application/pdf"
    assert buyer.get(f"{answer.location}/confirmation.pdf").status_code == 404
    with work.write() as session:
        confirm_order(session, number, actor=SELLER, at=utc_now())
    assert buyer.get(f"{answer.location}/confirmation.pdf").content_type == "application/pdf"
    assert "on backorder" in buyer.get(answer.location).text
    exported = buyer.get("/account/orders?format=csv")
    assert number in exported.text


def test_a_line_goes_elsewhere_on_another_day(buyer, work):
    page = buyer.get("/basket/order").text
    assert "with everything else" in page
    line = {
        "lines-0-product": hidden(page, "lines-0-product"),
        "lines-0-pack": hidden(page, "lines-0-pack"),
    }
    answer, _ = place(buyer, **line, **{"lines-0-wanted_on": "2020-01-01"})
    assert (answer.status_code, "That day is over" in answer.text) == (422, True)
    for address in ("\u00b2", "9" * 5_000, "7"):  # none of theirs, however it is written
        answer, _ = place(buyer, **line, **{"lines-0-address": address})
        assert answer.status_code == 422
    answer, _ = place(buyer, **line, **{"lines-0-wanted_on": "2099-03-04"})
    assert answer.status_code == 303
    assert "2099" in buyer.get(answer.location).text


def test_a_line_is_split_and_put_together_again(buyer, work):
    page = buyer.get("/basket/order").text
    line = {
        name: hidden(page, name) for name in ("key", "total", "lines-0-product", "lines-0-pack")
    }
    split = buyer.post("/basket/order", data=line | {"split": "0", "address": "elsewhere"})
    assert (split.status_code, "lines-1-packs" in split.text) == (200, True)
    assert [hidden(split.text, f"lines-{n}-packs") for n in (0, 1)] == ["2", "1"]
    second = {"lines-1-product": line["lines-0-product"], "lines-1-pack": line["lines-0-pack"]}
    both = line | second | {"lines-0-packs": "2", "lines-1-packs": "1", "payment": "on_account"}
    joined = buyer.post("/basket/order", data=both | {"join": "1"})
    assert "lines-1-product" not in joined.text
    wrong, _ = place(buyer, **second, **line, **{"lines-0-packs": "2", "lines-1-packs": "2"})
    assert (wrong.status_code, "come to 4; the basket has 3" in wrong.text) == (422, True)
    made, _ = place(buyer, **both | {"lines-1-wanted_on": "2099-03-04"})
    assert made.status_code == 303
    assert "2099" in buyer.get(made.location).text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"total": "1.00 EUR"}, "It comes to"),
        ({"deliver_to": ""}, "Write where it goes."),
        ({"wanted_on": "2020-01-01"}, "That day is over."),
        ({"payment": "barter"}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_stands_on_the_page(buyer, more, said):
    answer, _ = place(buyer, **more)
    assert answer.status_code == 422
    assert said in answer.text


def test_somebody_elses_order_is_as_absent_as_none(buyer, customers):
    location = place(buyer)[0].location
    sign_in(buyer, Role.WHOLESALE_BUYER, customer_id=customers[1])
    absent = buyer.get("/account/orders/SO-0000-0000")
    for path in (
        "",
        "/confirmation.pdf",
        "/proforma.pdf",
        "/shipments/SH-1",
        "/shipments/SH-1/delivery-note.pdf",
    ):
        assert buyer.get(f"{location}{path}").status_code == absent.status_code == 404
    assert buyer.post(f"{location}/again").status_code == 404
    assert location not in buyer.get("/account/orders").text
    sign_in(buyer, Role.SALES)
    assert buyer.get("/account/orders").status_code in {302, 403, 404}


def test_the_list_sends_the_same_few_statements(buyer, work):
    place(buyer)
    with assert_queries(work.engine, 12) as once:
        buyer.get("/account/orders")
    for _ in range(3):
        buyer.post(BOTTLE, data={"packs": "1"})
        place(buyer)
    with assert_queries(work.engine, len(once)):
        buyer.get("/account/orders")


def test_staff_see_who_placed_it_and_write_down_the_money(buyer, work):
    number = place(buyer, payment="prepaid")[0].location.rpartition("/")[2]
    sign_in(buyer, Role.SALES)
    assert "Orders customers placed" in buyer.get("/today").text
    page = buyer.get(f"/sales-orders/{number}").text
    assert "placed this order" in page
    assert "To be paid before anything is shipped" in page
    buyer.post(f"/sales-orders/{number}/paid", data={"reference": "bank, Monday"})
    with work.read() as session:
        assert sales_order_page(session, number, actor=SELLER).payment_reference == "bank, Monday"


SECRET = "p" * 40


@pytest.fixture
def told(app, monkeypatch):
    """Send an event; signed now and rightly where nothing else is said."""
    config = app.extensions["config"]
    monkeypatch.setitem(app.extensions, "config", _with_secret(config))

    def tell(body, *, secret=SECRET, seconds=0, raw=None):
        sent = json.dumps(body).encode() if raw is None else raw
        header = signed(secret, sent, int(utc_now().timestamp()) + seconds)
        return app.test_client().post(
            "/webhooks/payments", data=sent, headers={"Stillroom-Signature": header}
        )

    return tell


def _with_secret(config):
    return dataclasses.replace(config, payment_secret=SECRET)


def test_the_provider_says_that_it_is_paid(buyer, work, told):
    number = place(buyer, payment="prepaid")[0].location.rpartition("/")[2]
    with work.read() as session:
        gross = sales_order_page(session, number, actor=SELLER).gross
    paid = {"amount": gross.amount, "currency": gross.currency}
    event = {"id": "evt_1", "order": number, "paid": paid, "reference": "pi_1"}
    for answer, status in (
        (told(event, secret="q" * 40), 401),
        (told(event, seconds=-301), 401),
        (told(event | {"order": "SO-0000-0000"}), 404),
        (told(event | {"paid": paid | {"amount": "1.00"}}), 422),
        (told(event | {"paid": paid | {"currency": "USD"}}), 422),
        (told({"id": "evt_1"}), 422),
        (told(None, raw=b"{"), 400),
    ):
        assert answer.status_code == status
        assert answer.content_type == "application/problem+json"
    first, again = told(event), told(event)
    assert (first.status_code, again.status_code, first.json) == (200, 200, again.json)
    assert told(event | {"id": "evt_2"}).status_code == 409
    assert "paid " in buyer.get(f"/account/orders/{number}").text


def test_without_a_secret_nobody_is_believed(client):
    header = signed("", b"{}", int(utc_now().timestamp()))
    answer = client.post("/webhooks/payments", data=b"{}", headers={"Stillroom-Signature": header})
    assert answer.status_code == 401

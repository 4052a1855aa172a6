"""`sales-orders`, `shipments` and `customer-returns`, as a program walks through them."""

import pytest
from sqlalchemy import select

from procurement.accounts.models import User
from procurement.kernel.permissions import Role
from procurement.sales.models import Buyer
from tests.api.stories import a_customer, a_price_list, done, made, money, quantity, refused_at

LINE = {"product": "ALM-500", "packs": 6, "unit_price": money("9.00")}


@pytest.fixture
def store(spa):
    """Four bottles of one lot in the storeroom."""
    move = {"product": "ALM-500", "from": "OPENING", "to": "STORE", "lot": "R1"}
    stock = {"reason": "opening", "moves": [move | {"quantity": quantity("2000")}]}
    made(spa.post("/postings", stock))
    return spa


def test_an_order_from_the_draft_to_the_goods_that_came_back(store, program):
    answer = store.post("/sales-orders", {"customer": "HARBOUR", "lines": [LINE]})
    order = made(answer)
    url = f"/sales-orders/{order['number']}"
    assert answer.headers["Location"] == f"/api/v1{url}"
    assert (order["status"], order["totals"]["net"]) == ("draft", money("54.00"))
    change = {"packs": [{"position": 1, "packs": 5}], "wanted_on": "2031-01-01"}
    assert done(store.put(url, change))["lines"][0]["packs"] == 5
    refused_at(store.put(url, {"packs": [{"position": 9, "packs": 1}]}), "lines.9.packs")
    confirmed = done(store.post(f"{url}/confirm", {"send": False}))
    (line,) = confirmed["lines"]
    assert (confirmed["status"], line["waiting"], line["reserved"]) == (
        "confirmed",
        1,
        quantity("2000"),
    )
    assert store.post(f"{url}/reserve").status_code == 409
    for paper in ("pdf", "proforma"):
        assert store.get(f"{url}/{paper}").content_type == "application/pdf"
    told = {"sales_order": order["number"], "lines": [{"position": 1, "packs": 3}]}
    too_many = {"sales_order": order["number"], "lines": [{"position": 1, "packs": 5}]}
    assert store.post("/shipments", too_many).status_code == 409
    keeper = program(Role.STOCK_KEEPER)
    shipment = made(keeper.post("/shipments", told))
    assert [(one["lot"], one["quantity"]) for one in shipment["lines"]] == [
        ("R1", quantity("1500"))
    ]
    assert keeper.get(f"/shipments/{shipment['number']}/pdf").content_type == "application/pdf"
    assert keeper.get(url).status_code == 403
    body = {"shipment": shipment["number"], "reason": "damaged"}
    lines = [{"position": 1, "quantity": quantity("500")}]
    back = made(keeper.post("/customer-returns", {**body, "lines": lines, "into": "STORE"}))
    too_much = {"position": 1, "quantity": quantity("1500")}
    assert keeper.post("/customer-returns", {**body, "lines": [too_much]}).status_code == 409
    shipped = f"/shipments/{shipment['number']}"
    assert keeper.post(f"{shipped}/reverse", {"why": "No"}).status_code == 409
    done(keeper.post(f"/customer-returns/{back['number']}/reverse", {"why": "Counted twice"}))
    assert done(keeper.post(f"{shipped}/reverse", {"why": "No van"}))["is_reversed"]
    assert done(store.post(f"{url}/close-short"))["status"] == "closed_short"
    listed = store.get("/sales-orders?status=closed_short&customer=HARBOUR&text=so-").json["items"]
    assert [one["number"] for one in listed] == [order["number"]]
    assert len(keeper.get(f"/shipments?sales_order={order['number']}").json["items"]) == 1
    assert len(keeper.get("/customer-returns?customer=HARBOUR").json["items"]) == 1


def test_what_was_shipped_is_handed_on_once(store):
    body = {"customer": "HARBOUR", "lines": [LINE | {"packs": 2}]}
    order = made(store.post("/sales-orders", body))["number"]
    done(store.post(f"/sales-orders/{order}/confirm", {"send": False}))
    made(store.post("/shipments", {"sales_order": order}))
    batch = made(store.post("/invoice-exports"))
    (item,) = batch["items"]
    assert (item["type"], item["totals"]["net"], item["has_ubl"]) == (
        "invoice",
        money("18.00"),
        True,
    )
    url = f"/invoice-exports/{batch['number']}"
    assert store.get(f"{url}/csv").text.count("ALM-500") == 1
    assert store.get(f"{url}/ubl").data.startswith(b"PK")
    assert store.post("/invoice-exports").status_code == 409
    assert [one["number"] for one in store.get("/invoice-exports").json["items"]] == [
        batch["number"]
    ]
    assert store.post(f"/shipments/{item['number']}/reverse", {"why": "No"}).status_code == 409


def test_what_is_refused(store, program):
    refused_at(store.post("/sales-orders", {"customer": "NOBODY", "lines": [LINE]}), "customer")
    refused_at(store.post("/sales-orders", {"customer": "HARBOUR"}), "lines")
    assert store.post("/sales-orders", {"quote": "Q-2026-0099"}).status_code == 404
    buyer = program(Role.WHOLESALE_BUYER, customer="HARBOUR")
    for address in ("/sales-orders", "/shipments", "/customer-returns"):
        assert buyer.get(address).status_code == 403
        assert store.get(f"{address}/NONE").status_code == 404


def test_a_buyers_own_orders(store, program):
    made(store.post("/price-lists", a_price_list()))
    made(store.post("/customers", a_customer("OAK", price_list="TRADE")))
    buyer = program(Role.WHOLESALE_BUYER, customer="OAK")
    body = {"lines": [{"product": "ALM-500", "packs": 2}], "payment": "prepaid"}
    answer = buyer.post("/orders", body, key="k1")
    order = made(answer)
    url = f"/orders/{order['number']}"
    assert answer.headers["Location"] == f"/api/v1{url}"
    assert made(buyer.post("/orders", body, key="k1"))["number"] == order["number"]
    assert (order["status"], order["payment"], order["is_paid"]) == ("draft", "prepaid", False)
    refused_at(
        buyer.post("/orders", {"lines": [{"product": "NONE", "packs": 1}]}), "lines.0.product"
    )
    assert buyer.post("/orders").status_code == 409  # nothing in the basket
    done(store.post(f"/sales-orders/{order['number']}/confirm", {"send": False}))
    (line,) = done(buyer.get(url))["lines"]
    assert (line["ready"], line["waiting"]) == (2, 0)
    for paper in ("pdf", "proforma"):
        assert buyer.get(f"{url}/{paper}").content_type == "application/pdf"
    assert [one["number"] for one in buyer.get("/orders").json["items"]] == [order["number"]]
    made(store.post("/customers", a_customer("BIRCH")))
    other = program(Role.WHOLESALE_BUYER, customer="BIRCH")
    assert other.get("/orders").json["items"] == []
    for path in ("", "/pdf", "/proforma", "/shipments/SH-1/pdf"):
        assert other.get(f"{url}{path}").status_code == 404
    assert store.get("/orders").status_code == 403  # staff have their own
    assert buyer.get("/sales-orders").status_code == 403


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_colleague_agrees_to_an_order_beyond_its_buyers_limit(app, store, program):
    made(store.post("/price-lists", a_price_list()))
    made(store.post("/customers", a_customer("OAK", price_list="TRADE")))
    buyer, boss = (program(Role.WHOLESALE_BUYER, customer="OAK") for _ in range(2))
    with app.extensions["uow"].write() as session:
        user = session.scalars(select(User).where(User.email == buyer.email)).one()
        session.add(
            Buyer(user_id=user.id, may_manage=False, may_approve=False, order_limit_minor=100)
        )
    lines = [{"product": "ALM-500", "packs": 2}]
    numbers = [made(buyer.post("/orders", {"lines": lines}))["number"] for _ in range(2)]
    first, second = (f"/orders/{number}" for number in numbers)
    assert done(buyer.get(first))["awaits"]["may_decide"] is False
    asked = done(boss.get(first))["awaits"]
    assert (asked["may_decide"], asked["asked_by"]) == (True, user.name)
    assert buyer.post(f"{first}/agree").status_code == 403
    assert store.post(f"/sales-orders/{numbers[0]}/confirm", {"send": False}).status_code == 409
    assert done(boss.post(f"{first}/agree"))["awaits"] is None
    assert boss.post(f"{first}/agree").status_code == 409
    done(store.post(f"/sales-orders/{numbers[0]}/confirm", {"send": False}))
    refused_at(boss.post(f"{second}/refuse", {}), "why")
    assert done(boss.post(f"{second}/refuse", {"why": "Too dear"}))["status"] == "cancelled"
    made(store.post("/customers", a_customer("BIRCH")))
    other = program(Role.WHOLESALE_BUYER, customer="BIRCH")
    assert other.post(f"{first}/agree").status_code == 404
    assert other.post(f"{second}/refuse", {"why": "No"}).status_code == 404

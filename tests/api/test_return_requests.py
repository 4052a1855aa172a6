"""`return-requests`: a buyer's program asks, our people's answers; another customer's never learns of it."""

import base64
import io

import pytest
from PIL import Image

from procurement.kernel.permissions import Role
from tests.api.stories import a_customer, done, made, quantity, refused_at

LINE = {"product": "ALM-500", "packs": 3, "unit_price": {"amount": "9.00", "currency": "EUR"}}


@pytest.fixture
def sent(spa):
    """Three bottles are with HARBOUR: numbers of the order and of the shipment."""
    made(spa.post("/customers", a_customer("BIRCH")))
    move = {"product": "ALM-500", "from": "OPENING", "to": "STORE", "lot": "R1"}
    stock = {"reason": "opening", "moves": [move | {"quantity": quantity("2000")}]}
    made(spa.post("/postings", stock))
    order = made(spa.post("/sales-orders", {"customer": "HARBOUR", "lines": [LINE]}))["number"]
    done(spa.post(f"/sales-orders/{order}/confirm", {"send": False}))
    shipment = made(spa.post("/shipments", {"sales_order": order}))["number"]
    return order, shipment


@pytest.fixture
def buyer(program, sent):
    return program(Role.WHOLESALE_BUYER, customer="HARBOUR")


def a_photo() -> dict[str, str]:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    content = base64.b64encode(out.getvalue()).decode()
    return {"file_name": "cap.jpg", "content_base64": content}


def wish(sent, amount="500", **more):
    order, shipment = sent
    line = {"position": 1, "quantity": quantity(amount)}
    return {"sales_order": order, "shipment": shipment, "reason": "damaged", "lines": [line]} | more


def test_asked_read_and_taken_in(spa, buyer, program, sent):
    order, shipment = sent
    shown = done(buyer.get(f"/orders/{order}/shipments/{shipment}"))
    (line,) = shown["lines"]
    assert (line["position"], line["lot"], line["quantity"]) == (1, "R1", quantity("1500"))
    body = wish(sent, note="The cap is broken", photos=[a_photo()])
    answer = buyer.post("/return-requests", body, key="once")
    asked = made(answer)
    url = f"/return-requests/{asked['number']}"
    assert answer.headers["Location"] == f"/api/v1{url}"
    assert buyer.post("/return-requests", body, key="once").json == asked
    assert (asked["status"], asked["photos"], asked["lines"][0]["quantity"]) == (
        "asked",
        1,
        quantity("500"),
    )
    photo = buyer.get(f"{url}/photos/1")
    assert (photo.mimetype, photo.data[:4]) == ("image/webp", b"RIFF")
    assert {buyer.get(f"{url}/photos/{one}").status_code for one in (0, 2, "x")} == {404}
    assert buyer.post(f"{url}/take", {"into": "STORE"}).status_code == 403
    keeper = program(Role.STOCK_KEEPER)
    assert [one["number"] for one in keeper.get("/return-requests?status=asked").json["items"]] == [
        asked["number"]
    ]
    refused_at(keeper.post(f"{url}/take", {"into": "NOWHERE"}), "into")
    taken = done(keeper.post(f"{url}/take", {"into": "STORE"}))
    assert taken["status"] == "taken"
    assert spa.get(f"/customer-returns/{taken['customer_return']}").status_code == 200
    for again in (("take", {"into": "STORE"}), ("refuse", {"why": "Too late"})):
        assert keeper.post(f"{url}/{again[0]}", again[1]).status_code == 409
    assert done(buyer.get(url))["customer_return"] == taken["customer_return"]
    assert done(buyer.get(f"/orders/{order}/shipments/{shipment}"))["lines"][0]["returned"] == (
        quantity("500")
    )


def test_refused_with_the_reason_and_one_after_the_other(buyer, program, sent):
    numbers = [made(buyer.post("/return-requests", wish(sent)))["number"] for _ in range(2)]
    refused = program(Role.STOCK_KEEPER).post(
        f"/return-requests/{numbers[0]}/refuse", {"why": "The seal is open"}
    )
    assert (done(refused)["status"], refused.json["answer"]) == ("refused", "The seal is open")
    first = done(buyer.get("/return-requests?limit=1"))
    second = done(buyer.get(f"/return-requests?limit=1&cursor={first['next']}"))
    assert [one["number"] for one in first["items"] + second["items"]] == numbers[::-1]
    assert second["next"] is None
    assert [
        one["number"] for one in buyer.get("/return-requests?status=refused").json["items"]
    ] == [numbers[0]]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"lines": []}, "lines"),
        ({"lines": [{"position": 9}]}, "lines.0.position"),
        ({"lines": [{"position": 1, "quantity": quantity("1", "piece")}]}, "lines.0.quantity"),
        ({"reason": "boredom"}, "reason"),
        ({"photos": [{"file_name": "x.jpg", "content_base64": "?"}]}, "photos.0.content_base64"),
        ({"photos": [{"file_name": "x.jpg", "content_base64": "eA=="}]}, "photos"),
        ({"photos": [a_photo()] * 6}, "photos"),
        ({"colour": "red"}, "colour"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_cannot_be_asked_is_said_at_its_field(buyer, sent, more, field):
    refused_at(buyer.post("/return-requests", wish(sent, **more)), field)


def test_nobody_elses(buyer, program, spa, sent):
    number = made(buyer.post("/return-requests", wish(sent, photos=[a_photo()])))["number"]
    other = program(Role.WHOLESALE_BUYER, customer="BIRCH")
    order, shipment = sent
    for path in (
        f"/return-requests/{number}",
        f"/return-requests/{number}/photos/1",
        f"/orders/{order}/shipments/{shipment}",
    ):
        assert buyer.get(path).status_code == 200
        assert other.get(path).status_code == 404
    assert done(other.get("/return-requests"))["items"] == []
    assert other.post("/return-requests", wish(sent)).status_code == 404
    assert spa.post("/return-requests", wish(sent)).status_code == 403  # a customer's to ask
    refused_at(buyer.post("/return-requests", wish(sent, "1500")), "lines.0.quantity")
    assert program(None).get("/return-requests").status_code == 401
    assert program(Role.THERAPIST).get("/return-requests").status_code == 403

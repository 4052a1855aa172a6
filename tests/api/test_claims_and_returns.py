"""`claims` and `supplier-returns`, as a program walks through them."""

from tests.api.programs import fields
from tests.api.stories import a_delivery, a_placed_order, done, made, money, quantity, refused_at

FINE = {"position": 1, "packs": 4, "lot": "A1", "expires_on": "2031-03-01", "noted_packs": 10}
BROKEN = {**FINE, "packs": 5, "condition": "doubtful", "fault": "damaged", "noted_packs": None}
CASE = {"noted_price": money("8.10"), "why": "Two leak"}


def a_faulty_delivery(spa) -> str:
    url = f"/purchase-orders/{a_placed_order(spa)}/receipts"
    refused_at(spa.post(url, a_delivery({**FINE, "fault": "damaged"})), "lines.0.fault")
    receipt = made(spa.post(url, a_delivery(FINE, BROKEN | CASE)))
    broken = receipt["lines"][1]
    assert (broken["fault"], broken["why"], broken["price_differs"]) == (
        "damaged",
        "Two leak",
        True,
    )
    return str(receipt["number"])


def test_a_claim_from_the_tap_to_the_credit(spa):
    receipt = a_faulty_delivery(spa)
    answer = spa.post("/claims", {"goods_receipt": receipt})
    claim = made(answer)
    assert answer.headers["Location"] == f"/api/v1/claims/{claim['number']}"
    assert [(one["fault"], one["packs"], one["asked"]) for one in claim["lines"]] == [
        ("damaged", 5, money("40.26")),
        ("missing", 1, money("8.05")),
    ]
    url = f"/claims/{claim['number']}"
    assert spa.post("/claims", {"goods_receipt": receipt}).status_code == 409
    change = {"deadline": "2031-01-01", "asked": {"1": money("30.00")}}
    assert done(spa.post(f"{url}/change", change))["asked"] == money("38.05")
    refused_at(
        spa.post(f"{url}/change", {**change, "asked": {"9": money("1.00")}}), "lines.9.asked"
    )
    refused_at(spa.post(f"{url}/change", {**change, "asked": {"x": money("1.00")}}), "asked")
    assert spa.post(f"{url}/settle").status_code == 409
    assert done(spa.post(f"{url}/send"))["status"] == "sent"
    refused_at(
        spa.post(f"{url}/answer", {"answer": "credit", "amount": money("1", "USD")}), "amount"
    )
    agreed = done(spa.post(f"{url}/answer", {"answer": "credit"}))
    assert (agreed["status"], agreed["agreed"]) == ("agreed", money("38.05"))
    assert done(spa.post(f"{url}/settle"))["status"] == "settled"
    assert spa.get(f"{url}/pdf").content_type == "application/pdf"
    listed = spa.get("/claims?status=settled&supplier=CORRIB").json["items"]
    assert [one["number"] for one in listed] == [claim["number"]]
    other = {"position": 1, "fault": "other", "packs": 1}
    second = made(spa.post("/claims", {"goods_receipt": receipt, "lines": [other]}))
    assert done(spa.post(f"/claims/{second['number']}/withdraw"))["status"] == "withdrawn"


def test_goods_go_back_and_come_again(spa):
    a_faulty_delivery(spa)
    body = {"supplier": "CORRIB", "location": "STORE", "reason": "short_dated"}
    lot = {"lot": "ALM-500/A1", "quantity": quantity("500")}
    answer = spa.post("/supplier-returns", {**body, "lines": [lot]})
    back = made(answer)
    url = f"/supplier-returns/{back['number']}"
    assert answer.headers["Location"] == f"/api/v1{url}"
    assert (back["lines"][0]["quantity"], back["credit"]) == (quantity("500"), money("8.05"))
    too_much = {**lot, "quantity": quantity("90000")}
    assert spa.post("/supplier-returns", {**body, "lines": [too_much]}).status_code == 409
    refused_at(spa.post("/supplier-returns", {**body, "lines": []}), "lines")
    nobody = spa.post("/supplier-returns", {**body, "supplier": "X", "lines": [lot]})
    assert fields(nobody) == ["supplier"]
    assert spa.get(f"{url}/pdf").content_type == "application/pdf"
    assert [one["number"] for one in spa.get("/supplier-returns").json["items"]] == [back["number"]]
    again = done(spa.post(f"{url}/reverse", {"why": "They did not want it"}))
    assert again["is_reversed"]
    assert spa.post(f"{url}/reverse", {"why": "Twice"}).status_code == 409

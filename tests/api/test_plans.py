"""Planning a purchase as a program does."""

import pytest

from tests.api.programs import fields
from tests.api.stories import an_item, made, money, quantity

ALMOND = {"deliver_to": "STORE", "product": "ALM-500"}


@pytest.fixture
def short(spa):
    """2.5 l of almond oil are short; LEE sells it, too, dearer."""
    made(spa.post("/supplier-items", an_item(moq=1, multiple=1)))
    made(spa.post("/suppliers", {"code": "LEE", "name": "Lee", "currency": "EUR"}))
    made(spa.post("/supplier-items", an_item(supplier="LEE", moq=1, multiple=1, preferred=False)))
    rule = {"location": "STORE", "product": "ALM-500"}
    levels = {"par_level": quantity("2.5", "l"), "reorder_point": quantity("1", "l")}
    assert spa.put("/stocking-rules", rule | levels).status_code == 200
    return spa


def test_a_plan_is_made_decided_about_and_drafted(short):
    answer = short.post("/plans", {"patience_days": 5})
    plan = made(answer)
    assert answer.headers["Location"] == "/api/v1/plans/PLN-2026-0001"
    assert (plan["status"], plan["cost"], plan["gap_percent"]) == (
        "ready",
        money("43.00"),
        "0.0000",
    )
    (line,) = plan["orders"][0]["lines"]
    assert (line["pack"], line["packs"], line["needed"]) == ("BOTTLE", 5, quantity("2500"))
    assert line["why"][0] == "2500 ml is 5 bottles (Bottle 500 ml)."
    number = plan["number"]
    pin = {**ALMOND, "supplier": "LEE", "pack": "BOTTLE", "packs": 6}
    pinned = short.post(f"/plans/{number}/pin", pin).json
    assert [(o["supplier"], o["lines"][0]["packs"]) for o in pinned["orders"]] == [("LEE", 6)]
    key = pinned["decisions"][0]["decision"]
    assert short.post(f"/plans/{number}/undo", {"decision": key}).json["decisions"] == []
    forbidden = short.post(f"/plans/{number}/forbid", {"supplier": "CORRIB"}).json
    assert [order["supplier"] for order in forbidden["orders"]] == ["LEE"]
    again = short.post(f"/plans/{number}/replan", {}).json
    assert again["patience_days"] == 5
    assert short.get("/plans").json["items"][0]["cost"] == again["cost"]
    drafted = short.post(f"/plans/{number}/draft-orders", {})
    assert drafted.json["purchase_orders"] == ["PO-2026-0001"]
    assert short.post(f"/plans/{number}/draft-orders", {}).status_code == 409
    assert short.get(f"/plans/{number}").json["purchase_orders"] == ["PO-2026-0001"]
    assert short.post("/plans", {}).status_code == 409


def test_what_a_plan_cannot_be_is_said_at_its_field(short):
    for body, field in (
        ({"site": "MARS"}, "site"),
        ({"budget": money("10", "USD")}, "budget"),
        ({"budget": money("0")}, "budget"),
        ({"patience_days": -1}, "patience_days"),
        ({"preference_percent": "101"}, "preference_percent"),
    ):
        answer = short.post("/plans", body)
        assert (answer.status_code, fields(answer)) == (422, [field])
    number = made(short.post("/plans", {}))["number"]
    for action, body, field in (
        ("pin", {**ALMOND, "supplier": "NOBODY", "pack": "BOTTLE"}, "supplier"),
        ("pin", {**ALMOND, "supplier": "LEE", "pack": "BOTTLE", "packs": 0}, "packs"),
        ("forbid", {"supplier": "NOBODY"}, "supplier"),
        ("leave-out", {**ALMOND, "product": "NONE"}, "product"),
    ):
        answer = short.post(f"/plans/{number}/{action}", body)
        assert (answer.status_code, fields(answer)) == (422, [field])
    assert short.get("/plans/PLN-2026-9999").status_code == 404

"""Lots over the API: held, released, labelled and traced; each refusal names its field."""

import pytest

from procurement.kernel.permissions import Role
from tests.api.programs import fields
from tests.api.stories import quantity


@pytest.fixture
def lot(spa):
    """Lot A1 of the oil in the storeroom; its address."""
    move = {"product": "ALM-500", "from": "OPENING", "to": "STORE", "lot": "A1"}
    move |= {"quantity": quantity("500"), "expires_on": "2027-03-01"}
    assert spa.post("/postings", {"reason": "opening", "moves": [move]}).status_code == 201
    return "/lots/ALM-500/A1"


def test_a_lot_is_held_used_by_nobody_and_released(spa, program, lot):
    held = spa.post(f"{lot}/hold", {"why": "looks cloudy"})
    assert held.status_code == 200
    assert held.json["lot"]["status"] == "quarantine"
    assert held.json["promised"] == []
    use = {"product": "ALM-500", "from": "STORE", "to": "CONSUMED", "quantity": quantity("1")}
    refused = spa.post("/postings", {"reason": "consumption", "moves": [use | {"lot": "A1"}]})
    assert refused.status_code == 409
    assert fields(refused) == ["moves.0.lot"]
    listed = spa.get("/lots?status=quarantine").json["items"]
    assert [(row["number"], row["held_because"]) for row in listed] == [("A1", "looks cloudy")]
    assert spa.post(f"{lot}/hold", {"why": "again"}).status_code == 409
    assert program(Role.THERAPIST).post(f"{lot}/release", {"why": "fine"}).status_code == 403
    assert spa.post(f"{lot}/release", {"why": "fine"}).json["status"] == "available"


def test_a_label_is_noted_and_a_lot_traced(spa, lot):
    assert spa.post(f"{lot}/label", {"label": "old_label"}).json["label"] == "old_label"
    assert [row["number"] for row in spa.get("/lots?label=old_label").json["items"]] == ["A1"]
    found = spa.get(f"{lot}/trace").json
    assert found["made_from"][-1]["how"] == "received"
    assert [(row["location"], row["on_hand"]["amount"]) for row in found["stands"]] == [
        ("STORE", "500")
    ]


def test_refusals_name_their_field(spa, lot):
    assert spa.get("/lots/ALM-500/NONE").status_code == 404
    assert spa.get("/lots/ALM-500").status_code == 404
    assert fields(spa.post(f"{lot}/hold", {"why": " "})) == ["why"]
    assert fields(spa.post(f"{lot}/label", {"label": "new"})) == ["label"]
    assert fields(spa.get("/lots?status=rotten")) == ["status"]


def test_a_lot_goes_back_to_the_supplier(spa, lot):
    body = {"location": "STORE", "why": "cloudy", "quantity": quantity("1")}
    assert fields(spa.post(f"{lot}/send-back", body)) == ["supplier"]  # opening stock
    body["supplier"] = "CORRIB"
    answer = spa.post(f"{lot}/send-back", body, key="once")
    assert answer.status_code == 201
    url = answer.headers["Location"].removeprefix("/api/v1")
    assert spa.post(f"{lot}/send-back", body, key="once").json == answer.json
    assert [(line["lot"], line["quantity"]) for line in answer.json["lines"]] == [
        ("A1", quantity("1"))
    ]
    assert (answer.json["reason"], answer.json["note"]) == ("other", "cloudy")
    assert spa.get(f"{url}/pdf").data.startswith(b"%PDF")
    assert fields(spa.post(f"{lot}/send-back", body | {"location": "ATTIC"})) == ["location"]
    assert fields(spa.post(f"{lot}/send-back", {"location": "STORE"})) == ["why"]

"""Recalls over the API: started, each place settled once, closed at 100 %; the paper; each refusal."""

import pytest

from procurement.kernel.permissions import Role
from tests.api.programs import fields
from tests.api.stories import quantity


@pytest.fixture
def recall(spa):
    """A recall of lot A1, which stands in the storeroom; its address."""
    spa.post(
        "/locations", {"code": "QU", "name": "Quarantine", "kind": "quarantine", "site": "KIN"}
    )
    move = {"product": "ALM-500", "from": "OPENING", "to": "STORE", "lot": "A1"}
    move |= {"quantity": quantity("500")}
    assert spa.post("/postings", {"reason": "opening", "moves": [move]}).status_code == 201
    body = {"product": "ALM-500", "lots": ["A1"], "reason": "glass"}
    first = spa.post("/recalls", body, key="once")
    assert first.status_code == 201
    assert spa.post("/recalls", body, key="once").json == first.json
    assert len(spa.get("/recalls?status=open").json["items"]) == 1
    return f"/recalls/{first.json['number']}"


def test_a_recall_goes_to_a_hundred_percent(spa, program, recall):
    assert spa.get(recall).json["percent"] == 0
    assert spa.post(f"{recall}/close").status_code == 409
    settled = program(Role.THERAPIST).post(
        f"{recall}/items/1/settle", {"outcome": "quarantined", "note": "all of it"}
    )
    assert settled.json["percent"] == 100
    assert settled.json["items"][0]["posting"]
    moved = spa.get(f"/postings/{settled.json['items'][0]['posting']}").json["moves"]
    assert [(move["from"], move["quantity"]["amount"]) for move in moved] == [("STORE", "500")]
    assert spa.post(f"{recall}/items/1/settle", {"outcome": "destroyed"}).status_code == 409
    assert spa.get(f"{recall}/pdf").data.startswith(b"%PDF")
    assert spa.post(f"{recall}/close").json["status"] == "closed"
    assert spa.post(f"{recall}/look-again").status_code == 409


def test_what_goes_back_does_so_by_a_return(spa, recall):
    item = f"{recall}/items/1/settle"
    assert fields(spa.post(item, {"outcome": "returned"})) == ["supplier"]
    done = spa.post(item, {"outcome": "returned", "supplier": "CORRIB", "note": "by van"}).json
    back = spa.get(f"/supplier-returns/{done['items'][0]['supplier_return']}").json
    assert (back["reason"], back["supplier"]) == ("recalled", "CORRIB")
    assert back["note"].endswith("by van")


def test_refusals_name_their_field(spa, program, recall):
    body = {"product": "ALM-500", "lots": ["Z"], "reason": "x"}
    assert fields(spa.post("/recalls", body)) == ["lots"]
    assert fields(spa.post("/recalls", {**body, "product": "NONE"})) == ["product"]
    assert fields(spa.post("/recalls", {**body, "reason": " "})) == ["reason"]
    assert fields(spa.post(f"{recall}/items/1/settle", {"outcome": "eaten"})) == ["outcome"]
    assert spa.post(f"{recall}/items/x/settle", {"outcome": "destroyed"}).status_code == 404
    assert spa.get("/recalls/RC-1999-0001").status_code == 404
    assert program(Role.SALES).post("/recalls", body).status_code == 403
    refused = program(Role.SALES).post(f"{recall}/items/1/settle", {"outcome": "destroyed"})
    assert refused.status_code == 403

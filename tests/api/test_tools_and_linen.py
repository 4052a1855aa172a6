"""Tools and linen over the API."""

import pytest

from tests.api.programs import fields
from tests.stock.test_tools_and_linen import a_house


@pytest.fixture
def api(app, program):
    with app.extensions["uow"].write() as session:
        a_house(session)
    return program()


def test_a_tool_is_numbered_moved_cleaned_and_retired(api):
    body = {"location": "STORE", "product": "GUA", "serial": "SN-1", "clean_every_days": 7}
    answer = api.post("/tools", body, key="tag-1")
    assert answer.status_code == 201, answer.json
    number = answer.json["number"]
    assert api.post("/tools", body, key="tag-1").json == answer.json
    assert api.post(f"/tools/{number}/move", {"to": "MIRA"}).json["location"] == "MIRA"
    assert [row["number"] for row in api.get("/tools?location=MIRA").json["items"]] == [number]
    assert api.post(f"/tools/{number}/clean", {}).json["last_cleaned_at"] is not None
    gone = api.post(f"/tools/{number}/retire", {"cause": "worn_out"}).json
    assert (gone["location"], gone["from_lot"]) == (None, "A1")
    assert "written_off" in {event["what"] for event in gone["events"]}
    assert api.post(f"/tools/{number}/move", {"to": "STORE"}).status_code == 409
    refused = api.post("/tools", body | {"product": "TWL"})
    assert (refused.status_code, fields(refused)) == (422, ["product"])


def test_linen_goes_round_by_way_of_a_transfer(api):
    rule = {"site": "KIN", "product": "TWL", "turns_a_day": 5, "pieces_a_turn": 2, "days": 4}
    answer = api.put("/linen/rules", rule)
    assert (answer.json["par"], answer.json["short"]) == (80, 20)
    lines = [{"product": "TWL", "quantity": {"amount": "10", "unit": "piece"}}]
    body = {"from": "ROOM-1", "to": "STORE", "via": "WASH", "lines": lines}
    number = api.post("/transfers", body).json["number"]
    assert api.post(f"/transfers/{number}/send", {}).status_code == 200
    (row,) = api.get("/linen?site=KIN").json["items"]
    assert (row["in_rooms"], row["at_laundry"]) == (10, 10)
    refused = api.put("/linen/rules", rule | {"days": 0})
    assert (refused.status_code, fields(refused)) == (422, ["days"])

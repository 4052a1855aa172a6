"""Opened containers and write-offs over the API: each step, its answer, and each refusal."""

import pytest

from procurement.kernel.permissions import Role
from tests.api.programs import fields
from tests.builders import a_product


@pytest.fixture
def api(app, program):
    """A spa with three bottles of an oil in its room, good for six months once opened."""
    api = program()
    api.post("/sites", {"code": "KIN", "name": "Kinsale", "time_zone": "Europe/Dublin"})
    for code, kind in (("STORE", "storeroom"), ("ROOM-1", "treatment_room")):
        api.post("/locations", {"code": code, "name": code, "kind": kind, "site": "KIN"})
    with app.extensions["uow"].write() as session:
        a_product(session, packs={"BOT": "500"}).period_after_opening_months = 6
    move = {"product": "ALM-500", "from": "OPENING", "to": "ROOM-1", "quantity": ml("1500")}
    posted = {"reason": "opening", "moves": [move | {"lot": "A1", "expires_on": "2199-03-01"}]}
    assert api.post("/postings", posted).status_code == 201
    return api


def ml(amount, unit="ml"):
    return {"amount": amount, "unit": unit}


def opened(api, **more):
    answer = api.post("/containers", {"location": "ROOM-1", "product": "ALM-500"} | more)
    assert answer.status_code == 201, answer.json
    return answer.json["containers"][0]["number"]


def done(api, number, step, body, **more):
    answer = api.post(f"/containers/{number}/{step}", body, **more)
    assert answer.status_code == 200, answer.json
    return answer.json


def left(api, number):
    return api.get(f"/containers/{number}").json["left"]["amount"]


def test_a_container_is_opened_and_read_back(api):
    answer = api.post("/containers", {"location": "ROOM-1", "product": "ALM-500"})
    assert answer.status_code == 201
    (found,) = answer.json["containers"]
    assert answer.headers["Location"].endswith(f"/containers/{found['number']}")
    assert api.get(f"/containers/{found['number']}").json == found
    assert {key: found[key] for key in ("product", "location", "lot", "pack", "state")} == {
        "product": "ALM-500",
        "location": "ROOM-1",
        "lot": "A1",
        "pack": "BOT",
        "state": "open",
    }
    assert (found["left"], found["filled"]) == (ml("500"), ml("500"))
    assert (found["expires_on"], found["finished_at"]) == ("2199-03-01", None)
    assert api.get("/lots?product=ALM-500").json["items"][1]["parent"] == "A1"


def test_what_is_left_is_said_in_many_ways(api):
    number = opened(api)
    done(api, number, "use", {"quantity": ml("20")})
    done(api, number, "use", {})
    assert left(api, number) == "450"
    done(api, number, "readings", {"quarters": 2})
    assert left(api, number) == "250"
    done(api, number, "readings", {"left": ml("260"), "correction": "Looked again"})
    assert left(api, number) == "260"
    for step, body, field in (
        ("use", {"strokes": 2}, "told"),
        ("use", {"quantity": ml("1000")}, "amount"),
        ("use", {"quantity": ml("1", "g")}, "quantity"),
        ("readings", {"left": ml("1", "g")}, "left"),
        ("readings", {"weight": ml("1")}, "weight"),
        ("readings", {"weight": ml("100", "g")}, "told"),
        ("readings", {}, ""),
        ("readings", {"quarters": 5}, "quarters"),
    ):
        answer = api.post(f"/containers/{number}/{step}", body)
        assert answer.status_code == 422
        assert fields(answer) == [field]


def test_finished_and_the_next_opened_is_one_step_taken_back_as_one(api):
    first = opened(api)
    step = done(api, first, "finish", {"open_next": True})
    assert [one["state"] for one in step["containers"]] == ["finished", "open"]
    assert len(step["postings"]) == 2
    assert [one["number"] for one in api.get("/containers?finished=yes").json["items"]] == [first]
    back = api.post(f"/containers/{first}/take-back", {"postings": step["postings"]})
    assert (back.status_code, back.json["state"]) == (200, "open")
    assert left(api, first) == "500"
    again = api.post(f"/containers/{first}/take-back", {"postings": step["postings"]})
    assert again.status_code == 409


def test_one_key_finishes_once(api):
    number = opened(api)
    answers = [
        api.post(f"/containers/{number}/finish", {"rest": "thrown_away"}, key="a-tap")
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json == answers[1].json
    assert api.post(f"/containers/{number}/finish", {}).status_code == 409
    (written,) = api.get("/write-offs").json["items"]
    assert (written["cause"], written["document"]) == ("leftover", number)


def test_a_gallon_fills_bottles(api):
    number = opened(api)
    body = {"fills": [{"bottles": 2, "each": ml("100")}], "to": "STORE", "loss": ml("5")}
    step = done(api, number, "decant", body)
    assert [one["location"] for one in step["containers"]] == ["STORE", "STORE"]
    assert left(api, number) == "295"
    wrong = {"fills": [{"bottles": 2, "each": ml("1", "g")}]}
    assert fields(api.post(f"/containers/{number}/decant", wrong)) == ["fills.0.each"]
    much = {"fills": [{"bottles": 9, "each": ml("100")}]}
    assert api.post(f"/containers/{number}/decant", much).status_code == 409


def test_a_container_is_moved_dated_back_and_thrown_away(api):
    number = opened(api)
    assert done(api, number, "move", {"to": "STORE"})["containers"][0]["location"] == "STORE"
    assert api.post(f"/containers/{number}/move", {"to": "STORE"}).status_code == 422
    answer = api.post(f"/containers/{number}/opening-day", {"opened_on": "2190-01-01"})
    assert fields(answer) == ["opened_on"]
    today = api.get(f"/containers/{number}").json["opened_at"][:10]
    same = api.post(f"/containers/{number}/opening-day", {"opened_on": today})
    assert same.status_code == 200
    answer = api.post(f"/containers/{number}/discard", {"cause": "past_date"})
    assert answer.status_code == 409
    done(api, number, "discard", {"cause": "spoilt", "quantity": ml("100")})
    assert left(api, number) == "400"
    (gone,) = done(api, number, "discard", {"cause": "damaged", "note": "Fell"})["containers"]
    assert (gone["state"], gone["location"]) == ("finished", None)


def test_stock_is_written_off_with_a_cause(api):
    body = {
        "cause": "damaged",
        "moves": [{"product": "ALM-500", "from": "ROOM-1", "quantity": ml("30"), "lot": "A1"}],
        "note": "Fell from the shelf",
    }
    answer = api.post("/write-offs", body)
    assert answer.status_code == 201
    assert (answer.json["cause"], answer.json["reason"]) == ("damaged", "write_off")
    assert answer.json["moves"][0]["to"] == "ADJUSTMENT"
    assert api.get("/write-offs").json["items"] == [answer.json]
    assert api.post("/write-offs", body | {"cause": "boredom"}).status_code == 422
    assert fields(api.post("/write-offs", body | {"moves": []})) == ["moves"]


def test_unknown_things_and_people_without_permission(api, program):
    assert api.get("/containers/B-1").status_code == 404
    assert api.post("/containers/B-1/use", {}).status_code == 404
    answer = api.post("/containers", {"location": "NO", "product": "ALM-500"})
    assert fields(answer) == ["location"]
    number = opened(api)
    looker = program(Role.SALES)
    assert looker.get("/containers").status_code == 200
    for path, body in (
        (f"/containers/{number}/use", {}),
        (f"/containers/{number}/finish", {}),
        ("/containers", {"location": "ROOM-1", "product": "ALM-500"}),
        (
            "/write-offs",
            {
                "cause": "lost",
                "moves": [{"product": "ALM-500", "from": "ROOM-1", "quantity": ml("1")}],
            },
        ),
    ):
        assert looker.post(path, body).status_code == 403

"""Stock counts over the API: from the start to the books, and each refusal."""

import uuid

import pytest

from procurement.kernel.permissions import Role
from tests.api.programs import fields
from tests.builders import a_company, a_product


@pytest.fixture
def api(app, program):
    """A room with 1,000 ml of an oil that cost 50 EUR."""
    api = program()
    api.post("/sites", {"code": "KIN", "name": "Kinsale", "time_zone": "Europe/Dublin"})
    api.post(
        "/locations",
        {"code": "ROOM-1", "name": "Room", "kind": "treatment_room", "site": "KIN"},
    )
    with app.extensions["uow"].write() as session:
        a_company(session)
        a_product(session)
    move = {"product": "ALM-500", "from": "OPENING", "to": "ROOM-1", "quantity": ml("1000")}
    cost = {"unit_cost": {"amount": "0.05", "currency": "EUR"}}
    body = {"reason": "opening", "moves": [move | cost | {"lot": "A1"}]}
    assert api.post("/postings", body).status_code == 201
    return api


def ml(amount):
    return {"amount": amount, "unit": "ml"}


def started(api, **more):
    answer = api.post("/stock-counts", {"location": "ROOM-1"} | more)
    assert answer.status_code == 201, answer.json
    assert answer.headers["Location"].endswith(answer.json["number"])
    return answer.json["number"]


def an_entry(amount="980", **more):
    return {
        "id": str(uuid.uuid4()),
        "product": "ALM-500",
        "lot": "A1",
        "quantity": ml(amount),
        "counted_at": "2199-01-01T00:00:00Z",  # a clock that is far ahead
    } | more


def entered(api, number, *entries):
    answer = api.post(f"/stock-counts/{number}/entries", {"entries": list(entries)})
    assert answer.status_code == 200, answer.json
    return [one["result"] for one in answer.json["results"]]


def line(api, number):
    return api.get(f"/stock-counts/{number}").json["sheet"][0]


def on_hand(api):
    return api.get("/stock?location=ROOM-1").json["items"][0]["on_hand"]["amount"]


def test_a_count_from_start_to_posting(api):
    number = started(api)
    entry = an_entry()
    assert entered(api, number, entry, an_entry(product="NONE")) == ["stored", "refused"]
    assert entered(api, number, entry) == ["known"]
    found = line(api, number)
    assert (found["expected"], found["difference"]) == (ml("1000"), ml("-20"))
    assert (found["value"], found["conflict"]) == ({"amount": "-1.00", "currency": "EUR"}, None)
    causes = {"causes": [{"line": 1, "cause": "taken"}]}
    assert api.post(f"/stock-counts/{number}/causes", causes).json["sheet"][0]["cause"] == "taken"
    assert api.post(f"/stock-counts/{number}/submit").json["status"] == "review"
    assert api.post(f"/stock-counts/{number}/post", {"entries_seen": 7}).status_code == 409
    posted = api.post(f"/stock-counts/{number}/post", {"entries_seen": 1}, key="post-1")
    assert (posted.status_code, posted.json["status"]) == (200, "posted")
    again = api.post(f"/stock-counts/{number}/post", {"entries_seen": 1}, key="post-1")
    assert again.json == posted.json
    assert on_hand(api) == "980"
    assert api.get("/postings?limit=1").json["items"][0]["ref"] == posted.json["posting"]
    assert entered(api, number, an_entry("5")) == ["late"]
    listed = api.get("/stock-counts?status=posted&location=ROOM-1").json["items"]
    assert [one["number"] for one in listed] == [number]


def test_a_conflict_is_decided(api):
    number = started(api)
    one, two = an_entry("600"), an_entry("380")
    entered(api, number, one, two)
    assert line(api, number)["conflict"] == "disagree"
    assert api.post(f"/stock-counts/{number}/post").status_code == 409
    decision = {"line": 1, "choice": "add", "seen": [one["id"], two["id"]]}
    decided = api.post(f"/stock-counts/{number}/decide", decision)
    assert decided.json["sheet"][0]["counted"] == ml("980")
    left = api.post(f"/stock-counts/{number}/leave-out", {"line": 1})
    assert left.json["sheet"][0]["left_out"] is True
    assert api.post(f"/stock-counts/{number}/decide", decision).status_code == 409


def test_the_rest_is_zero_or_the_count_is_cancelled(api):
    number = started(api)
    zero = api.post(f"/stock-counts/{number}/rest-is-zero")
    assert zero.json["sheet"][0]["counted"] == ml("0")
    assert api.post(f"/stock-counts/{number}/cancel").json["status"] == "cancelled"
    assert api.post(f"/stock-counts/{number}/cancel").status_code == 409
    assert on_hand(api) == "1000"


def test_a_blind_count_tells_nothing_and_costs_are_not_for_everybody(api, program):
    number = started(api, blind=True)
    entered(api, number, an_entry())
    found = line(api, number)
    assert (found["expected"], found["difference"], found["value"]) == (None, None, None)
    api.post(f"/stock-counts/{number}/submit")
    found = line(program(Role.THERAPIST), number)
    assert (found["difference"], found["value"]) == (ml("-20"), None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"location": "NOWHERE"}, "location"),
        ({"location": "ROOM-1", "blind": "yes"}, "blind"),
        ({"room": "ROOM-1"}, "location"),
    ],
)
def test_a_bad_start_names_its_field(api, body, field):
    answer = api.post("/stock-counts", body)
    assert answer.status_code == 422
    assert field in fields(answer)


def test_refusals(api, program):
    number = started(api)
    assert api.post("/stock-counts", {"location": "ROOM-1"}).status_code == 409
    bad = api.post(f"/stock-counts/{number}/entries", {"entries": [an_entry(id="7")]})
    assert (bad.status_code, fields(bad)) == (422, ["entries.0.id"])
    assert api.get("/stock-counts/SC-1999-0001").status_code == 404
    sales = program(Role.SALES)
    assert sales.post("/stock-counts", {"location": "ROOM-1"}).status_code == 403
    therapist = program(Role.THERAPIST)
    entered(therapist, number, an_entry("0"))
    decision = {"line": 1, "choice": "take", "seen": [str(uuid.uuid4())]}
    assert therapist.post(f"/stock-counts/{number}/decide", decision).status_code == 403
    assert program(Role.WHOLESALE_BUYER).get("/stock-counts").status_code == 403

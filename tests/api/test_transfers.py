"""Transfers over the API: each step, its answer, each refusal."""

import pytest

from procurement.kernel.permissions import Role
from tests.api.programs import fields
from tests.builders import a_product


@pytest.fixture
def api(app, program):
    api = program()
    for site in ("KIN", "GAL"):
        api.post("/sites", {"code": site, "name": site, "time_zone": "Europe/Dublin"})
        store = {"code": f"{site}-STORE", "name": "Store", "kind": "storeroom", "site": site}
        assert api.post("/locations", store).status_code == 201
    with app.extensions["uow"].write() as session:
        a_product(session)
    move = {"product": "ALM-500", "from": "OPENING", "to": "KIN-STORE", "quantity": ml("1000")}
    assert api.post("/postings", {"reason": "opening", "moves": [move | {"lot": "A1"}]}).json
    return api


def ml(amount):
    return {"amount": amount, "unit": "ml"}


def body(amount="400", **more):
    lines = [{"product": "ALM-500", "quantity": ml(amount)}]
    return {"from": "KIN-STORE", "to": "GAL-STORE", "lines": lines} | more


def drafted(api, **more):
    answer = api.post("/transfers", body(**more))
    assert answer.status_code == 201, answer.json
    assert answer.headers["Location"].endswith(answer.json["number"])
    return answer.json["number"]


def done(api, number, step, sent=None, **more):
    answer = api.post(f"/transfers/{number}/{step}", sent, **more)
    assert answer.status_code == 200, answer.json
    return answer.json


def test_goods_are_drafted_sent_and_arrive_in_part(api):
    number = drafted(api)
    assert done(api, number, "send")["status"] == "in_transit"
    part = {"lines": [{"position": 1, "arrived": ml("100")}]}
    answers = [done(api, number, "arrive", part, key="part-1") for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]["status"] == "partly_arrived"
    lost = [{"cause": "lost", "quantity": ml("50")}]
    rest = {"lines": [{"position": 1, "arrived": ml("250"), "missing": lost}]}
    found = done(api, number, "arrive", rest)
    assert found["status"] == "done"
    (line,) = found["lines"]
    assert (line["sent"], line["arrived"], line["explained"]) == (ml("400"), ml("350"), ml("50"))
    assert [one["cause"] for one in found["postings"]].count("lost") == 1
    assert api.get(f"/transfers/{number}").json == found
    assert api.post(f"/transfers/{number}/arrive", {}).status_code == 409


def test_a_request_is_picked_and_carried_in_one_step(api):
    number = drafted(api, amount="2000", request=True, note="For the weekend")
    assert api.post(f"/transfers/{number}/complete", {}).status_code == 409
    picked = done(api, number, "pick")
    assert (picked["asked"][0]["quantity"], picked["lines"][0]["quantity"]) == (
        ml("2000"),
        ml("1000"),
    )
    assert done(api, number, "complete")["status"] == "done"
    assert api.post(f"/transfers/{number}/cancel", {}).status_code == 409


def test_they_are_listed_by_status_and_place(api):
    first, second = drafted(api), drafted(api)
    done(api, second, "cancel")
    listed = api.get("/transfers?status=draft&location=GAL-STORE").json["items"]
    assert [row["number"] for row in listed] == [first]
    assert len(api.get("/transfers?to_site=GAL&limit=1").json["items"]) == 1
    assert api.get("/transfers?status=lost").status_code == 422
    assert api.get("/transfers/T-1").status_code == 404


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"from": "NONE"}, 422, "from"),
        ({"to": "KIN-STORE"}, 422, "to"),
        ({"to": "CONSUMED"}, 422, "to"),
        ({"via": "GAL-STORE"}, 422, "via"),
        ({"lines": [{"product": "NONE", "quantity": ml("1")}]}, 422, "lines.0.product"),
        ({"lines": [{"product": "ALM-500", "quantity": ml("0")}]}, 422, "lines.0.quantity"),
        (
            {"lines": [{"product": "ALM-500", "quantity": ml("1"), "lot": "B9"}]},
            422,
            "lines.0.lot",
        ),
        ({"lines": []}, 422, "lines"),
        ({"lines": [{"product": "ALM-500", "quantity": ml("1001")}]}, 409, "lines.0.quantity"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(api, changes, status, field):
    answer = api.post("/transfers", body() | changes)
    assert answer.status_code == status, answer.json
    assert fields(answer) == [field]


def test_more_than_was_sent_does_not_arrive(api):
    number = drafted(api)
    done(api, number, "send")
    much = {"lines": [{"position": 1, "arrived": ml("401")}]}
    answer = api.post(f"/transfers/{number}/arrive", much)
    assert (answer.status_code, fields(answer)) == (409, ["lines.0.arrived"])


def test_who_may_not_move_stock_only_looks(api, program):
    number = drafted(api)
    sales = program(Role.SALES)
    assert sales.get(f"/transfers/{number}").status_code == 200
    assert sales.post(f"/transfers/{number}/send", {}).status_code == 403
    assert sales.post("/transfers", body(request=True)).status_code == 403

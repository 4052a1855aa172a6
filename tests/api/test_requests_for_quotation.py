"""Requests for quotation over the API: asked, answered, compared, awarded."""

from datetime import timedelta

import pytest

from procurement.kernel.clock import utc_now
from tests.api.programs import fields
from tests.api.stories import done, made, money


@pytest.fixture
def soon() -> str:
    """A day on which answers may still come."""
    return (utc_now().date() + timedelta(days=7)).isoformat()


def a_request(**more):
    line = {"product": "ALM-500", "pack": "BOTTLE", "packs": 10}
    return {"suppliers": ["CORRIB", "TARN"], "lines": [line], **more}


def an_answer(supplier: str, price: str, **more):
    return {
        "supplier": supplier,
        "lines": [{"position": 1, "price": money(price), "lead_time_days": 7, **more}],
    }


def test_a_request_is_sent_answered_and_awarded(spa, soon):
    made(spa.post("/suppliers", {"code": "TARN", "name": "Tarn", "currency": "EUR"}))
    answer = spa.post("/requests-for-quotation", a_request(answer_by=soon))
    number = made(answer)["number"]
    path = f"/requests-for-quotation/{number}"
    assert answer.headers["Location"] == f"/api/v1{path}"
    assert answer.json["title"] == "Sweet almond oil"
    assert spa.post(f"{path}/answers", an_answer("TARN", "8")).status_code == 409
    assert done(spa.post(f"{path}/send", {}))["status"] == "sent"
    steps = [{"from_packs": 20, "unit_price": money("7.20")}]
    done(spa.post(f"{path}/answers", an_answer("TARN", "8", breaks=steps, lead_time_days=3)))
    found = done(spa.post(f"{path}/answers", an_answer("CORRIB", "7.9")))
    assert found["status"] == "answered"
    bids = {one["supplier"]: one["bids"][0] for one in found["invitations"]}
    assert bids["CORRIB"]["unit_cost"] == "15.8"
    assert bids["CORRIB"]["is_cheapest"]
    assert bids["TARN"]["is_fastest"]
    awards = {"awards": [{"position": 1, "supplier": "TARN", "packs": 20}]}
    awarded = done(spa.post(f"{path}/award", awards))
    order = {one["supplier"]: one["purchase_order"] for one in awarded["invitations"]}["TARN"]
    (line,) = spa.get(f"/purchase-orders/{order}").json["lines"]
    assert (line["packs"], line["unit_price"]) == (20, money("7.20"))
    assert spa.post(f"{path}/award", awards).status_code == 409
    rows = spa.get("/requests-for-quotation?status=awarded&text=almond").json["items"]
    assert [(row["number"], row["answered"]) for row in rows] == [(number, 2)]


def test_what_cannot_be_is_said_at_its_field(spa, soon):
    good = a_request(answer_by=soon, suppliers=["CORRIB"])
    for change, field in (
        ({"answer_by": "2020-01-01"}, "answer_by"),
        ({"suppliers": ["NONE"]}, "suppliers"),
        ({"suppliers": []}, "suppliers"),
        ({"lines": [{"product": "NONE", "packs": 1}]}, "lines.0.product"),
        ({"deliver_to": "SUPPLIER"}, "deliver_to"),
    ):
        answer = spa.post("/requests-for-quotation", good | change)
        assert (answer.status_code, fields(answer)) == (422, [field])
    number = made(spa.post("/requests-for-quotation", good))["number"]
    path = f"/requests-for-quotation/{number}"
    done(spa.post(f"{path}/send", {}))
    for body, field in (
        (an_answer("TARN", "1"), "supplier"),
        (an_answer("CORRIB", "1", pack="x"), "lines.0.pack"),
        ({"supplier": "CORRIB", "lines": [], "valid_until": "2020-01-01"}, "valid_until"),
    ):
        answer = spa.post(f"{path}/answers", body)
        assert (answer.status_code, fields(answer)) == (422, [field])
    assert done(spa.post(f"{path}/close", {}))["status"] == "closed"

"""Stock cards and closed periods over the API."""

from datetime import timedelta

import pytest

from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from tests.api.programs import fields
from tests.builders import a_company, a_product
from tests.stock.builders import a_spa, opened, used


@pytest.fixture
def api(app, program):
    with app.extensions["uow"].write() as session:
        a_company(session)
        a_spa(session)
        a_product(session)
        opened(session, 500, lot="A1", into="ROOM-1", at=utc_now() - timedelta(days=9))
        used(session, 30, "ROOM-1", at=utc_now() - timedelta(days=2))
    return program(Role.SPA_MANAGER)


def test_the_card_says_what_each_movement_left(api):
    card = api.get("/stock-card?product=ALM-500&location=ROOM-1&limit=1").json
    assert (card["balance"]["amount"], card["brought_forward"]["amount"]) == ("470", "500")
    assert [line["change"]["amount"] for line in card["items"]] == ["-30"]
    rest = api.get(f"/stock-card?product=ALM-500&location=ROOM-1&cursor={card['next']}").json
    assert [(line["reason"], line["from"], line["to"]) for line in rest["items"]] == [
        ("opening", "OPENING", "ROOM-1")
    ]
    assert rest["next"] is None
    day = (utc_now() - timedelta(days=5)).date()
    assert len(api.get(f"/stock-card?product=ALM-500&at={day}").json["items"]) == 1
    assert len(api.get(f"/stock-card?product=ALM-500&from={day}").json["items"]) == 1


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("", 422, "product"),
        ("?product=NONE", 404, None),
        ("?product=ALM-500&lot=Z9", 422, "lot"),
        ("?product=ALM-500&location=ATTIC", 422, "location"),
        ("?product=ALM-500&at=now", 422, "at"),
        ("?product=ALM-500&from=2026-11-23T10:00:00", 422, "from"),
        ("?product=ALM-500&cursor=abc", 422, "cursor"),
    ],
)
def test_a_bad_question_is_refused_by_name(api, query, status, field):
    answer = api.get(f"/stock-card{query}")
    assert answer.status_code == status
    assert field is None or field in fields(answer)


def test_periods_are_closed_once_and_opened_again(api, program):
    day = (utc_now() - timedelta(days=5)).date().isoformat()
    assert program(Role.THERAPIST).post("/periods", {"last_day": day}).status_code == 403
    closed = api.post("/periods", {"last_day": day})
    assert closed.status_code == 201
    assert closed.json["last_day"] == day
    assert "last_day" in fields(api.post("/periods", {"last_day": day}))
    assert [row["last_day"] for row in api.get("/periods").json["items"]] == [day]
    assert api.post("/periods/2020-01-01/reopen", {}).status_code == 409
    assert api.post("/periods/never/reopen", {}).status_code == 404
    assert api.post(f"/periods/{day}/reopen", {}).json["last_day"] == day
    assert api.post(f"/periods/{day}/reopen", {}).status_code == 404

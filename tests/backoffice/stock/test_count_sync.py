"""The counting phone and the server: each entry once, answered one by one, and nothing told that is not to be known."""

import re
import uuid
from datetime import datetime, timedelta

import pytest

from procurement.kernel.actor import SYSTEM
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.stock.operations.counting.closing import PostCount, post_count
from procurement.stock.operations.counting.starting import StartCount, start_count
from procurement.stock.queries.counting.counts import count_of
from procurement.stock.queries.counting.review import count_lines
from tests.builders import a_company, a_product
from tests.doors import sign_in
from tests.stock.builders import a_spa, opened


@pytest.fixture
def uow(app):
    """ROOM-1 with 1,000 ml of almond oil."""
    unit_of_work = app.extensions["uow"]
    with unit_of_work.write() as session:
        company = a_company(session)
        company.count_tolerance_bp = 10_000
        a_spa(session)
        a_product(session)
        opened(session, 1000, into="ROOM-1", lot="A1")
    return unit_of_work


@pytest.fixture
def phone(client, uow):
    sign_in(client, Role.THERAPIST)
    return client


def begun(uow, **more):
    with uow.write() as session:
        at = utc_now() - timedelta(hours=1)
        return start_count(session, StartCount("ROOM-1", **more), actor=SYSTEM, at=at).number


def written(moment):
    return moment.isoformat().replace("+00:00", "Z")


def an_entry(amount="990", **more):
    return {
        "id": str(uuid.uuid4()),
        "product": "ALM-500",
        "lot": "A1",
        "quantity": {"amount": amount, "unit": "ml"},
        "counted_at": written(utc_now() - timedelta(minutes=5)),
    } | more


def send(phone, number, *entries, **more):
    body = {"device_now": written(utc_now()), "entries": list(entries)} | more
    return phone.post(f"/counts/{number}/entries.json", json=body)


def results(answer):
    assert answer.status_code == 200, answer.text
    return [one["result"] for one in answer.json["results"]]


def the_only_line(uow, number):
    with uow.read() as session:
        return count_lines(session, count_of(session, number))[0]


def test_a_room_is_chosen_started_counted_and_handed_in(phone, uow):
    choice = phone.get("/counts/open.json").json
    assert (choice["counts"], "ROOM-1" in {room["code"] for room in choice["rooms"]}) == ([], True)
    sheet = phone.post("/counts/start.json", json={"location": "ROOM-1"})
    assert sheet.status_code == 201
    [line] = sheet.json["lines"]
    assert (line["lot"], line["expected"]) == ("A1", {"amount": "1000", "unit": "ml"})
    assert [product["sku"] for product in sheet.json["products"]] == ["ALM-500"]
    number = sheet.json["count"]["number"]
    again = phone.post("/counts/start.json", json={"location": "ROOM-1"})
    assert (again.status_code, again.mimetype) == (409, "application/problem+json")
    assert again.json["number"] == number
    assert results(send(phone, number, an_entry())) == ["stored"]
    handed_in = phone.post(f"/counts/{number}/submit.json", json={}).json
    assert (handed_in["count"]["status"], handed_in["not_counted"]) == ("review", 0)


def test_the_answer_is_lost_and_the_entries_are_sent_again(phone, uow):
    number = begun(uow)
    first, second = an_entry(), an_entry("980", lot=None, supplier_lot="X9")
    send(phone, number, first)
    assert results(send(phone, number, first, second)) == ["known", "stored"]
    assert results(send(phone, number, first, second)) == ["known", "known"]
    assert len(the_only_line(uow, number).entries) == 1


def test_a_blind_count_tells_nothing(phone, uow):
    number = begun(uow, blind=True)
    answers = [phone.get(f"/counts/{number}/sheet.json"), send(phone, number, an_entry("123"))]
    for answer in answers:
        assert "expected" not in answer.text
        assert not re.search(r"\b1000\b", answer.text)


def test_two_phones_that_disagree_both_hear_it(phone, uow, app):
    number = begun(uow)
    send(phone, number, an_entry("600"))
    other = app.test_client()
    sign_in(other, Role.THERAPIST)
    [conflict] = send(other, number, an_entry("400")).json["conflicts"]
    assert (conflict["kind"], conflict["lot"]) == ("disagree", "A1")
    told = [(e["quantity"]["amount"], e["mine"]) for e in conflict["entries"]]
    assert sorted(told) == [("400", True), ("600", False)]
    [line] = phone.get(f"/counts/{number}/sheet.json").json["lines"]
    assert sorted(e["mine"] for e in line["entries"]) == [False, True]


def test_a_slow_clock_is_put_right(phone, uow):
    number = begun(uow)
    slow = utc_now() - timedelta(days=3)
    entry = an_entry(counted_at=written(slow - timedelta(minutes=10)))
    [answer] = send(phone, number, entry, device_now=written(slow)).json["results"]
    counted_at = datetime.fromisoformat(answer["counted_at"])
    assert abs(utc_now() - timedelta(minutes=10) - counted_at) < timedelta(minutes=1)


def test_what_comes_after_the_posting_is_answered_and_kept(phone, uow):
    number = begun(uow)
    with uow.write() as session:
        post_count(session, PostCount(number), actor=SYSTEM, at=utc_now())
    answer = send(phone, number, an_entry())
    assert results(answer) == ["late"]
    assert answer.json["count"]["status"] == "posted"


BAD = [
    ({"id": "7"}, "id"),
    ({"product": "NONE"}, "product"),
    ({"product": 7}, "product"),
    ({"quantity": {"amount": 5, "unit": "ml"}}, "quantity.amount"),
    ({"quantity": {"amount": "NaN", "unit": "ml"}}, "quantity"),
    ({"quantity": {"amount": "5", "unit": "piece"}}, "quantity"),
    ({"quantity": {"amount": "-1", "unit": "ml"}}, "quantity"),
    ({"counted_at": "yesterday"}, "counted_at"),
    ({"counted_at": "2026-11-28T09:00:00"}, "counted_at"),  # of which zone?
    ({"expires_on": "31.12.2027"}, "expires_on"),
    ({"how": "guessed"}, "how"),
    ({"lot": "A\u00001"}, "lot"),
    ({"supersedes": ["7"]}, "id"),
]


def test_a_bad_entry_is_refused_and_the_others_stored(phone, uow):
    number = begun(uow)
    answer = send(phone, number, *(an_entry(**change) for change, _ in BAD), an_entry("5"))
    assert results(answer) == ["refused"] * len(BAD) + ["stored"]
    refused = answer.json["results"][:-1]
    assert [one["field"] for one in refused] == [field for _, field in BAD]
    assert all(one["message"] for one in refused)


def test_a_bad_batch_is_refused_whole(phone, uow):
    number = begun(uow)
    for body in (
        {"entries": [{"product": "ALM-500"}]},  # nobody would know which was refused
        {"entries": [an_entry()] * 501},
        {"entries": "all"},
        {"entries": [], "device_now": "now"},
    ):
        answer = phone.post(f"/counts/{number}/entries.json", json=body)
        assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert results(send(phone, number)) == []


def test_refusals_are_json(client, uow, app):
    number = begun(uow)
    assert client.get(f"/counts/{number}/sheet.json").status_code == 401
    assert client.get(f"/counts/{number}/sheet.json").mimetype == "application/problem+json"
    sign_in(client, Role.SALES)
    assert client.get(f"/counts/{number}/sheet.json").status_code == 403
    sign_in(client, Role.THERAPIST)
    assert client.get("/counts/SC-1999-0001/sheet.json").status_code == 404
    assert client.post(f"/counts/{number}/entries.json", data="{").status_code == 415
    broken = client.post(
        f"/counts/{number}/entries.json", data="{", content_type="application/json"
    )
    assert broken.status_code == 400
    app.config["WTF_CSRF_ENABLED"] = True
    token = client.get("/counts/open.json").json["csrf"]
    assert send(client, number, an_entry()).status_code == 400
    kept = client.post(
        f"/counts/{number}/entries.json",
        json={"entries": [an_entry()]},
        headers={"X-CSRFToken": token},
    )
    assert kept.status_code == 200

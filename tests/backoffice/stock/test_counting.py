"""Counting line by line, without scripts: what is refused, and what is stored once."""

import re

import pytest

from procurement.kernel.actor import SYSTEM
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from tests.builders import a_company, a_product
from tests.doors import sign_in
from tests.queries import assert_queries
from tests.stock.builders import a_spa, opened
from tests.stock.counting import started, the_line


@pytest.fixture
def database() -> str:
    return "sqlite"


@pytest.fixture
def number(app) -> str:
    """Four bottles in ROOM-1, to be counted."""
    with app.extensions["uow"].write() as session:
        a_company(session)
        a_spa(session)
        a_product(session, packs={"bottle": "500", "third": "333.333"})
        opened(session, 2000, lot="A1", into="ROOM-1", at=utc_now())
        return started(session, at=utc_now(), actor=SYSTEM)


def form_of(client, address: str) -> dict[str, str]:
    text = client.get(address).text
    return {
        name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', text)[1]
        for name in ("entry", "seen")
    }


@pytest.mark.parametrize(
    ("amount", "measure", "words"),
    [
        ("", "bottle", "How much is there"),
        ("many", "bottle", "plain decimal number"),
        ("-1", "bottle", "Count in the unit"),
        ("0.0005", "third", "Count in the unit"),
        ("1e3", "unit", "plain decimal number"),
        ("1", "barrel", "choice"),
    ],
)
def test_what_is_no_count_is_refused_at_its_field(client, number, amount, measure, words):
    sign_in(client, Role.THERAPIST)
    address = f"/count/{number}/line/1"
    form = form_of(client, address) | {"amount": amount, "measure": measure}
    answer = client.post(address, data=form)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_form_sent_twice_counts_once_and_a_newer_one_replaces_what_it_saw(client, app, number):
    sign_in(client, Role.THERAPIST)
    address = f"/count/{number}/line/1"
    first = form_of(client, address) | {"amount": "3.5", "measure": "bottle"}
    assert client.post(address, data=first).status_code == 303
    assert client.post(address, data=first).status_code == 303
    second = form_of(client, address) | {"amount": "1800", "measure": "unit"}
    assert client.post(address, data=second).status_code == 303
    with app.extensions["uow"].read() as session:
        assert [entry.quantity.amount for entry in the_line(session, number).entries] == ["1800"]


def test_a_room_is_joined_where_it_is_being_counted(client, app, number):
    sign_in(client, Role.THERAPIST)
    assert client.post("/rooms/ROOM-1/count").location == f"/count/{number}"
    assert client.post("/rooms/ROOM-2/count").location == "/count/SC-2026-0002"
    due = {"location": "ROOM-1", "shelf": "yes"}  # the button of Today
    assert client.post("/counts/start", data=due).location == f"/count/{number}"
    assert "Go on counting" in client.get("/r/ROOM-1").text
    assert client.post("/rooms/NOWHERE/count").status_code == 422


@pytest.mark.parametrize("path", ["line/9", "found/NOTHING"])
def test_what_is_not_there_is_not_found(client, number, path):
    sign_in(client, Role.THERAPIST)
    assert client.get(f"/count/{number}/{path}", follow_redirects=True).status_code == 404
    assert client.get("/count/SC-2026-9999").status_code == 404


def test_only_who_may_count_gets_in(client, number):
    sign_in(client, Role.SALES)
    assert client.get(f"/count/{number}").status_code == 403
    assert "Count this room" not in client.get("/r/ROOM-1").text


def test_the_lines_come_in_pages_and_something_else_is_found_by_its_name(client, app, number):
    with app.extensions["uow"].write() as session:
        for n in range(3):
            a_product(session, f"OIL-{n}", name=f"Argan oil {n}")
    sign_in(client, Role.THERAPIST)
    address = f"/count/{number}/lines"
    assert "ALM-500" in client.get(address).text
    assert "ALM-500" not in client.get(f"{address}?after=1").text.split("<ul", 1)[1]
    assert "No product is called" in client.get(f"{address}?product=sesame").text
    assert client.get(f"{address}?product=oil").text.count("/found/OIL-") == 3
    assert client.get(f"{address}?product=argan+2").location == f"/count/{number}/found/OIL-2"
    with assert_queries(app.extensions["uow"].engine, 9):
        assert client.get(address).status_code == 200

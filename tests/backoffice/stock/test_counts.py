"""Counts in the back office: from the plan over the differences to the books; each refusal in words."""

import re
import uuid

import pytest
from sqlalchemy import select

from procurement.kernel.actor import SYSTEM
from procurement.kernel.clock import utc_now
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.kernel.quantity import Quantity
from procurement.stock.models import Lot
from procurement.stock.operations.counting.entering import EnterCounted, Entry, enter_counted
from procurement.stock.queries.on_hand import StockFilter, stock
from tests.builders import a_company, a_product
from tests.doors import sign_in
from tests.queries import assert_queries
from tests.stock.builders import a_spa, opened, used


@pytest.fixture
def uow(app):
    """ROOM-1 with 1,000 ml of almond oil at 5 cents a ml, and a lotion."""
    with app.extensions["uow"].write() as session:
        a_company(session)
        a_spa(session)
        for sku, name in (("ALM-500", "Sweet Almond Oil"), ("LOT-1", "Arnica Lotion")):
            a_product(session, sku, name=name)
            opened(session, 1000, product=sku, into="ROOM-1", lot="A1", at=utc_now())
        for lot in session.scalars(select(Lot)):
            lot.cost_minor, lot.cost_currency, lot.cost_steps = 5_000, "EUR", 1_000_000
    return app.extensions["uow"]


@pytest.fixture
def manager(client, uow):
    sign_in(client, Role.SPA_MANAGER)
    return client


def start(client, **more):
    answer = client.post("/counts/start", data={"location": "ROOM-1"} | more)
    assert answer.status_code == 303
    return answer.headers["Location"].rsplit("/", 1)[1]


def enter(uow, number, amount, product="ALM-500", *, by=SYSTEM):
    entry = Entry(
        str(uuid.uuid4()), product, Quantity.parse(str(amount), "ml"), utc_now(), "A1", again=True
    )
    with uow.write() as session:
        enter_counted(session, EnterCounted(number, (entry,)), actor=by, at=utc_now())
    return entry.uid


def there(uow):
    with uow.read() as session:
        wanted = StockFilter(location="ROOM-1")
        rows = stock(session, wanted, at=utc_now(), paging=PageRequest()).items
    return {row.product: row.on_hand.amount for row in rows}


def page(client, number):
    return client.get(f"/counts/{number}").text


def test_a_room_is_counted_reviewed_and_put_right(manager, uow):
    number = start(manager)
    assert "0 of 2 lines counted" in page(manager, number)
    enter(uow, number, 900)
    manager.post(f"/counts/{number}/submit")
    text = page(manager, number)
    assert "1 line differs" in text
    assert "-100\N{NO-BREAK SPACE}ml" in text
    assert "Arnica Lotion" in text.split("Not counted")[1]
    manager.post(f"/counts/{number}/causes", data={"cause-2": "taken"})
    seen = re.search(r'name="seen" value="(\d+)"', page(manager, number))[1]
    manager.post(f"/counts/{number}/post", data={"seen": seen})
    assert there(uow) == {"ALM-500": "900", "LOT-1": "1000"}
    posted = page(manager, number)
    assert "1 difference posted" in posted
    assert 'value="taken" selected' in posted
    report = manager.get("/counts/report?by=cause").text
    assert "Taken" in report
    assert "€5.00" in report
    assert "0 of 1" in manager.get("/counts/report").text
    assert "taken,1,0,0,5.00" in manager.get("/counts/report?by=cause&format=csv").text
    assert f"{utc_now():%Y-%m}" in manager.get("/counts/report?by=month").text


def test_a_room_that_is_being_counted_leads_to_its_count(manager):
    number = start(manager)
    assert start(manager) == number
    assert f"Go on with {number}" in manager.get("/counts/plan").text


def test_what_two_people_say_is_decided_on_the_page(manager, uow):
    number = start(manager)
    one, two = enter(uow, number, 600), enter(uow, number, 400)
    manager.post(f"/counts/{number}/submit")
    text = page(manager, number)
    assert "1 line needs a decision" in text
    refused = manager.post(f"/counts/{number}/post")
    assert refused.status_code == 409
    assert "Sweet Almond Oil" in refused.text
    stale = {"do": "add", "seen": one}
    assert manager.post(f"/counts/{number}/lines/2", data=stale).status_code == 409
    manager.post(f"/counts/{number}/lines/2", data={"do": "add", "seen": f"{one} {two}"})
    assert "Everything counted is right" in page(manager, number)


def test_a_line_is_left_out_and_taken_in_again(manager, uow):
    number = start(manager)
    enter(uow, number, 900)
    manager.post(f"/counts/{number}/submit")
    manager.post(f"/counts/{number}/lines/2", data={"do": "leave"})
    assert "Left out" in page(manager, number)
    manager.post(f"/counts/{number}/lines/2", data={"do": "put"})
    assert "Left out" not in page(manager, number)


def test_the_rest_is_zero_when_somebody_says_so(manager, uow):
    number = start(manager)
    enter(uow, number, 1000)
    manager.post(f"/counts/{number}/zero")
    manager.post(f"/counts/{number}/submit")
    manager.post(f"/counts/{number}/post")
    assert there(uow) == {"ALM-500": "1000"}


def test_a_therapist_counts_and_somebody_else_approves(client, uow):
    sign_in(client, Role.THERAPIST)
    number = start(client)
    enter(uow, number, 900)
    enter(uow, number, 0, "LOT-1")
    client.post(f"/counts/{number}/submit")
    text = page(client, number)
    assert "€5.00" not in text  # what goods cost is not for everybody
    assert client.get("/counts/report").status_code == 403
    assert client.post(f"/counts/{number}/post").status_code == 303  # 55 EUR are below the limit
    assert there(uow) == {"ALM-500": "900"}


def test_a_blind_count_shows_nothing_until_it_is_handed_in(client, uow):
    sign_in(client, Role.THERAPIST)
    number = start(client, blind="yes")
    enter(uow, number, 900)
    assert "1,000" not in page(client, number)
    assert "-100" not in page(client, number)
    assert client.get(f"/counts/{number}?format=csv").status_code == 404
    client.post(f"/counts/{number}/submit")
    assert "-100" in page(client, number)
    assert client.get(f"/counts/{number}?format=csv").status_code == 200


def test_a_cancelled_count_says_so(manager, uow):
    number = start(manager)
    enter(uow, number, 1)
    manager.post(f"/counts/{number}/cancel")
    assert "nothing was posted" in page(manager, number)
    assert "Cancelled" in manager.get("/counts/?status=cancelled").text
    assert number in manager.get("/counts/?format=csv").text


def test_the_plan_says_what_is_due(manager, uow):
    with uow.write() as session:
        used(session, 900, "ROOM-1", at=utc_now())
    assert "One room is due" in manager.get("/counts/plan").text
    number = start(manager)
    for product in ("ALM-500", "LOT-1"):
        enter(uow, number, 100 if product == "ALM-500" else 1000, product)
    manager.post(f"/counts/{number}/submit")
    manager.post(f"/counts/{number}/post")
    assert "Every room is counted" in manager.get("/counts/plan").text
    assert manager.get("/counts/plan?format=csv").text.count("Room-1") == 1
    nothing = manager.post("/counts/start", data={"location": "ROOM-1", "due_only": "yes"})
    assert nothing.status_code == 409


def test_what_is_wrong_in_an_address_is_not_there(manager, uow):
    number = start(manager)
    for path in (
        "/counts/SC-1",
        "/counts/report?since=x",
        "/counts/report?by=x",
        "/counts/?status=x",
    ):
        assert manager.get(path).status_code == 404
    assert manager.post(f"/counts/{number}/causes", data={"cause-2": "x"}).status_code == 404
    assert manager.post(f"/counts/{number}/lines/99", data={"do": "leave"}).status_code == 404


def test_pages_send_a_fixed_number_of_statements(app, manager, uow):
    number = start(manager)
    enter(uow, number, 900)
    for path, most in ((f"/counts/{number}", 10), ("/counts/", 8), ("/counts/plan", 16)):
        with assert_queries(uow.engine, most):
            assert manager.get(path).status_code == 200

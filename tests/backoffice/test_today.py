"""Today: by role, each line with the button that deals with it; a fixed number of statements."""

from datetime import timedelta

import pytest

from procurement.kernel.actor import PUBLIC, SYSTEM
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.sales.operations.enquiries import LeaveMessage, leave_message
from procurement.sales.terms import CustomerKind
from procurement.stock.operations.stocking import SetStockingRule, set_stocking_rules
from tests.builders import a_company, a_product
from tests.doors import sign_in
from tests.queries import assert_queries
from tests.stock.builders import a_spa, ml, opened


@pytest.fixture
def spa(app, client):
    now = utc_now()
    with app.extensions["uow"].write() as session:
        a_company(session)
        a_spa(session, rooms=3)
        a_product(session, name="Sweet Almond Oil")
        opened(session, 5000, lot="A1", at=now, expires_on=now.date() + timedelta(days=400))
        opened(
            session,
            100,
            lot="A1",
            into="ROOM-1",
            at=now,
            expires_on=now.date() + timedelta(days=400),
        )
        opened(
            session, 20, lot="OLD", into="ROOM-2", at=now, expires_on=now.date() - timedelta(days=3)
        )
        rule = SetStockingRule("ROOM-1", "ALM-500", ml(1000), ml(500))
        set_stocking_rules(session, [rule], actor=SYSTEM)
    return client


def test_a_manager_sees_the_room_that_runs_low_and_the_lot_past_its_date(spa):
    sign_in(spa, Role.SPA_MANAGER)
    page = spa.get("/today").text
    assert "Room-1 is low on Sweet Almond Oil" in page
    assert "The storeroom can help" in page
    assert "past its date 3 days ago" in page
    assert "/rooms/ROOM-2/write-off/ALM-500" in page
    assert "5 things need you today" in page  # three rooms were never counted


def test_a_therapist_sees_rooms_but_neither_orders_nor_enquiries(spa):
    sign_in(spa, Role.THERAPIST)
    page = spa.get("/today").text
    assert "Room-1 is low on Sweet Almond Oil" in page
    assert "See the plan" not in page
    assert "write-off" not in page


def test_who_sells_or_buys_begins_with_what_is_theirs(app, spa):
    with app.extensions["uow"].write() as session:
        new = LeaveMessage(
            name="Ida Holm", email="ida@spa.example", kind=CustomerKind.SPA_OWNER, message="Oil?"
        )
        leave_message(session, new, actor=PUBLIC, at=utc_now())
    sign_in(spa, Role.SALES)
    page = spa.get("/today").text
    assert "Ida Holm waits for an answer" in page
    assert "Room-1" not in page  # they have no hands on its shelf
    sign_in(spa, Role.PURCHASER)
    page = spa.get("/today").text
    assert "Room-1 is low" not in page
    assert "Ida Holm" not in page


def test_nothing_to_do_is_good_news(app, client):
    with app.extensions["uow"].write() as session:
        a_company(session)
        a_spa(session)
        a_product(session)
    for role in (Role.SPA_MANAGER, Role.SALES, Role.PURCHASER):
        sign_in(client, role)
        page = client.get("/today")
        assert page.status_code == 200
        assert "All is in order" in page.text


def test_a_new_installation_tells_its_administrator_where_to_begin(app, client):
    sign_in(client, Role.ADMINISTRATOR)
    page = client.get("/today").text
    assert "4 things need you today" in page
    steps = ("Name your company", "which tax you charge", "Draw your house", "Bring in your")
    assert [step for step in steps if step not in page] == []
    client.post("/settings/taxes", data={"code": "A", "name": "VAT", "rate": "23"})
    with app.extensions["uow"].write() as session:
        a_company(session).address = "4 Linden Street"
        a_spa(session)
        a_product(session)
    assert "To begin" not in client.get("/today").text
    sign_in(client, Role.SPA_MANAGER)
    assert "To begin" not in client.get("/today").text


def test_today_asks_the_same_questions_however_much_there_is(app, spa):
    sign_in(spa, Role.ADMINISTRATOR)
    with app.extensions["uow"].write() as session:
        for n in range(20):
            opened(session, 5, lot=f"N{n}", into="ROOM-3", at=utc_now())
    with assert_queries(app.extensions["uow"].engine, 56) as sent:
        assert spa.get("/today").status_code == 200
    assert sum("company.version" in statement for statement in sent) == 1

"""The top-up run: drafted once, reserved, walked room by room; its paper; two at the same room."""

from datetime import date

import pytest
from sqlalchemy import select

from procurement.documents.top_up_run import render_top_up_run
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.kernel.permissions import Role
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.planning.operations.topping_up import draft_top_up_run
from procurement.planning.queries.run_paper import run_content
from procurement.stock.models import Transfer
from procurement.stock.operations.requests import AskForTopUp, ask_for_top_up
from procurement.stock.operations.runs import carry_stop, skip_stop
from procurement.stock.queries.runs import run_page, runs
from procurement.stock.queries.verification import verify
from procurement.stock.terms import TransferStatus
from tests.builders import an_actor
from tests.doors import sign_in
from tests.planning.builders import ANA, a_planned_spa, a_rule, drafted
from tests.queries import counted
from tests.stock.builders import MORNING, opened
from tests.threads import at_once


def two_low_rooms(session):
    a_planned_spa(session)
    opened(session, 1000, lot="SOON", expires_on=date(2027, 1, 1))
    opened(session, 4000, lot="LATE", expires_on=date(2028, 1, 1))
    for room in ("ROOM-1", "ROOM-2"):
        opened(session, 400, into=room, lot="SOON", expires_on=date(2027, 1, 1))
        a_rule(session, room, 1400, 500)


@pytest.fixture
def spa(session):
    two_low_rooms(session)
    return session


def the_run(session):
    number = draft_top_up_run(session, "KIN", actor=ANA, at=MORNING)
    session.flush()
    return number


def test_it_is_picked_once_by_date_and_walked_room_by_room(spa):
    number = the_run(spa)
    page = run_page(spa, number)
    (shelf,) = page.shelves
    (pick,) = shelf.picks
    assert (shelf.code, pick.quantity.amount, pick.packs) == ("STORE", "2000", 4)
    assert [(lot.lot, lot.packs) for lot in pick.lots] == [("SOON", 2), ("LATE", 2)]
    assert [stop.code for stop in page.stops] == ["ROOM-1", "ROOM-2"]
    carry_stop(spa, number, "ROOM-1", actor=ANA, at=MORNING)
    spa.flush()
    page = run_page(spa, number)
    assert [stop.status for stop in page.stops] == [TransferStatus.DONE, TransferStatus.DRAFT]
    assert page.shelves[0].picks[0].quantity.amount == "1000"
    skip_stop(spa, number, "ROOM-2", actor=ANA, at=MORNING)
    spa.flush()
    assert not runs(spa)[0].is_open
    assert verify(spa) == []


def test_a_second_one_adds_only_what_is_missing_since(spa):
    number = the_run(spa)
    assert the_run(spa) == number
    assert spa.scalars(select(Transfer.number)).all() == ["T-2026-0001", "T-2026-0002"]
    carry_stop(spa, number, "ROOM-1", actor=ANA, at=MORNING)
    carry_stop(spa, number, "ROOM-2", actor=ANA, at=MORNING)
    spa.flush()
    with pytest.raises(Conflict, match="nothing to bring"):
        the_run(spa)


def test_it_takes_along_what_was_drafted_before_and_brings_what_a_room_asks_for(spa):
    a_rule(spa, "ROOM-2", 500, 100)
    assert len(drafted(spa).transfers) == 1
    ask_for_top_up(spa, AskForTopUp("ROOM-2", "ALM-500"), actor=ANA, at=MORNING)
    page = run_page(spa, the_run(spa))
    assert [(s.code, s.lines[0].quantity.amount) for s in page.stops] == [
        ("ROOM-1", "1000"),
        ("ROOM-2", "500"),
    ]


def test_each_refusal(spa):
    number = the_run(spa)
    with pytest.raises(Invalid):
        draft_top_up_run(spa, "NONE", actor=ANA, at=MORNING)
    with pytest.raises(Forbidden):
        draft_top_up_run(spa, "KIN", actor=an_actor(Role.SALES), at=MORNING)
    with pytest.raises(NotFound):
        carry_stop(spa, number, "STORE", actor=ANA, at=MORNING)
    with pytest.raises(NotFound):
        run_page(spa, "TU-1")
    carry_stop(spa, number, "ROOM-1", actor=ANA, at=MORNING)
    with pytest.raises(Conflict):
        carry_stop(spa, number, "ROOM-1", actor=ANA, at=MORNING)


def test_its_paper_is_the_same_twice_and_its_page_asks_a_fixed_number_of_questions(spa):
    number = the_run(spa)
    content = run_content(spa, number)
    paper = render_top_up_run(content)
    assert paper[:5] == b"%PDF-"
    assert paper == render_top_up_run(content)
    with counted(spa.connection()) as sent:
        run_page(spa, number)
    assert len(sent) == 2


def test_two_people_at_the_same_room_put_it_down_once(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        two_low_rooms(session)
    with work.write() as session:
        number = the_run(session)

    def put_down(_):
        try:
            with work.write() as session:
                carry_stop(session, number, "ROOM-1", actor=ANA, at=MORNING)
        except Conflict as error:
            return error
        return None

    assert sum(1 for error in at_once(4, put_down) if error is None) == 1
    with work.read() as session:
        assert verify(session) == []
    engine.dispose()


def test_it_is_drafted_walked_and_printed_in_the_back_office(app, client):
    sign_in(client, Role.SPA_MANAGER)
    with app.extensions["uow"].write() as session:
        two_low_rooms(session)
    assert "2 rooms run low" in client.get("/top-up/?site=KIN").text
    page = client.post("/top-up/", data={"site": "KIN"}).headers["Location"]
    assert "2 rooms to go" in client.get(page).text
    assert client.get(f"{page}/pdf").data[:5] == b"%PDF-"
    client.post(page, data={"do": "carry ROOM-1", "once": "a"})
    client.post(page, data={"do": "skip ROOM-2"})
    assert "Every room is topped up" in client.get(page).text
    again = client.post(page, data={"do": "carry ROOM-1"}, follow_redirects=True)
    assert "done already" in again.text
    sign_in(client, Role.SALES)
    assert client.post("/top-up/", data={"site": "KIN"}).status_code == 403

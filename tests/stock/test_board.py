"""The board of opened containers, and what rooms ask for."""

from datetime import timedelta

import pytest

from procurement.kernel.actor import SYSTEM, Actor
from procurement.kernel.errors import Forbidden, Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.stock.operations.containers.finishing import FinishContainer, finish_container
from procurement.stock.operations.containers.opening import OpenContainer, open_container
from procurement.stock.operations.containers.using import use_dose
from procurement.stock.operations.requests import AskForTopUp, ask_for_top_up, settle_top_up
from procurement.stock.queries.board import board, open_container_row, open_containers
from procurement.stock.queries.requests import top_up_requests
from tests.builders import a_product
from tests.queries import assert_queries
from tests.stock.builders import MORNING, a_hundred_rooms, a_spa, moved, opened, used

MIRA = Actor(None, "Mira", frozenset(Permission))


def a_bottle(session, room="ROOM-1", product="ALM-500", at=MORNING):
    command = OpenContainer(room, product)
    return open_container(session, command, actor=SYSTEM, at=at).containers[0]


@pytest.fixture
def spa(session):
    a_spa(session)
    a_product(session, name="Sweet Almond Oil").period_after_opening_months = 6
    for room in ("ROOM-1", "ROOM-2"):
        opened(session, 1000, into=room, lot="A1")
    return session


def test_the_board_says_what_must_go_first(spa):
    old, new = a_bottle(spa), a_bottle(spa, at=MORNING + timedelta(days=3))
    other = a_bottle(spa, "ROOM-2")
    rooms = board(spa, at=MORNING + timedelta(days=3))
    assert [(room.code, [row.number for row in room.rows]) for room in rooms] == [
        ("ROOM-1", [old, new]),
        ("ROOM-2", [other]),
    ]
    first, second = rooms[0].rows
    assert (first.is_first, second.is_first, first.has_next) == (True, False, False)
    assert rooms[1].rows[0].has_next
    assert (first.parent, first.percent, first.doses, first.state) == ("A1", 100, 16, "ok")


def test_a_bottle_is_soon_a_week_before_its_date_and_past_the_day_after(spa):
    number = a_bottle(spa)  # to be used by 23 May 2027
    states = {
        days: open_container_row(spa, number, at=MORNING + timedelta(days=days)).state
        for days in (173, 174, 181, 182)
    }
    assert states == {173: "ok", 174: "soon", 181: "soon", 182: "past"}
    row = open_container_row(spa, number, at=MORNING + timedelta(days=182))
    assert (row.is_first, row.is_past, row.is_soon) == (False, True, False)


def test_a_finished_bottle_leaves_the_board(spa):
    number = a_bottle(spa)
    use_dose(spa, number, actor=SYSTEM, at=MORNING)
    (row,) = open_containers(spa, "ROOM-1", at=MORNING)
    assert (row.left.amount, row.percent) == ("470", 94)
    finish_container(spa, FinishContainer(number), actor=SYSTEM, at=MORNING)
    assert open_containers(spa, "ROOM-1", at=MORNING) == ()
    with pytest.raises(NotFound):
        open_container_row(spa, number, at=MORNING)


def test_two_thousand_bottles_in_a_hundred_rooms_take_two_statements(session):
    a_hundred_rooms(session)
    with assert_queries(session.connection(), 2):
        rooms = board(session, at=MORNING, site="KIN")
    assert len(rooms) == 100
    assert sum(len(room.rows) for room in rooms) == 2000
    # In four rooms everything is past its date: nothing there is to be used first.
    assert sum(row.is_first for room in rooms for row in room.rows) == 480


def test_a_room_asks_once_until_the_goods_come(spa):
    ask = AskForTopUp("ROOM-1", "ALM-500", "For Saturday")
    first = ask_for_top_up(spa, ask, actor=MIRA, at=MORNING)
    assert ask_for_top_up(spa, ask, actor=MIRA, at=MORNING) is first
    (row,) = top_up_requests(spa, location="ROOM-1")
    assert (row.product_name, row.asked_by, row.note) == (
        "Sweet Almond Oil",
        "Mira",
        "For Saturday",
    )
    used(spa, 10, "ROOM-1", at=MORNING + timedelta(hours=1))
    assert top_up_requests(spa)
    moved(spa, 500, "ROOM-2", "ROOM-1", at=MORNING + timedelta(hours=2))
    assert top_up_requests(spa) == []
    again = ask_for_top_up(spa, ask, actor=MIRA, at=MORNING + timedelta(hours=3))
    assert again is not first
    assert len(top_up_requests(spa)) == 1
    settle_top_up(spa, "ROOM-1", "ALM-500", actor=MIRA, at=MORNING + timedelta(hours=4))
    settle_top_up(spa, "ROOM-1", "ALM-500", actor=MIRA, at=MORNING + timedelta(hours=4))
    assert top_up_requests(spa) == []


def test_a_request_names_a_room_and_a_product_and_needs_permission(spa):
    for command, field in (
        (AskForTopUp("NO", "ALM-500"), "location"),
        (AskForTopUp("ROOM-1", "NO"), "product"),
    ):
        with pytest.raises(Invalid) as refusal:
            ask_for_top_up(spa, command, actor=MIRA, at=MORNING)
        assert refusal.value.errors[0].field == field
    with pytest.raises(Forbidden):
        ask_for_top_up(spa, AskForTopUp("ROOM-1", "ALM-500"), actor=Actor(None, "No"), at=MORNING)
    with pytest.raises(Forbidden):
        settle_top_up(spa, "ROOM-1", "ALM-500", actor=Actor(None, "No"), at=MORNING)

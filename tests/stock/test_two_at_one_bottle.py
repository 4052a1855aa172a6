"""Two therapists at the same bottle: one is right, the other hears so; on both databases."""

import pytest

from procurement.kernel.actor import Actor
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict
from procurement.kernel.permissions import Permission
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.stock.errors import ContainerFinished, InsufficientStock
from procurement.stock.operations.containers.decanting import Decant, Fill, decant
from procurement.stock.operations.containers.finishing import (
    FinishContainer,
    finish_and_open_next,
    finish_container,
)
from procurement.stock.operations.containers.opening import OpenContainer, open_container
from procurement.stock.operations.containers.undoing import take_back
from procurement.stock.operations.containers.using import use_dose
from procurement.stock.queries.on_hand import available_at
from procurement.stock.queries.verification import verify
from tests.builders import a_product
from tests.stock.builders import MORNING, a_spa, ml, opened, used
from tests.threads import at_once

MIRA = Actor(None, "Mira", frozenset(Permission))


@pytest.fixture
def work(fresh_database):
    engine = make_engine(fresh_database)
    unit_of_work = UnitOfWork(engine)
    with unit_of_work.write() as session:
        a_spa(session)
        a_product(session)
        opened(session, 2500, lot="A1", into="ROOM-1")
    yield unit_of_work
    engine.dispose()


def a_bottle(work):
    with work.write() as session:
        command = OpenContainer("ROOM-1", "ALM-500")
        return open_container(session, command, actor=MIRA, at=MORNING).containers[0]


def race(work, writers, step):
    """What each heard: None when it went through."""

    def run(number):
        try:
            with work.write() as session:
                step(session, number)
        except Conflict as error:
            return error
        return None

    return at_once(writers, run)


def in_order(work):
    with work.read() as session:
        assert verify(session) == []
        return sum(on_hand for on_hand, _ in available_at(session, at=MORNING).values())


@pytest.mark.parametrize("finish", [finish_container, finish_and_open_next])
def test_two_finish_the_same_bottle_once(work, finish):
    number = a_bottle(work)
    heard = race(
        work, 4, lambda session, _: finish(session, FinishContainer(number), actor=MIRA, at=MORNING)
    )
    refused = [error for error in heard if error]
    assert len(refused) == 3
    assert {type(error) for error in refused} == {ContainerFinished}
    assert {str(error) for error in refused} == {f"{number} is empty already; Mira finished it."}
    assert in_order(work) == 2_000_000


def test_eight_doses_of_the_last_hundred_are_taken_as_far_as_they_go(work):
    number = a_bottle(work)
    with work.write() as session:
        used(session, 400, "ROOM-1", lot=number)
    heard = race(work, 8, lambda session, _: use_dose(session, number, actor=MIRA, at=MORNING))
    assert sum(1 for error in heard if error is None) == 4  # 30, 30, 30 and the last 10 ml
    assert in_order(work) == 2_000_000


def test_the_last_two_bottles_are_opened_by_two_of_five(work):
    with work.write() as session:
        used(session, 1500, "ROOM-1", lot="A1")
    heard = race(
        work,
        5,
        lambda session, _: open_container(
            session, OpenContainer("ROOM-1", "ALM-500"), actor=MIRA, at=MORNING
        ),
    )
    refused = [error for error in heard if error]
    assert len(refused) == 3
    assert all(isinstance(error, InsufficientStock) for error in refused)
    assert in_order(work) == 1_000_000


def test_pouring_using_and_finishing_at_once_never_take_more_than_there_is(work):
    number = a_bottle(work)

    def step(session, n):
        if n % 3 == 0:
            decant(session, Decant(number, (Fill(1, ml(100)),)), actor=MIRA, at=MORNING)
        elif n % 3 == 1:
            used(session, 100, "ROOM-1")
        else:
            finish_and_open_next(session, FinishContainer(number), actor=MIRA, at=MORNING)

    race(work, 9, step)
    in_order(work)


def test_an_opening_is_taken_back_once(work):
    with work.write() as session:
        done = open_container(session, OpenContainer("ROOM-1", "ALM-500"), actor=MIRA, at=MORNING)
    refs = [posted.ref for posted in done.postings]
    heard = race(work, 4, lambda session, _: take_back(session, refs, actor=MIRA, at=MORNING))
    assert sum(1 for error in heard if error is None) == 1
    assert in_order(work) == 2_500_000

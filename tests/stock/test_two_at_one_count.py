"""Several phones and posters at one count, each in a transaction of its own, on both databases."""

import pytest
from sqlalchemy import func, select

from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.stock.errors import CountClosed, CountRunning, CountUndecided, InsufficientStock
from procurement.stock.models import Posting, StockCountEntry, StockCountLine
from procurement.stock.operations.counting.entering import Outcome
from procurement.stock.queries.on_hand import available_at
from procurement.stock.queries.verification import verify
from procurement.stock.terms import Reason
from tests.builders import a_company, a_product
from tests.stock.builders import MORNING, a_spa, moved, opened, used
from tests.stock.counting import an_entry, entered, minutes, put_in_the_books, started
from tests.threads import at_once


@pytest.fixture
def work(fresh_database):
    engine = make_engine(fresh_database)
    unit_of_work = UnitOfWork(engine)
    with unit_of_work.write() as session:
        company = a_company(session)
        company.count_tolerance_bp, company.count_approval_minor = 10_000, 10**9
        a_spa(session)
        a_product(session)
        opened(session, 1000, into="ROOM-1", lot="A1")
    yield unit_of_work
    engine.dispose()


def counting(work, *entries):
    with work.write() as session:
        number = started(session)
        if entries:
            entered(session, number, *entries)
    return number


def race(work, writers, step):
    """What each heard: the refusal, or what the step answered."""

    def run(number):
        try:
            with work.write() as session:
                return step(session, number)
        except Conflict as error:
            return error

    return at_once(writers, run)


def in_order(work):
    with work.read() as session:
        assert verify(session) == []
        return sum(there for there, _ in available_at(session, at=MORNING).values()) // 1000


def test_two_post_the_same_count_once(work):
    number = counting(work, an_entry(990))
    heard = race(work, 4, lambda session, _: put_in_the_books(session, number))
    assert sum(1 for one in heard if isinstance(one, CountClosed)) == 3
    assert in_order(work) == 990


def test_a_room_is_begun_once(work):
    heard = race(work, 4, lambda session, _: started(session))
    assert sum(1 for one in heard if isinstance(one, CountRunning)) == 3


def test_an_impatient_phone_stores_its_entries_once(work):
    number = counting(work)
    found = [an_entry(n, lot=None, supplier_lot=f"X{n}") for n in range(1, 21)]
    heard = race(
        work, 6, lambda session, _: entered(session, number, an_entry(990, uid="a"), *found)
    )
    assert sorted(one.outcome for answers in heard for one in answers).count(Outcome.STORED) == 21
    with work.read() as session:
        assert session.scalar(select(func.count()).select_from(StockCountEntry)) == 21
        assert session.scalar(select(func.count()).select_from(StockCountLine)) == 21


def test_every_entry_is_counted_or_late_whenever_the_count_is_posted(work):
    """Five phones send while somebody posts: what was stored before is in the posting, the rest is late."""
    number = counting(work)

    def step(session, n):
        if n == 5:
            return put_in_the_books(session, number)
        return entered(session, number, an_entry(10, lot=None, supplier_lot=f"X{n}", again=True))

    heard = race(work, 6, step)
    stored = sum(
        1 for answers in heard if isinstance(answers, list)
        for one in answers if one.outcome is Outcome.STORED
    )  # fmt: skip
    assert not [one for one in heard if isinstance(one, Conflict)]
    assert in_order(work) == 1000 + 10 * stored


def test_using_while_the_count_is_posted_loses_neither(work):
    """Counted 990 of 1,000, while 8 use 10 each and one posts."""
    number = counting(work, an_entry(990))

    def step(session, n):
        if n == 4:
            return put_in_the_books(session, number)
        return used(session, 10, "ROOM-1", lot="A1", at=minutes(59))

    heard = race(work, 9, step)
    assert not [one for one in heard if isinstance(one, Conflict)]
    assert in_order(work) == 910


def test_what_is_carried_away_meanwhile_is_refused_to_one_of_them(work):
    """Two are missing, and somebody carries everything away: never below nothing, and never half a count."""
    number = counting(work, an_entry(998))

    def step(session, n):
        if n == 0:
            return put_in_the_books(session, number)
        return moved(session, 1000, "ROOM-1", "STORE", lot="A1", at=minutes(59))

    heard = race(work, 2, step)
    refused = [one for one in heard if isinstance(one, Conflict)]
    assert len(refused) == 1
    assert isinstance(refused[0], CountUndecided | InsufficientStock)
    posted = not isinstance(refused[0], CountUndecided)
    assert in_order(work) == (998 if posted else 1000)
    with work.read() as session:
        made = select(func.count()).where(Posting.reason == Reason.COUNT)
        assert session.scalar(made) == int(posted)

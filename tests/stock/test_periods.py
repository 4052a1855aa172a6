"""Closed books: who closes which days, and what is refused afterwards."""

import threading
from datetime import date, timedelta

import pytest

from procurement.audit.queries import trail_of
from procurement.kernel.actor import SYSTEM, Actor
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.kernel.permissions import GRANTS, Role
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.settings.models import Company
from procurement.stock.errors import PeriodClosed
from procurement.stock.operations.periods import SUBJECT, close_books, reopen_books
from procurement.stock.operations.posting import reverse_posting
from procurement.stock.queries.periods import closings
from procurement.stock.queries.verification import verify
from tests.builders import a_company, a_product
from tests.stock.builders import MORNING, a_spa, opened, used
from tests.threads import at_once

YESTERDAY = date(2026, 11, 22)
EARLIER = MORNING - timedelta(days=3)


@pytest.fixture
def spa(session):
    a_company(session)
    a_spa(session)
    a_product(session)
    opened(session, 100, lot="A1", into="ROOM-1", at=EARLIER)
    return session


def closed(session, day=YESTERDAY, at=MORNING):
    with session.begin_nested():
        close_books(session, day, actor=SYSTEM, at=at)


def last_days(session):
    return [row.last_day for row in closings(session)]


def test_closed_days_take_no_posting_and_mistakes_are_taken_back_today(spa):
    wrong = used(spa, 10, "ROOM-1", at=EARLIER)
    closed(spa)
    with pytest.raises(PeriodClosed) as refused, spa.begin_nested():
        used(spa, 1, "ROOM-1", at=MORNING, occurred_at=EARLIER)
    assert [one.field for one in refused.value.errors] == ["occurred_at"]
    back = reverse_posting(spa, wrong.ref, "typed wrong", actor=SYSTEM, at=MORNING)
    assert back.occurred_at == MORNING
    used(spa, 1, "ROOM-1", at=MORNING)
    assert verify(spa) == []


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (MORNING.date(), "days that are over"),
        (MORNING.date() + timedelta(days=400), "days that are over"),
        (date(2026, 11, 20), "up to 2026-11-20 already"),
        (date(2026, 11, 1), "up to 2026-11-20 already"),
    ],
)
def test_only_later_days_that_are_over_can_be_closed(spa, day, said):
    closed(spa, date(2026, 11, 20))
    with pytest.raises(Invalid, match=said) as refused:
        closed(spa, day)
    assert [one.field for one in refused.value.errors] == ["last_day"]
    assert last_days(spa) == [date(2026, 11, 20)]


def test_the_day_is_over_when_it_is_over_where_the_company_is(spa):
    spa.get_one(Company, 1).time_zone = "Pacific/Auckland"
    noon = MORNING.replace(hour=12) - timedelta(days=1)  # one in the night of the next day, there
    closed(spa, YESTERDAY, at=noon)
    assert last_days(spa) == [YESTERDAY]


def test_only_the_last_closing_is_opened_again_and_both_stay_in_the_trail(spa):
    with pytest.raises(NotFound):
        reopen_books(spa, YESTERDAY, actor=SYSTEM, at=MORNING)
    closed(spa, date(2026, 11, 20))
    closed(spa)
    with pytest.raises(Conflict, match="up to 2026-11-22"):
        reopen_books(spa, date(2026, 11, 20), actor=SYSTEM, at=MORNING)
    reopen_books(spa, YESTERDAY, actor=SYSTEM, at=MORNING)
    assert last_days(spa) == [date(2026, 11, 20)]
    spa.flush()
    trail = [row.action for row in trail_of(spa, SUBJECT)]
    assert sorted(trail) == ["close the books", "close the books", "open the books again"]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR, Role.SPA_MANAGER}))
def test_closing_is_for_managers(spa, role):
    somebody = Actor(None, "Mira", GRANTS[role])
    for act in (close_books, reopen_books):
        with pytest.raises(Forbidden):
            act(spa, YESTERDAY, actor=somebody, at=MORNING)


def test_who_posts_while_the_books_are_closed_is_before_or_refused(fresh_database):
    """Nothing lies in closed days that was written after the closing was; nobody waits for ever."""
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_company(session)
        a_spa(session)
        a_product(session)
        opened(session, 100, lot="A1", into="ROOM-1", at=EARLIER)
    is_closed = threading.Event()

    def act(number):
        if number == 0:
            with work.write() as session:
                close_books(session, YESTERDAY, actor=SYSTEM, at=MORNING)
            is_closed.set()
            return 0
        posted_late = 0
        for _ in range(12):
            was_closed = is_closed.is_set()
            try:
                with work.write() as session:
                    used(session, 1, "ROOM-1", lot="A1", at=MORNING, occurred_at=EARLIER)
                posted_late += was_closed
            except PeriodClosed:
                pass
        return posted_late

    assert sum(at_once(5, act)) == 0
    with work.read() as session:
        assert verify(session) == []
        assert last_days(session) == [YESTERDAY]
    engine.dispose()


def test_two_managers_close_at_once(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_company(session)

    def close(_):
        try:
            with work.write() as session:
                close_books(session, YESTERDAY, actor=SYSTEM, at=MORNING)
        except Invalid:
            return 0
        return 1

    assert sum(at_once(4, close)) == 1
    engine.dispose()

"""The sweeper expires what has run out, once, and leaves an empty installation alone."""

from datetime import timedelta

from sqlalchemy import select, update

from procurement.kernel.clock import utc_now
from procurement.kernel.db import make_engine
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.sales.models import Quote
from procurement.sales.terms import QuoteStatus
from procurement.worker.sweeping import Sweeper
from tests.planning.builders import a_planned_spa
from tests.sales.stories import a_draft, a_ready_shop, issue
from tests.stock.builders import opened, used


def test_an_empty_installation_has_nothing_to_sweep(fresh_database):
    engine = make_engine(fresh_database)
    sweeper = Sweeper(UnitOfWork(engine))
    assert (sweeper.sweep_once(), sweeper.measure_once()) == (0, 0)
    engine.dispose()


def test_an_overdue_quote_is_expired_once(fresh_database):
    engine = make_engine(fresh_database)
    uow = UnitOfWork(engine)
    with uow.write() as session:
        a_ready_shop(session)
        issue(session, a_draft(session).number)
        issue(session, a_draft(session).number)
    with uow.write() as session:
        past = utc_now().date() - timedelta(days=2)
        session.execute(update(Quote).where(Quote.number == "Q-2026-0001").values(valid_until=past))
        future = utc_now().date() + timedelta(days=20)
        session.execute(
            update(Quote).where(Quote.number != "Q-2026-0001").values(valid_until=future)
        )
    sweeper = Sweeper(uow)
    assert [sweeper.sweep_once(), sweeper.sweep_once()] == [1, 0]
    with uow.read() as session:
        statuses = list(session.scalars(select(Quote.status).order_by(Quote.number)))
    assert statuses == [QuoteStatus.EXPIRED, QuoteStatus.ISSUED]
    engine.dispose()


def test_the_use_is_measured_once_a_day(fresh_database):
    engine = make_engine(fresh_database)
    uow = UnitOfWork(engine)
    with uow.write() as session:
        a_planned_spa(session)
        opened(session, 900, into="ROOM-1", at=utc_now() - timedelta(days=30))
        used(session, 300, "ROOM-1", at=utc_now() - timedelta(days=9))
    sweeper = Sweeper(uow)
    assert [sweeper.measure_once(), sweeper.measure_once()] == [1, 0]
    engine.dispose()

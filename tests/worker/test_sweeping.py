"""The sweeper expires what has run out, once, and leaves an empty installation alone."""

from datetime import timedelta

from sqlalchemy import select, update

from procurement.catalogue.models import Product
from procurement.catalogue.terms import ProductStatus
from procurement.kernel.clock import utc_now
from procurement.kernel.db import make_engine
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.purchasing.models import StandingOrder
from procurement.purchasing.operations.standing import BeginStanding, begin_standing
from procurement.purchasing.operations.templating import save_template
from procurement.purchasing.queries.templates import failed_standing
from procurement.purchasing.terms import Every
from procurement.sales.models import Quote
from procurement.sales.terms import QuoteStatus
from procurement.worker.sweeping import Sweeper
from tests.planning.builders import a_planned_spa
from tests.purchasing.builders import ANA, CASES, COVERS, MONDAY, a_spa_that_orders
from tests.purchasing.builders import a_draft as purchase
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


def test_standing_orders_are_drafted_once_and_what_fails_says_why(fresh_database):
    engine = make_engine(fresh_database)
    uow = UnitOfWork(engine)
    with uow.write() as session:
        a_spa_that_orders(session)
        weekday = utc_now().date().weekday()
        for lines in ((CASES,), (COVERS,)):
            template = save_template(
                session, purchase(session, *lines).number, "T", actor=ANA, at=MONDAY
            )
            command = BeginStanding(
                template=template.number, every=1, unit=Every.WEEKS, weekday=weekday
            )
            begin_standing(session, command, actor=ANA, at=utc_now())
        session.execute(
            update(Product)
            .where(Product.sku == "COV-020")
            .values(status=ProductStatus.DISCONTINUED)
        )
        # Not only on this computer's day: a site may have begun its own.
        session.execute(update(StandingOrder).values(next_on=utc_now().date() - timedelta(days=7)))
    sweeper = Sweeper(uow)
    assert [sweeper.draft_once(), sweeper.draft_once()] == [1, 0]
    with uow.read() as session:
        (row,) = failed_standing(session)
    assert "discontinued" in row.problem
    engine.dispose()

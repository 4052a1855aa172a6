"""Two people at once: ordering from one quote, shipping one order, promising the same bottles."""

import pytest

from procurement.kernel.db import make_engine
from procurement.kernel.paging import PageRequest
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.sales.queries.sales_orders import SalesOrderFilter, sales_orders
from procurement.sales.queries.verification import verify_sales
from procurement.stock.queries.verification import verify
from tests.sales.fulfilling import (
    KEEPER,
    a_confirmed_order,
    a_stocked_shop,
    an_accepted_quote,
    ordered,
    shipped,
    the_order,
)
from tests.sales.test_two_at_once import at_once


@pytest.fixture
def work(fresh_database):
    engine = make_engine(fresh_database)
    yield UnitOfWork(engine)
    engine.dispose()


def test_two_people_order_shipment_and_promise_at_once(work):
    with work.write() as session:
        a_stocked_shop(session)
        quote = an_accepted_quote(session)
    answers = at_once(work, *[lambda s: ordered(s, quote, {1: 4})] * 4)
    assert answers.count(None) == 1
    # Three orders want eight bottles between them: each is promised to one of them.
    answers = at_once(work, *[lambda s: a_confirmed_order(s, 4)] * 3)
    assert answers == [None] * 3
    with work.write() as session:
        rows = sales_orders(session, SalesOrderFilter(), PageRequest(), actor=KEEPER).items
        ready = {
            row.number: the_order(session, row.number).lines[0].ready
            for row in rows
            if row.confirmed_at
        }
    assert sum(ready.values()) == 8
    number = max(ready, key=lambda one: ready[one])
    answers = at_once(work, *[lambda s: shipped(s, number, ready[number])] * 4)
    assert answers.count(None) == 1
    with work.read() as session:
        assert [*verify(session), *verify_sales(session)] == []

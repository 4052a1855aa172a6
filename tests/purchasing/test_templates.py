"""Orders that come again: templates, rhythms as a table, drafted once and caught up with at most once."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.purchasing.models import PurchaseOrder
from procurement.purchasing.operations.lines import NewOrderLine
from procurement.purchasing.operations.standing import (
    BeginStanding,
    begin_standing,
    draft_standing,
    end_standing,
    pause_standing,
    skip_standing,
)
from procurement.purchasing.operations.templating import (
    draft_from_template,
    retire_template,
    save_template,
)
from procurement.purchasing.queries.orders import order_page
from procurement.purchasing.queries.templates import (
    due_standing,
    failed_standing,
    standing_row,
    template_list,
    template_page,
)
from procurement.purchasing.rules.rhythm import Rhythm, first_on, next_after, words_of
from procurement.purchasing.terms import Every
from tests.builders import a_supplier_item, an_actor
from tests.purchasing.builders import ANA, CASES, MONDAY, a_draft, a_spa_that_orders
from tests.threads import at_once

MON, TUE, SUN = 0, 1, 6


def on(day: int, month: int = 11, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "start", "first", "second"),
    [
        (Rhythm(1, Every.WEEKS, MON), date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 30)),
        (Rhythm(2, Every.WEEKS, SUN), date(2026, 11, 23), date(2026, 11, 29), date(2026, 12, 13)),
        (Rhythm(1, Every.MONTHS, TUE), date(2026, 12, 1), date(2026, 12, 1), date(2027, 1, 5)),
        (Rhythm(3, Every.MONTHS, MON), date(2026, 11, 23), date(2026, 12, 7), date(2027, 3, 1)),
    ],
)
def test_the_days_of_a_rhythm(rhythm, start, first, second):
    assert first_on(rhythm, start) == first
    assert next_after(rhythm, first, first, None) == second


def test_missed_days_are_not_made_up_for_and_the_last_day_counts():
    weekly = Rhythm(1, Every.WEEKS, MON)
    missed, today = date(2026, 11, 2), date(2026, 11, 24)
    assert next_after(weekly, missed, today, None) == date(2026, 11, 30)
    assert next_after(weekly, missed, today, date(2026, 11, 30)) == date(2026, 11, 30)
    assert next_after(weekly, missed, today, date(2026, 11, 29)) is None
    assert words_of(Rhythm(2, Every.WEEKS, SUN)) == "every 2 weeks on Sunday"
    assert words_of(Rhythm(1, Every.MONTHS, MON)) == "every month on the first Monday"


def a_template(session, *lines, **more):
    order = a_draft(session, *lines, **more)
    template = save_template(session, order.number, "Oils", actor=ANA, at=MONDAY)
    session.flush()
    return template


def a_rhythm(session, template, **more):
    values = {"every": 1, "unit": Every.WEEKS, "weekday": MON, **more}
    standing = begin_standing(
        session, BeginStanding(template=template.number, **values), actor=ANA, at=MONDAY
    )
    session.flush()
    return standing


def test_a_template_is_drafted_at_the_prices_of_the_day(session):
    a_spa_that_orders(session)
    own_price = NewOrderLine(product="ALM-500", pack="bottle", packs=3, unit_price="9.10")
    template = a_template(session, CASES, own_price, note_to_supplier="Ring first")
    a_supplier_item(session, pack="case", prices={1: "90.00"}, lead_time_days=4)
    order = draft_from_template(session, template.number, actor=ANA, at=MONDAY)
    session.flush()
    page = order_page(session, order.number)
    assert [(line.packs, line.price.amount) for line in page.lines] == [(10, "90.00"), (3, "9.10")]
    assert (page.deliver_to, page.note_to_supplier) == ("STORE", "Ring first")
    (row,) = template_list(session, PageRequest()).items
    assert (row.name, row.lines, row.next_on) == ("Oils", 2, None)
    prices = [line.price for line in template_page(session, template.number).lines]
    assert (str(prices[0].amount), prices[1]) == ("90.00", None)
    retire_template(session, template.number, actor=ANA, at=MONDAY)
    with pytest.raises(Conflict):
        draft_from_template(session, template.number, actor=ANA, at=MONDAY)
    with pytest.raises(NotFound):
        draft_from_template(session, "OT-2026-9999", actor=ANA, at=MONDAY)
    with pytest.raises(Forbidden):
        save_template(session, order.number, "X", actor=an_actor(Role.STOCK_KEEPER), at=MONDAY)


def test_it_is_drafted_on_its_day_where_it_is_delivered(session):
    a_spa_that_orders(session)
    standing = a_rhythm(session, a_template(session), start=date(2026, 11, 30))
    number, day = standing.number, date(2026, 11, 30)
    assert due_standing(session, on(29, hour=23)) == []
    assert due_standing(session, on(30)) == [(number, day)]
    order = draft_standing(session, number, day, actor=ANA, at=on(30))
    session.flush()
    assert (order.standing_for, order.drafted_by) == (day, "Ana")
    assert draft_standing(session, number, day, actor=ANA, at=on(30)) is None
    row = standing_row(session, number)
    assert (row.next_on, row.last_order) == (date(2026, 12, 7), order.number)
    assert due_standing(session, on(28, month=12)) == [(number, date(2026, 12, 7))]
    draft_standing(session, number, date(2026, 12, 7), actor=ANA, at=on(28, month=12))
    session.flush()
    assert standing_row(session, number).next_on == date(2027, 1, 4)


def test_what_cannot_be_drafted_is_said_and_goes_on(session):
    a_spa_that_orders(session)
    standing = a_rhythm(session, a_template(session))
    skip_standing(session, standing.number, date(2026, 11, 23), "gone", actor=ANA, at=MONDAY)
    session.flush()
    (row,) = failed_standing(session)
    assert (row.problem, row.next_on) == ("2026-11-23: gone", date(2026, 11, 30))
    pause_standing(session, standing.number, paused=True, actor=ANA, at=MONDAY)
    session.flush()
    assert due_standing(session, on(30)) == []
    pause_standing(session, standing.number, paused=False, actor=ANA, at=on(8, month=12))
    session.flush()
    assert standing_row(session, standing.number).next_on == date(2026, 12, 14)
    end_standing(session, standing.number, actor=ANA, at=MONDAY)
    with pytest.raises(Conflict):
        pause_standing(session, standing.number, paused=True, actor=ANA, at=MONDAY)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"every": 0}, "every"),
        ({"weekday": 7}, "weekday"),
        ({"start": date(2026, 11, 22)}, "start"),
        ({"until": date(2026, 11, 22)}, "until"),
    ],
)
def test_a_rhythm_that_cannot_be(session, change, field):
    a_spa_that_orders(session)
    template = a_template(session)
    with pytest.raises(Invalid) as refusal:
        a_rhythm(session, template, **change)
    assert refusal.value.field == field


def test_four_workers_draft_it_once(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_spa_that_orders(session)
        number = a_rhythm(session, a_template(session)).number

    def draft(_):
        with work.write() as session:
            order = draft_standing(session, number, date(2026, 11, 23), actor=ANA, at=MONDAY)
            return order is not None

    assert at_once(4, draft).count(True) == 1
    with work.read() as session:
        drafted = select(func.count()).where(PurchaseOrder.standing_id.is_not(None))
        assert session.scalar(drafted) == 1
    engine.dispose()

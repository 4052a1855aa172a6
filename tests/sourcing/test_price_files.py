"""Price files: matched, compared, applied once and on their day, undone as far as nothing newer stands there."""

from datetime import UTC, date, datetime, timedelta

import pytest

from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.sourcing.errors import StalePrices
from procurement.sourcing.operations.price_files import (
    ApplyPrices,
    NewPriceFile,
    apply_due_prices,
    apply_prices,
    discard_prices,
    take_in_prices,
    undo_prices,
)
from procurement.sourcing.queries import supplier_page
from procurement.sourcing.queries.price_files import (
    is_any_price_due,
    price_file_page,
    price_files,
    price_history,
)
from procurement.sourcing.rules.price_files import KnownItem, KnownPack, compare, read, written
from procurement.sourcing.terms import LineKind, PriceFileStatus, PriceRow
from tests.builders import NOON, a_product, a_supplier_item, an_actor
from tests.purchasing.builders import a_spa_that_orders
from tests.threads import at_once

ANA = an_actor(name="Ana")
BOTTLE = KnownItem(1, 11, "C-ALM", "ALM-500", "Almond", "bottle", "05012345678900", ((1, 86000),))
CASE = KnownItem(2, 12, "C-ALM", "ALM-500", "Almond", "case", "", ((1, 900000),))
JOJOBA = KnownItem(3, 13, "C-JOJ", "JOJ-500", "Jojoba", "bottle", "", ())
SOLD = KnownPack(21, "ARN-200", "Arnica", "tube", "04012345678901", is_sales_pack=True)
DRUM = KnownPack(22, "ARN-200", "Arnica", "drum", "", is_sales_pack=False)


def a_row(row=2, price=90_000, **more) -> PriceRow:
    return PriceRow(row, price, **more)


@pytest.mark.parametrize(
    ("row", "pack_id", "kind"),
    [
        (a_row(code="c-joj"), 13, LineKind.CHANGED),  # codes are compared without case
        (a_row(code="X", gtin="05012345678900"), 11, LineKind.CHANGED),
        (a_row(product="alm-500", pack="CASE"), 12, LineKind.CHANGED),
        (a_row(code="C-ALM", pack="bottle", price=86_000), 11, LineKind.SAME),
        (a_row(gtin="04012345678901"), 21, LineKind.NEW),
        (a_row(product="ARN-200"), 21, LineKind.NEW),
        (a_row(product="ARN-200", pack="drum"), 22, LineKind.NEW),
        (a_row(product="ARN-200", pack="jar"), None, LineKind.UNKNOWN),
        (a_row(product="JOJ-500", pack="case"), None, LineKind.UNKNOWN),  # sold, but not so
        (a_row(code="NOBODY"), None, LineKind.UNKNOWN),
    ],
)
def test_a_row_is_matched_by_code_barcode_or_sku(row, pack_id, kind):
    first = compare([row], [BOTTLE, CASE, JOJOBA], [SOLD, DRUM])[0]
    assert (first.pack_id, first.kind) == (pack_id, kind)


def test_rows_of_the_same_thing_are_its_breaks_and_the_rest_is_missing():
    rows = [a_row(code="C-JOJ", from_packs=10, price=7), a_row(3, 8, code="C-JOJ")]
    changed, *missing = compare(rows, [JOJOBA, BOTTLE, CASE], [])
    assert (changed.before, changed.after) == ((), ((1, 8), (10, 7)))
    assert [(one.kind, one.pack_id) for one in missing] == [
        (LineKind.MISSING, 11),
        (LineKind.MISSING, 12),
    ]
    assert read(written(changed.after)) == changed.after


def test_what_could_be_two_things_or_stands_twice_is_refused_by_row():
    rows = [a_row(code="C-ALM"), a_row(3, code="C-JOJ"), a_row(4, code="c-joj")]
    with pytest.raises(Invalid) as refusal:
        compare(rows, [BOTTLE, CASE, JOJOBA], [])
    assert [error.field for error in refusal.value.errors] == ["rows.0", "rows.2"]


@pytest.fixture
def spa(session):
    a_spa_that_orders(session)
    a_product(session, "JOJ-500", name="Jojoba Oil")
    return session


def case(price, from_packs=1, **more) -> PriceRow:
    return PriceRow(2, price, from_packs, code="CORRIB-ALM-500", **more)


NEW_PRICES = (case(900_000), case(850_000, 10), PriceRow(4, 75_000, product="JOJ-500"))


def taken_in(session, *rows, at=NOON, **more) -> str:
    command = NewPriceFile("CORRIB", "prices.csv", rows or NEW_PRICES)
    return take_in_prices(session, command, **{"actor": ANA, "at": at} | more).number


def applied(session, number, on=None, lines=None, at=NOON):
    return apply_prices(session, ApplyPrices(number, on, lines), actor=ANA, at=at)


def prices(session, product="ALM-500"):
    session.flush()
    session.expire_all()
    items = supplier_page(session, "CORRIB").items
    return [
        (step.from_packs, step.price.amount)
        for item in items
        if item.product == product and item.active
        for step in item.price_breaks
    ]


def test_a_file_is_compared_applied_and_undone(spa):
    number = taken_in(spa)
    page = price_file_page(spa, number)
    assert number == "PF-2026-0001"
    assert [(line.product, line.kind.value) for line in page.lines] == [
        ("ALM-500", "changed"),
        ("JOJ-500", "new"),
        ("COV-020", "missing"),
    ]
    assert prices(spa) == [(1, "84.00"), (10, "79.50")]
    applied(spa, number, lines=[1, 2])
    assert prices(spa) == [(1, "90.00"), (10, "85.00")]
    assert prices(spa, "JOJ-500") == [(1, "7.50")]
    latest, first = price_history(spa, "CORRIB", "ALM-500", "case")
    assert [step.price.amount for step in latest.before] == ["84.00", "79.50"]
    assert (latest.price_file, latest.on, first.price_file) == (number, NOON.date(), None)
    undo_prices(spa, number, actor=ANA, at=NOON)
    assert prices(spa) == [(1, "84.00"), (10, "79.50")]
    assert prices(spa, "JOJ-500") == []
    page = price_file_page(spa, number)
    assert (page.status, page.undone_by) == (PriceFileStatus.UNDONE, "Ana")
    assert len(price_history(spa, "CORRIB", "ALM-500", "case")) == 3


def test_what_is_not_chosen_stays(spa):
    number = taken_in(spa)
    applied(spa, number)  # all that changed; what is new is taken only when named
    assert prices(spa, "JOJ-500") == []
    (row,) = price_files(spa, PageRequest(5), supplier="CORRIB").items
    assert (row.number, row.status, row.changed) == (number, PriceFileStatus.APPLIED, 1)
    assert price_files(spa, PageRequest(5), status=PriceFileStatus.READ).items == ()


def test_a_day_is_waited_for(spa):
    number = taken_in(spa)
    day = NOON.date() + timedelta(days=3)
    applied(spa, number, on=day)
    # One minute before midnight in Dublin, which is as far as UTC in winter.
    eve = datetime(2026, 11, 25, 23, 59, tzinfo=UTC)
    assert not is_any_price_due(spa, eve)
    assert apply_due_prices(spa, actor=ANA, at=eve) == 0
    assert prices(spa) == [(1, "84.00"), (10, "79.50")]
    midnight = eve + timedelta(minutes=1)
    assert is_any_price_due(spa, midnight)
    assert apply_due_prices(spa, actor=ANA, at=midnight) == 1
    assert prices(spa) == [(1, "90.00"), (10, "85.00")]
    assert price_history(spa, "CORRIB", "ALM-500", "case")[0].on == day


def test_stale_prices_are_refused_and_on_the_day_said_to_a_person(spa):
    now, later = taken_in(spa), taken_in(spa)
    applied(spa, later, on=date(2026, 12, 1))
    a_supplier_item(spa, pack="case", prices={1: "83.00"})
    with pytest.raises(StalePrices, match="CORRIB-ALM-500"):
        applied(spa, now)
    assert apply_due_prices(spa, actor=ANA, at=NOON + timedelta(days=9)) == 0
    page = price_file_page(spa, later)
    assert page.status is PriceFileStatus.READ
    assert "CORRIB-ALM-500" in page.trouble
    assert prices(spa) == [(1, "83.00")]


def test_undoing_keeps_what_changed_since(spa):
    number = taken_in(spa, case(900_000), PriceRow(3, 410_000, code="CORRIB-COV-020"))
    applied(spa, number)
    a_supplier_item(spa, pack="case", prices={1: "91.00"})
    undo_prices(spa, number, actor=ANA, at=NOON)
    assert prices(spa) == [(1, "91.00")]
    assert prices(spa, "COV-020") == [(1, "39.60")]
    kept = price_file_page(spa, number).lines[0]
    assert kept.is_applied
    assert kept.outcome == "Not undone: Ana changed it on 2026-11-23."
    again = taken_in(spa, case(950_000))
    applied(spa, again)
    a_supplier_item(spa, pack="case", prices={1: "91.00"})
    with pytest.raises(Conflict, match="nothing to undo"):
        undo_prices(spa, again, actor=ANA, at=NOON)


@pytest.mark.parametrize(
    ("on", "lines", "field"),
    [
        (date(2026, 11, 22), None, "on"),
        (date(2036, 11, 22), None, "on"),
        (None, [], "lines"),
        (None, [1, 3], "lines.1"),  # what the file does not name has no price
        (None, [99], "lines.0"),
    ],
)
def test_what_cannot_be_applied_is_said_at_its_field(spa, on, lines, field):
    number = taken_in(spa)
    with pytest.raises(Invalid) as refusal:
        applied(spa, number, on, lines)
    assert [error.field for error in refusal.value.errors] == [field]


def test_each_step_is_refused_where_it_does_not_fit(spa):
    number = taken_in(spa)
    with pytest.raises(Conflict):
        undo_prices(spa, number, actor=ANA, at=NOON)
    discard_prices(spa, number, actor=ANA, at=NOON)
    for step in (discard_prices, undo_prices):
        with pytest.raises(Conflict):
            step(spa, number, actor=ANA, at=NOON)
    with pytest.raises(NotFound):
        applied(spa, "PF-2026-0099")
    with pytest.raises(Invalid) as refusal:
        take_in_prices(spa, NewPriceFile("NOBODY", "x", NEW_PRICES), actor=ANA, at=NOON)
    assert refusal.value.field == "supplier"
    with pytest.raises(Forbidden):
        taken_in(spa, actor=an_actor(Role.STOCK_KEEPER))


def test_two_who_apply_at_once_change_the_prices_once(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_spa_that_orders(session)
        numbers = [taken_in(session, case(900_000)), taken_in(session, case(910_000))]
    answers = at_once(4, lambda clerk: _attempt(work, numbers[clerk % 2]))
    assert sorted(answers) == [False, False, False, True]
    with work.read() as session:
        assert len(price_history(session, "CORRIB", "ALM-500", "case")) == 2
    engine.dispose()


def _attempt(work, number):
    try:
        with work.write() as session:
            applied(session, number)
    except Conflict:
        return False
    return True

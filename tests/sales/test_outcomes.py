"""Win and loss: what counts as what, in which figures, in how many statements."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from procurement.kernel.actor import PUBLIC
from procurement.kernel.errors import Forbidden, Invalid
from procurement.sales.models import Quote
from procurement.sales.operations.answering import (
    Answer,
    accept_quote,
    cancel_quote,
    decline_quote,
)
from procurement.sales.operations.issuing import revise_quote
from procurement.sales.queries.outcomes import OutcomeFilter, win_and_loss
from procurement.sales.rules.outcomes import band_of
from procurement.sales.rules.totals import Choice
from procurement.sales.terms import LineChoice, LossReason
from tests.builders import NOON
from tests.queries import assert_queries
from tests.sales.stories import SELLER, a_draft, a_line, a_ready_shop, issue

LATER = NOON + timedelta(days=2)


def a_quote(session, *lines, at=NOON):
    return issue(session, a_draft(session, *(lines or (a_line(price="10"),))).number, at=at).number


def told(session, at=LATER, **wanted):
    session.flush()
    return win_and_loss(session, OutcomeFilter(**wanted), actor=SELLER, at=at)


@pytest.fixture
def stories(session):
    """One won with an option, one declined for its price, one run out, one open, one withdrawn, one replaced."""
    a_ready_shop(session)
    option = a_line("CRR-01", 1, price="5", choice=LineChoice.OPTIONAL)
    won = a_quote(session, a_line(packs=2, price="10"), option)
    lost = a_quote(session, a_line(packs=3, price="10", off="12"))
    ran_out, _, withdrawn, replaced = (a_quote(session) for _ in range(4))
    wanted = Answer(name="A", choices=(Choice(2),))
    accept_quote(session, won, wanted, actor=SELLER, at=NOON + timedelta(days=1))
    refusal = Answer(name="A", why=LossReason.PRICE)
    decline_quote(session, lost, refusal, actor=SELLER, at=LATER)
    session.flush()
    yesterday = date(2026, 11, 24)
    session.execute(update(Quote).where(Quote.number == ran_out).values(valid_until=yesterday))
    session.expire_all()
    cancel_quote(session, withdrawn, actor=SELLER, at=NOON)
    revise_quote(session, replaced, actor=SELLER, at=NOON)
    issue(session, replaced, at=LATER)
    session.flush()


def test_each_quote_counts_once_as_what_became_of_it(session, stories):
    found = told(session)
    total = found.total
    assert (total.won, total.lost, total.open) == (1, 2, 2)
    assert (total.won_value.amount, total.lost_value.amount) == ("25.00", "46.40")
    assert (total.rate.percent, total.median) == ("33.33", timedelta(days=1))
    assert [(row.label, row.lost) for row in found.reasons] == [
        ("Too expensive", 1),
        ("Ran out without an answer", 1),
    ]
    assert [(row.label, row.won, row.lost) for row in found.bands] == [
        ("No discount", 1, 1),
        ("Over 10 to 20 %", 0, 1),
    ]
    assert [(row.label, row.decided) for row in found.months] == [("2026-11", 3)]
    assert [row.label for row in found.people] == ["Tomás Reilly"]
    assert [(row.label, row.won, row.lost, row.open) for row in found.families] == [
        ("Other products", 1, 2, 2)
    ]


def test_the_figures_take_as_many_statements_for_any_number_of_quotes(session, stories):
    session.flush()
    with assert_queries(session.connection(), 9) as sent:
        told(session)
    for _ in range(5):
        a_quote(session)
    session.flush()
    with assert_queries(session.connection(), len(sent)):
        told(session)


def test_what_is_asked_narrows_the_figures(session, stories):
    assert told(session, currency="USD").total.decided == 0
    assert told(session, person="Nobody").total.decided == 0
    assert told(session, since=date(2026, 11, 24)).total.decided == 0
    assert told(session, until=date(2026, 11, 23)).total.decided == 3
    for since, until in ((date(2026, 2, 1), date(2026, 1, 1)), (date(2000, 1, 1), None)):
        with pytest.raises(Invalid):
            told(session, since=since, until=until)
    with pytest.raises(Forbidden):
        win_and_loss(session, OutcomeFilter(), actor=PUBLIC, at=LATER)


@pytest.mark.parametrize(
    ("asked", "net", "band"),
    [
        (0, 0, "No discount"),
        (10_000, 10_000, "No discount"),
        (10_000, 10_001, "No discount"),
        (10_000, 9_999, "Up to 5 %"),
        (10_000, 9_500, "Up to 5 %"),
        (10_000, 9_499, "Over 5 to 10 %"),
        (10_000, 9_000, "Over 5 to 10 %"),
        (10_000, 8_000, "Over 10 to 20 %"),
        (10_000, 7_999, "Over 20 %"),
    ],
)
def test_a_discount_falls_into_one_band(asked, net, band):
    assert band_of(asked, net) == band

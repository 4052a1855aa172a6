"""Shelf life and FEFO, without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.stock.rules.fefo import Candidate, pick
from procurement.stock.rules.shelf_life import is_usable, use_by
from procurement.stock.terms import LotStatus


@pytest.mark.parametrize(
    ("expires_on", "opened_on", "months", "expected"),
    [
        (None, None, 6, None),
        (date(2027, 3, 1), None, 6, date(2027, 3, 1)),
        (date(2027, 3, 1), date(2026, 6, 15), 6, date(2026, 12, 15)),
        (date(2026, 7, 1), date(2026, 6, 15), 6, date(2026, 7, 1)),
        (None, date(2026, 8, 31), 6, date(2027, 2, 28)),
        (None, date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2027, 3, 1), date(2026, 6, 15), None, date(2027, 3, 1)),
    ],
)
def test_opening_starts_the_clock_and_never_extends_a_date(expires_on, opened_on, months, expected):
    assert use_by(expires_on, opened_on, months) == expected


@pytest.mark.parametrize(
    ("status", "until", "usable"),
    [
        (LotStatus.AVAILABLE, None, True),
        (LotStatus.AVAILABLE, date(2026, 11, 23), True),
        (LotStatus.AVAILABLE, date(2026, 11, 22), False),
        (LotStatus.QUARANTINE, None, False),
        (LotStatus.RECALLED, date(2030, 1, 1), False),
    ],
)
def test_only_an_available_lot_within_its_date_is_used(status, until, usable):
    assert is_usable(status, until, date(2026, 11, 23)) is usable


dates = st.none() | st.dates(date(2026, 1, 1), date(2030, 1, 1))
shelves = st.lists(st.tuples(dates, dates, st.integers(0, 50)), max_size=8).map(
    lambda rows: [Candidate(i, str(i), *row) for i, row in enumerate(rows)]
)


@given(shelves, st.integers(1, 300))
def test_a_pick_takes_exactly_what_is_wanted_from_the_earliest_dates(candidates, wanted):
    picks = pick(candidates, wanted)
    there = sum(candidate.free for candidate in candidates)
    if picks is None:
        assert there < wanted
        return
    assert sum(taken.quantity for taken in picks) == wanted
    assert all(0 < taken.quantity <= taken.candidate.free for taken in picks)
    latest = max(taken.candidate.use_by or date.max for taken in picks)
    taken_of = {taken.candidate.lot_id: taken.quantity for taken in picks}
    for candidate in candidates:
        if (candidate.use_by or date.max) < latest:
            assert taken_of.get(candidate.lot_id, 0) == candidate.free

"""What the figures of a count mean, without a database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.stock.rules.counting import (
    AbcClass,
    Cost,
    Figure,
    Shelf,
    Tolerance,
    classes,
    conflict_of,
    counted_moment,
    difference_of,
    due_on,
    is_above,
    needs_approval,
    value_of,
)
from procurement.stock.terms import CountConflict, How

FIVE_PERCENT_AND_TEN_EURO = Tolerance(500, 1_000)
NOBODY_LOOKS = Tolerance(10_000, 10**9)
DISAGREE, RECOUNT, GONE, ELSEWHERE = CountConflict


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([], None),
        ([(5, 5)], 0),
        ([(3, 5)], -2),
        ([(5, 5), (4, 4)], 0),  # one was used in between: they agree
        ([(5, 5), (5, 4)], None),  # the same figure, and yet one of them is wrong
    ],
)
def test_figures_are_compared_by_their_difference(figures, expected):
    assert difference_of([Figure(*figure) for figure in figures]) == expected


@pytest.mark.parametrize(
    ("figures", "shelf", "value", "expected"),
    [
        ([Figure(5, 5)], Shelf(5), 0, None),
        (
            [Figure(96, 100)],
            Shelf(100),
            -9_999,
            None,
        ),  # within the percentage, whatever it is worth
        ([Figure(50, 100)], Shelf(100), -1_000, None),  # worth no second look
        ([Figure(50, 100)], Shelf(100), -1_001, RECOUNT),
        ([Figure(50, 100)], Shelf(100), None, RECOUNT),  # nobody knows what it is worth
        ([Figure(1, 0)], Shelf(0), 5_000, RECOUNT),
        ([Figure(50, 100, again=True)], Shelf(100), -5_000, None),
        ([Figure(50, 100), Figure(50, 100)], Shelf(100), -5_000, None),  # two who agree
        ([Figure(50, 100, How.DECIDED)], Shelf(100), -5_000, None),
        ([Figure(0, 100, How.REST_IS_ZERO)], Shelf(100), -5_000, None),
        ([Figure(50, 100), Figure(40, 100)], Shelf(100), None, DISAGREE),
        ([Figure(98, 100)], Shelf(1), -10, GONE),  # two are missing, and one is left to take
        ([Figure(98, 100)], Shelf(2), -10, None),
        ([Figure(102, 100)], Shelf(0, is_elsewhere=True), 10, ELSEWHERE),
        ([], Shelf(), None, None),
    ],
)
def test_what_keeps_a_line_from_being_posted(figures, shelf, value, expected):
    assert conflict_of(figures, shelf, value, FIVE_PERCENT_AND_TEN_EURO) is expected


@given(
    st.integers(0, 10**12), st.integers(-(10**12), 10**12), st.none() | st.integers(-(10**9), 10**9)
)
def test_nothing_is_above_a_tolerance_of_everything_unless_more_than_all_is_off(
    expected, difference, value
):
    if abs(difference) <= expected:
        assert not is_above(expected, difference, value, NOBODY_LOOKS)


@pytest.mark.parametrize(
    ("steps", "cost", "expected"),
    [
        (-250, Cost(1_000, 500), -500),
        (1, Cost(1, 3), 0),
        (3, Cost(1, 2), 2),  # halves away from zero
        (100, Cost(1_000, 500, Decimal("0.9")), 180),
        (100, None, None),
        (0, None, 0),
    ],
)
def test_a_difference_is_worth_what_the_lot_cost(steps, cost, expected):
    assert value_of(steps, cost) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [([], False), ([600, -400], False), ([600, -401], True), ([None], True)],
)
def test_missing_and_surplus_goods_do_not_cancel_out_for_approval(values, expected):
    assert needs_approval(values, 1_000) is expected


NINE = datetime(2026, 11, 28, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("said", "device_now", "expected"),
    [
        (NINE + HOUR, NINE + 2 * HOUR, NINE + HOUR),  # a right clock
        (NINE - 3 * HOUR, NINE - 2 * HOUR, NINE + HOUR),  # four hours slow
        (NINE + 6 * HOUR, NINE + 7 * HOUR, NINE + HOUR),  # five hours fast
        (NINE + 9 * HOUR, NINE + 2 * HOUR, NINE + 2 * HOUR),  # set back since: not in the future
        (NINE - 9 * HOUR, NINE + 2 * HOUR, NINE),  # not before the count began
    ],
)
def test_a_clock_that_is_wrong_is_put_right(said, device_now, expected):
    assert counted_moment(said, device_now, NINE + 2 * HOUR, NINE) == expected


def test_what_is_used_most_is_counted_most():
    assert classes({1: 500, 2: 290, 3: 100, 4: 70, 5: 40, 6: 0}) == {
        1: AbcClass.A,
        2: AbcClass.A,
        3: AbcClass.A,  # 79 % stand before it
        4: AbcClass.B,
        5: AbcClass.C,
        6: AbcClass.C,
    }
    assert classes({7: 1}) == {7: AbcClass.A}
    assert classes({}) == {}


def test_a_class_says_when_it_is_due():
    last = date(2026, 11, 1)
    assert [due_on(last, abc) for abc in AbcClass] == [
        date(2026, 12, 1),
        date(2027, 1, 31),
        date(2027, 5, 2),
    ]
    assert due_on(None, AbcClass.A) is None

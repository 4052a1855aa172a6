"""Use, factors and safety stock against examples worked by hand."""

from datetime import date
from decimal import Decimal
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.kernel.validity import Validity
from procurement.planning.rules.demand import estimate, sba, tsb
from procurement.planning.rules.factors import PLAIN, Course, Factor, course_of, mean_season
from procurement.planning.rules.lasting import lost
from procurement.planning.rules.measuring import (
    Following,
    coming,
    levels_of,
    measure,
    measured_lead_time,
)
from procurement.planning.rules.safety import LeadTime, Z, levels, safety_stock
from procurement.planning.terms import SERVICE_LEVELS, FactorKind, Method

TODAY = date(2026, 11, 23)


def weeks(*amounts: int) -> list[Decimal]:
    return [Decimal(amount) for amount in amounts]


def test_sba_as_worked_by_hand():
    # Size 6, 5.8, 5.72; interval 3, 3.1, 2.99; 0.95 * 5.72 / 2.99.
    assert round(sba(weeks(0, 0, 6, 0, 0, 0, 4, 0, 5)), 6) == Decimal("1.817391")
    assert sba(weeks(0, 0)) == 0


def test_tsb_as_worked_by_hand():
    # The chance begins at 1/3 and becomes 0.4, 0.36, 0.324; the size stays 2.
    assert round(tsb(weeks(2, 0, 0)), 6) == Decimal("0.648000")
    assert tsb(weeks(0, 0)) == 0


@pytest.mark.parametrize(
    ("used", "method", "per_week"),
    [
        pytest.param(weeks(0, 0, 0), Method.NONE, "0", id="not used"),
        pytest.param(weeks(4, 6, 5, 0, 5), Method.MEAN, "4", id="in most weeks"),
        pytest.param(weeks(0, 6, 0, 0, 4, 0), Method.SBA, "2.6238", id="now and then"),
        pytest.param(
            weeks(*[4, 0] * 5, 4, *[0] * 12),
            Method.TSB,
            "0.5191",
            id="not for more than three usual intervals",
        ),
    ],
)
def test_the_choice_of_the_estimate(used, method, per_week):
    found = estimate(used)
    assert (found.method, round(found.per_week, 4)) == (method, round(Decimal(per_week), 4))


def test_few_weeks_deviate_by_no_less_than_their_mean():
    assert estimate(weeks(5, 5, 5)).deviation == 5
    assert estimate(weeks(5, 5, 5, 5)).deviation == 0
    assert round(estimate(weeks(2, 4, 4, 4, 5, 5, 7, 9)).deviation, 4) == Decimal("2.1381")


def test_z_is_the_quantile_of_the_normal_distribution():
    assert set(Z) == set(SERVICE_LEVELS)
    for permille, z in Z.items():
        assert round(Decimal(NormalDist().inv_cdf(permille / 1000)), 4) == z


@pytest.mark.parametrize(
    ("service", "lead", "review", "expected"),
    [
        # 10 a day with a variance of 100: sqrt(10 * 100) = 31.623, times 1.6449.
        pytest.param(950, LeadTime(Decimal(10)), 0, "52.016", id="a sure lead time"),
        # sqrt(10 * 100 + 100 * 4) = 37.417.
        pytest.param(950, LeadTime(Decimal(10), Decimal(4)), 0, "61.547", id="one that varies"),
        # sqrt(17 * 100 + 100 * 4) = 45.826.
        pytest.param(950, LeadTime(Decimal(10), Decimal(4)), 7, "75.379", id="looked at weekly"),
        pytest.param(995, LeadTime(Decimal(10)), 0, "81.454", id="99.5 %"),
    ],
)
def test_safety_stock_as_worked_by_hand(service, lead, review, expected):
    deviation = Decimal(700).sqrt()  # of a week
    found = safety_stock(service, Decimal(70), deviation, lead, review)
    assert round(found, 3) == Decimal(expected)


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        pytest.param(None, (101, 62, 163, 400), id="up to whole containers"),
        pytest.param(320, (101, 62, 163, 300), id="what can be used before it expires"),
        pytest.param(30, (101, 62, 100, 100), id="one container at least"),
    ],
)
def test_levels_are_whole_and_rounded_up(most, expected):
    found = levels(
        ahead=Decimal("100.1"),
        ahead_to_cover=Decimal(200),
        safety=Decimal("61.5"),
        container=100,
        most=most,
    )
    assert (found.demand, found.safety, found.reorder_point, found.par_level) == expected


def season(month: int, permille: int, **more) -> Factor:
    return Factor(FactorKind.SEASON, permille, month, **more)


def growth(permille: int, **more) -> Factor:
    return Factor(FactorKind.GROWTH, permille, **more)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        pytest.param([], PLAIN, id="nobody knows anything"),
        pytest.param([season(12, 1400)], Course(((12, 1400),)), id="of everything"),
        pytest.param(
            [season(12, 900, product_id=1), season(12, 1400, family_id=2), season(12, 1100)],
            Course(((12, 900),)),
            id="the product before its family before all",
        ),
        pytest.param(
            [growth(50), growth(80, site_id=3), growth(20, site_id=4)],
            Course((), 80),
            id="the site before all, and no other site",
        ),
        pytest.param(
            [
                growth(50, validity=Validity(date(2025, 1, 1))),
                growth(70, validity=Validity(date(2026, 1, 1))),
                growth(90, validity=Validity(date(2027, 1, 1))),
            ],
            Course((), 70),
            id="the latest that holds",
        ),
    ],
)
def test_the_closest_factor_counts(known, expected):
    assert course_of(known, 1, 2, 3, TODAY) == expected


def test_season_and_growth_change_the_use_to_come():
    december = Course(((12, 1400),))
    # 8 days of November and 6 of December: (8 + 6 * 1.4) / 14.
    assert round(mean_season(december, TODAY, 14), 6) == Decimal("1.171429")
    assert round(coming(Decimal(70), december, TODAY, 14), 3) == Decimal("164.000")
    assert coming(Decimal(70), PLAIN, TODAY, 14) == 140
    # A year's growth of 10 %, half of 146 days on: 1 + 0.1 * 73 / 365.
    assert coming(Decimal(70), Course((), 100), TODAY, 146) == Decimal(1460) * Decimal("1.02")


def test_the_season_is_taken_out_of_what_was_measured():
    november = Course(((11, 2000), (10, 1000), (12, 1000)))
    usual, found = measure([100, 100, 100, 200, 200, 200], [0] * 6, november, TODAY)
    # The three weeks in November count half; that from 26 October on has one day of November in seven.
    assert usual.method is Method.MEAN
    assert Decimal(97) < usual.per_week < Decimal(100)
    assert found.used_per_week == 0


def test_a_site_uses_what_is_not_passed_on():
    _, found = measure([100, 100, 100, 100], [25, 25, 25, 25], PLAIN, TODAY)
    assert (found.per_week, found.used_per_week, found.deviation) == (100, 25, 0)


def test_levels_of_a_steady_use():
    following = Following(950, 14, 7, LeadTime(Decimal(7)), 50, shelf_life_days=365)
    usual, _ = measure([70] * 8, [70] * 8, PLAIN, TODAY)
    found = levels_of(usual, following, PLAIN, TODAY)
    # Two weeks until the next delivery, no deviation, and two weeks to cover: 280, in containers of 50.
    assert (found.demand, found.safety, found.reorder_point, found.par_level) == (140, 0, 140, 300)


lots = st.lists(
    st.tuples(st.none() | st.dates(TODAY, date(2027, 6, 1)), st.integers(0, 500)), max_size=6
)


@given(lots, st.integers(0, 200))
def test_what_is_lost_lot_by_lot_is_what_the_worst_date_says(held, per_week):
    """The page shows it by lot, the needs compute it in one sum; both must be the same."""
    by_lot = lost(held, per_week, TODAY)
    assert all(0 <= gone <= steps for gone, (_, steps) in zip(by_lot, held, strict=True))
    worst = 0
    for use_by, _ in held if per_week else ():
        if use_by is not None:
            there = sum(steps for other, steps in held if other and other <= use_by)
            worst = max(worst, there - per_week * ((use_by - TODAY).days + 1) // 7)
    assert sum(by_lot) == worst


def test_lead_times_are_measured_of_three_deliveries():
    assert measured_lead_time([4, 6]) is None
    assert measured_lead_time([4, 6, 8]) == LeadTime(Decimal(6), Decimal(4), 3)

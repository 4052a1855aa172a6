"""How much is left, as people tell it."""

import pytest

from procurement.kernel.errors import Invalid
from procurement.kernel.quantity import Unit
from procurement.stock.rules.amounts import Reading, Vessel, left_after
from procurement.stock.terms import Told

BOTTLE = Vessel(Unit.ML, 500_000, 320_000, dose=30_000, pump_stroke=2_000, density=920, tare=45_000)


@pytest.mark.parametrize(
    ("told", "figure", "left"),
    [
        (Told.DOSES, 2, 260_000),
        (Told.STROKES, 15, 290_000),
        (Told.USED, 20_000, 300_000),
        (Told.LEFT, 111_000, 111_000),
        (Told.EYE, 4, 500_000),
        (Told.EYE, 3, 375_000),
        (Told.EYE, 2, 250_000),
        (Told.EYE, 1, 125_000),
        (Told.EYE, 0, 0),
        (Told.SCALE, 45_000, 0),
        (Told.SCALE, 321_000, 300_000),  # 276 g of oil of 0.92 g per ml
        (Told.SCALE, 321_001, 300_001),  # half a microlitre rounds up
    ],
)
def test_a_reading_says_what_is_left(told, figure, left):
    assert left_after(BOTTLE, Reading(told, figure)) == left


def test_a_jar_in_grams_needs_no_density():
    jar = Vessel(Unit.G, 200_000, 200_000, tare=80_000)
    assert left_after(jar, Reading(Told.SCALE, 230_000)) == 150_000


def test_a_bottle_may_hold_a_little_more_than_its_label_says():
    assert left_after(BOTTLE, Reading(Told.LEFT, 525_000)) == 525_000


@pytest.mark.parametrize(
    ("vessel", "told", "figure", "words"),
    [
        (BOTTLE, Told.DOSES, 11, "more than was left"),
        (BOTTLE, Told.USED, 320_001, "more than was left"),
        (BOTTLE, Told.LEFT, 525_001, "more than it held"),
        (BOTTLE, Told.EYE, 5, "four quarters"),
        (BOTTLE, Told.EYE, -1, "not negative"),
        (BOTTLE, Told.SCALE, 44_999, "lighter than the empty"),
        (Vessel(Unit.ML, 10, 10), Told.DOSES, 1, "what one dose is"),
        (Vessel(Unit.ML, 10, 10), Told.STROKES, 1, "one pump stroke"),
        (Vessel(Unit.ML, 10, 10), Told.SCALE, 1, "empty container weighs"),
        (Vessel(Unit.ML, 10, 10, tare=1), Told.SCALE, 1, "density"),
        (Vessel(Unit.PIECE, 10, 10, tare=1), Told.SCALE, 1, "counted"),
    ],
)
def test_what_cannot_be_is_refused_in_words(vessel, told, figure, words):
    with pytest.raises(Invalid, match=words):
        left_after(vessel, Reading(told, figure))

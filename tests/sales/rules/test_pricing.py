"""Which list decides, which step, and in which words."""

from datetime import date

import pytest

from procurement.kernel.money import UnitPrice
from procurement.kernel.validity import Validity
from procurement.sales.rules.pricing import ListedPrices, Step, find_price

TODAY = date(2026, 11, 23)
ALWAYS = Validity()


def steps(*pairs: tuple[int, str]) -> tuple[Step, ...]:
    return tuple(Step(packs, UnitPrice.parse(price, "EUR")) for packs, price in pairs)


LADDER = steps((1, "142.80"), (6, "135.60"), (12, "128.40"))
OWN = ListedPrices("Clinics B", ALWAYS, LADDER)
DEFAULT = ListedPrices("Standard", ALWAYS, steps((1, "150")), is_default=True)


@pytest.mark.parametrize(
    ("packs", "price", "more"),
    [(1, "142.80", 5), (5, "142.80", 1), (6, "135.60", 6), (11, "135.60", 1)],
)
def test_the_step_reached_decides_and_the_next_one_is_told(packs, price, more):
    found = find_price([OWN, DEFAULT], packs, TODAY)
    assert found.price.amount == price
    assert found.next_break.more == more


def test_the_last_step_has_no_next_one():
    found = find_price([OWN], 400, TODAY)
    assert (found.price.amount, found.next_break) == ("128.40", None)
    assert found.reason == "Clinics B, from 12 packs"


def test_a_dearer_later_step_is_no_saving():
    found = find_price([ListedPrices("Odd", ALWAYS, steps((1, "2"), (5, "3"), (9, "1")))], 1, TODAY)
    assert (found.next_break.from_packs, found.next_break.more) == (9, 8)


def test_a_list_that_has_ended_falls_back_and_says_so():
    ended = ListedPrices("Autumn", Validity(until=date(2026, 11, 22)), LADDER)
    found = find_price([ended, DEFAULT], 1, TODAY)
    assert found.price.amount == "150.00"
    assert found.reason == "Standard (Autumn ended on 22 Nov 2026)"


def test_a_list_holds_on_its_last_day_and_not_before_its_first():
    last = ListedPrices("Last", Validity(until=TODAY), LADDER)
    later = ListedPrices("Winter", Validity(from_=date(2026, 12, 1)), LADDER)
    assert find_price([last], 1, TODAY).reason == "Last, until 23 Nov 2026"
    assert find_price([later, DEFAULT], 1, TODAY).reason == "Standard (Winter starts on 1 Dec 2026)"


def test_what_a_list_does_not_have_or_not_in_so_few_comes_from_the_next():
    absent = ListedPrices("Clinics B", ALWAYS, ())
    large = ListedPrices("Large", ALWAYS, steps((24, "100")))
    assert find_price([absent, DEFAULT], 1, TODAY).reason == "Standard (not on Clinics B)"
    assert "Large prices it from 24 packs" in find_price([large, DEFAULT], 2, TODAY).reason


def test_no_list_knows_it():
    assert find_price([ListedPrices("Clinics B", ALWAYS, ())], 1, TODAY) is None
    assert find_price([], 1, TODAY) is None

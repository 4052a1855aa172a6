"""The cheapest order a supplier accepts, and the reason in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.kernel.money import UnitPrice
from procurement.kernel.quantity import Pack, Quantity, Unit
from procurement.sourcing.rules.offers import (
    Offer,
    accepted_from,
    objections,
    parts_at,
    price_at,
    right_order,
    total_at,
)
from procurement.sourcing.terms import BreakScheme, PriceBreak

BOTTLE = Pack("bottle 500 ml", Quantity(500_000, Unit.ML))


def steps(*pairs: tuple[int, str]) -> tuple[PriceBreak, ...]:
    return tuple(PriceBreak(packs, UnitPrice.parse(price, "EUR")) for packs, price in pairs)


def an_offer(*pairs: tuple[int, str], moq: int = 1, multiple: int = 1) -> Offer:
    return Offer(BOTTLE, "EUR", moq, multiple, steps(*pairs))


def ml(amount: str) -> Quantity:
    return Quantity.parse(amount, "ml")


@pytest.mark.parametrize(
    ("offer", "needed", "packs", "total"),
    [
        pytest.param(an_offer((1, "8.60")), "7740", 16, "137.60", id="rounds up to whole packs"),
        pytest.param(an_offer((1, "8.60")), "500", 1, "8.60", id="an exact pack is one pack"),
        pytest.param(an_offer((1, "8.60")), "0.001", 1, "8.60", id="a drop is a pack"),
        pytest.param(an_offer((1, "8.60"), moq=6), "500", 6, "51.60", id="keeps the MOQ"),
        pytest.param(
            an_offer((1, "8.60"), multiple=6), "3500", 12, "103.20", id="keeps the multiple"
        ),
        pytest.param(
            an_offer((1, "1"), moq=10, multiple=4),
            "500",
            12,
            "12.00",
            id="MOQ rounded to the multiple",
        ),
        pytest.param(
            an_offer((1, "10"), (12, "9")), "5500", 12, "108.00", id="twelve cost less than eleven"
        ),
        pytest.param(
            an_offer((1, "10"), (12, "9")),
            "5000",
            10,
            "100.00",
            id="ten stay ten: twelve cost more",
        ),
        pytest.param(
            an_offer((1, "10"), (10, "9")), "4500", 9, "90.00", id="of equal cost the smaller order"
        ),
        pytest.param(an_offer((5, "2")), "500", 5, "10.00", id="starts where a price is known"),
        pytest.param(
            an_offer((1, "10"), (10, "5"), (100, "0.10")),
            "4500",
            100,
            "10.00",
            id="the furthest break",
        ),
        pytest.param(
            an_offer((1, "10"), (11, "9"), multiple=4),
            "4000",
            8,
            "80.00",
            id="break beyond the multiple",
        ),
    ],
)
def test_the_cheapest_accepted_order(offer, needed, packs, total):
    order = right_order(offer, ml(needed))
    assert (order.packs, str(order.total)) == (packs, f"{total} EUR")


def test_the_reason_names_need_minimum_multiple_and_break():
    order = right_order(an_offer((1, "10"), (24, "4"), moq=8, multiple=6), ml("1700"))
    assert order.packs == 24
    assert order.why == (
        "1700 ml is 4 packs (bottle 500 ml), 300 ml over.",
        "The supplier sells at least 8.",
        "The supplier sells multiples of 6.",
        "24 rather than 12: from there a pack costs 4.00 instead of 10.00, "
        "so 24 cost 96.00 EUR and 12 would cost 120.00 EUR.",
    )


def test_an_unknown_price_is_said_and_not_guessed():
    order = right_order(an_offer(), ml("800"))
    assert (order.packs, order.price, order.total) == (2, None, None)
    assert order.why[-1] == "The supplier's price is not known; ask for it before placing."


@pytest.mark.parametrize(("packs", "price"), [(1, None), (5, "2.00"), (9, "2.00"), (10, "1.50")])
def test_the_price_is_that_of_the_highest_break_reached(packs, price):
    found = price_at(steps((10, "1.50"), (5, "2")), packs)
    assert (found.amount if found else None) == price


def test_an_order_that_does_not_fit_is_told_why():
    assert objections(an_offer((1, "1"), moq=10, multiple=4), 6) == (
        "The supplier sells at least 10.",
        "The supplier sells multiples of 4.",
    )
    assert objections(an_offer((1, "1"), moq=10, multiple=4), 12) == ()


@given(
    needed=st.integers(1, 10**9),
    moq=st.integers(1, 50),
    multiple=st.integers(1, 24),
    breaks=st.dictionaries(st.integers(1, 200), st.integers(0, 10**6), max_size=5),
)
def test_it_always_covers_the_need_and_is_accepted(needed, moq, multiple, breaks):
    offer = Offer(
        BOTTLE,
        "EUR",
        moq,
        multiple,
        tuple(PriceBreak(packs, UnitPrice(e4, "EUR")) for packs, e4 in breaks.items()),
    )
    order = right_order(offer, Quantity(needed, Unit.ML))
    assert order.packs * 500_000 >= needed
    assert objections(offer, order.packs) == ()
    least = accepted_from(offer, -(-needed // 500_000))
    floor = price_at(offer.price_breaks, least)
    if floor and order.price:
        assert order.price.e4 * order.packs <= floor.e4 * least


STEPS = ((1, "10.00"), (10, "9.00"), (24, "8.005"))


@pytest.mark.parametrize(
    ("scheme", "packs", "lines", "total"),
    [
        ("all_units", 9, [(9, "10.00")], "90.00"),
        ("all_units", 10, [(10, "9.00")], "90.00"),
        ("all_units", 23, [(23, "9.00")], "207.00"),
        ("all_units", 24, [(24, "8.005")], "192.12"),
        ("incremental", 9, [(9, "10.00")], "90.00"),
        ("incremental", 10, [(9, "10.00"), (1, "9.00")], "99.00"),
        ("incremental", 23, [(9, "10.00"), (14, "9.00")], "216.00"),
        # The step of the 24th pack costs 8.005, rounded once at its line.
        ("incremental", 24, [(9, "10.00"), (14, "9.00"), (1, "8.005")], "224.01"),
    ],
)
def test_a_change_of_quantity_takes_the_break_of_the_new_one(scheme, packs, lines, total):
    scheme = BreakScheme(scheme)
    found = parts_at(scheme, steps(*STEPS), packs)
    assert [(part.packs, part.price.amount) for part in found] == lines
    assert str(total_at(scheme, steps(*STEPS), packs)) == f"{total} EUR"


@pytest.mark.parametrize(
    ("moq", "multiple", "needed", "all_units", "incremental"),
    [
        # (packs, total) of the cheapest order; 9 packs are needed for 4500 ml.
        (1, 1, "4500", (9, "90.00"), (9, "90.00")),  # 10 cost 90.00 as well: the smaller order
        (1, 4, "4500", (12, "108.00"), (12, "117.00")),  # the multiple passes the break
        (1, 7, "4500", (14, "126.00"), (14, "135.00")),
        (6, 6, "2600", (6, "60.00"), (6, "60.00")),
        (1, 6, "9600", (24, "192.12"), (24, "224.01")),  # 20 needed: 24 by the multiple
        (
            1,
            1,
            "11000",
            (24, "192.12"),
            (22, "207.00"),
        ),  # 22 cost 198.00; the next break is cheaper
        (1, 1, "10500", (21, "189.00"), (21, "198.00")),  # 24 would cost 192.12
        (30, 1, "4500", (30, "240.15"), (30, "272.04")),  # the MOQ alone reaches the last break
        (30, 25, "4500", (50, "400.25"), (50, "432.14")),
    ],
)
def test_breaks_packs_moq_and_multiple_together(moq, multiple, needed, all_units, incremental):
    for scheme, expected in (("all_units", all_units), ("incremental", incremental)):
        offer = Offer(BOTTLE, "EUR", moq, multiple, steps(*STEPS), BreakScheme(scheme))
        order = right_order(offer, ml(needed))
        assert (order.packs, order.total.amount) == expected, scheme


def test_incremental_breaks_are_said_step_by_step():
    order = right_order(
        Offer(BOTTLE, "EUR", 1, 1, steps(*STEPS), BreakScheme.INCREMENTAL), ml("5500")
    )
    assert order.price.amount == "9.8182"
    assert order.why[-1] == "Each break counts for the packs from there on: 9 at 10.00, 2 at 9.00."

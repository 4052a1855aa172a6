"""Packs in words: a pack beside what it holds."""

from decimal import Decimal

import pytest

from procurement.catalogue.rules.wording import (
    PackSize,
    base_of,
    base_quantity,
    counted,
    pack_word,
    price_per_unit,
)
from procurement.kernel.money import UnitPrice
from procurement.kernel.quantity import Unit

BOTTLE, CASE = PackSize("Bottle 500 ml", 500_000), PackSize("Case of 12", 6_000_000)
JUG = PackSize("US gallon jug", 3_785_412)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Case of 12", "2 cases"),
        ("Bottle 500 ml", "2 bottles"),
        ("US gallon jug", "2 US gallon jugs"),
        ("Box, large", "2 boxes"),
        ("Pouch", "2 pouches"),
        ("Tray", "2 trays"),
        ("Caddy 100 g", "2 caddies"),
        ("Glass", "2 glasses"),
        ("Each", "2 each"),
        ("瓶", "2 瓶"),
    ],
)
def test_two_of_a_pack_are_said_in_the_plural(name, said):
    assert counted(2, name) == said
    assert counted(1, name) == f"1 {pack_word(name)}"


def test_a_case_is_said_in_bottles():
    base = base_of(CASE, Unit.ML, [BOTTLE])
    assert base_quantity(base, 2) == (Decimal(24), "bottles")
    assert price_per_unit(UnitPrice.parse("142.80", "EUR"), base) == Decimal("11.90")


def test_nobody_counts_a_bottle_in_samples():
    sample = PackSize("sample bottle 10 ml", 10_000)
    assert base_of(BOTTLE, Unit.ML, [CASE, sample]) == base_of(BOTTLE, Unit.ML, [CASE])


def test_a_bottle_is_said_in_litres_and_a_little_of_it_in_millilitres():
    base = base_of(BOTTLE, Unit.ML, [CASE])
    assert base_quantity(base, 1) == (Decimal(500), "ml")
    assert base_quantity(base, 3) == (Decimal("1.5"), "l")
    assert price_per_unit(UnitPrice.parse("11.90", "EUR"), base) == Decimal("23.80")


def test_a_gallon_is_rounded_for_reading_only():
    base = base_of(JUG, Unit.ML, [BOTTLE])
    assert base_quantity(base, 1) == (Decimal("3.785"), "l")
    assert base.per_pack == Decimal("3.785412")


def test_pieces_are_counted_and_a_single_piece_says_nothing_twice():
    base = base_of(PackSize("Box of 10", 10), Unit.PIECE, [PackSize("Piece", 1)])
    assert base_quantity(base, 1) == (Decimal(10), "pieces")
    assert base_of(PackSize("Piece", 1), Unit.PIECE, []) is None

"""What a code names: packs, lots, containers, places; and where it could be two things, both are said."""

from datetime import date

import pytest

from procurement.stock.operations.containers.opening import OpenContainer, open_container
from procurement.stock.queries.scanning import Scanned, find_scanned
from tests.builders import a_product, an_actor
from tests.queries import counted
from tests.stock.builders import MORNING, a_spa, opened

TODAY = date(2026, 11, 28)
GTIN, CASE, OTHER_CASE = "09501101530003", "19501101530000", "29501101530007"
EXPIRY = date(2028, 3, 1)


@pytest.fixture
def spa(session):
    a_spa(session)
    product = a_product(session, name="Sweet Almond Oil", packs={"bottle": "500", "case": "6000"})
    product.packs[0].gtin, product.packs[1].gtin = GTIN, CASE
    a_product(session, "GEL-1", name="Cool Gel")
    opened(session, 3000, lot="ABC", expires_on=EXPIRY, into="ROOM-1")
    return session


def found(session, text, **options):
    return find_scanned(session, text, today=TODAY, **options)


@pytest.mark.parametrize(
    ("text", "pack", "lot", "packs", "quantity"),
    [
        ("9501101530003", "bottle", None, None, None),
        (f"01{GTIN}10NEW\x1d3012", "bottle", None, 12, "6000 ml"),
        (f"01{CASE}10NEW\x1d302", "case", None, 2, "12000 ml"),
        (f"02{GTIN}3712", "bottle", None, 12, "6000 ml"),
        (f"01{GTIN}3155000125\x1d3002", "bottle", None, 2, "2.5 ml"),
        (f"01{GTIN}10ABC\x1d", "bottle", "ABC", None, None),
    ],
)
def test_a_barcode_names_a_pack_and_what_stands_beside_it(spa, text, pack, lot, packs, quantity):
    one = found(spa, text, kept=True)
    assert (one.product, one.pack, one.lot, one.packs) == ("ALM-500", pack, lot, packs)
    assert (str(one.quantity) if one.quantity else None) == quantity
    assert one.what is (Scanned.LOT if lot else Scanned.PACK)


def test_a_case_nobody_entered_is_not_guessed(spa):
    one = found(spa, OTHER_CASE)
    assert one.what is Scanned.NOTHING
    assert "a case of Sweet Almond Oil" in one.message
    assert (one.product, one.pack, one.packs) == ("ALM-500", None, None)


@pytest.mark.parametrize(
    ("text", "lot"),
    [
        (f"01{GTIN}10ABC17280301", "ABC"),  # here, with that very expiry
        (f"01{GTIN}10ABC", "ABC"),
        (f"01{GTIN}10ABC17290301", None),  # here with another expiry
        (f"01{GTIN}1728030110ABC2107", None),  # ABC is here, but ABC2107 may be new
        (f"01{GTIN}10XYZ17280301", None),
    ],
)
def test_a_dropped_separator_is_understood_or_asked_about(spa, text, lot):
    one = found(spa, text)
    if lot:
        assert (one.what, one.lot, one.expires_on) == (Scanned.LOT, lot, EXPIRY)
    else:
        assert (one.what, one.lot, one.supplier_lot) == (Scanned.UNCLEAR, None, None)
        assert len(one.choices) > 1
        assert "left out a separator" in one.message
        assert one.product == "ALM-500"


def test_a_label_that_disagrees_with_the_lot_here_says_so(spa):
    one = found(spa, f"(01){GTIN}(17)290301(10)ABC")
    assert (one.what, one.disagrees) == (Scanned.LOT, True)
    assert "is known here with 2028-03-01" in one.message


def test_lots_bottles_rooms_and_products_by_their_own_names(spa):
    command = OpenContainer(location="ROOM-1", product="ALM-500")
    done = open_container(spa, command, actor=an_actor(), at=MORNING)
    (bottle,) = done.containers
    there = {
        bottle: (Scanned.CONTAINER, "ROOM-1"),
        bottle.lower(): (Scanned.CONTAINER, "ROOM-1"),
        f"http://x/b/{bottle}": (Scanned.CONTAINER, "ROOM-1"),
        "abc": (Scanned.LOT, None),
        "https://x/s?p=ALM-500&l=ABC": (Scanned.LOT, None),
        "https://x/s?p=GEL-1": (Scanned.PRODUCT, None),
        "gel-1": (Scanned.PRODUCT, None),
        "https://x/r/ROOM-1": (Scanned.LOCATION, "ROOM-1"),
        "store": (Scanned.LOCATION, "STORE"),
        "https://x/r/ROOM-99": (Scanned.NOTHING, None),
        "https://x/s?p=GEL-1&l=ABC": (Scanned.NOTHING, None),
        "CONSUMED": (Scanned.NOTHING, None),
        "nothing": (Scanned.NOTHING, None),
        "\x00": (Scanned.NOTHING, None),
    }
    assert {text: ((one := found(spa, text)).what, one.location) for text in there} == there


def test_one_name_for_two_things_asks_which(spa):
    a_product(spa, "ABC")
    one = found(spa, "ABC")
    assert one.what is Scanned.UNCLEAR
    assert {choice.what for choice in one.choices} == {Scanned.PRODUCT, Scanned.LOT}


@pytest.mark.parametrize("text", [f"01{GTIN}10ABC17280301", "ABC", OTHER_CASE])
def test_a_scan_costs_the_same_few_statements(spa, text):
    with counted(spa.connection()) as sent:
        found(spa, text)
    assert len(sent) <= 4

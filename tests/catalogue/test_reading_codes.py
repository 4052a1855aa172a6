"""From what a scanner sends to what it means: exactly, or not at all."""

import re
from datetime import date
from pathlib import Path

import pytest

from procurement.catalogue.rules.gs1 import base_gtin, day_of, read_elements
from procurement.catalogue.rules.scanning import OwnLabel, read_scan

TODAY = date(2026, 11, 28)
GTIN = "09501101530003"
DICTIONARY = Path(__file__).parents[1] / "data" / "gs1" / "gs1-syntax-dictionary.txt"


def read(text, **options):
    return read_scan(text, today=TODAY, **options)


def only(text, **options):
    (reading,) = read(text, **options).readings
    return reading


FULL = f"01{GTIN}1728120010AB-1\x1d3012"


@pytest.mark.parametrize(
    "text",
    [
        FULL,
        f"]d2{FULL}",
        f"]C1{FULL}",
        f"]Q3\x1d{FULL}",
        f"{FULL}\x1d\r\n",
        *(
            FULL.replace("\x1d", habit)
            for habit in ("{GS}", "^]", "~1", " ", "|", "<GS>", "\\x1D", "␝")
        ),
        f"(01){GTIN}(17)281200(10)AB-1(30)12",
        " (01) 0950 1101 53000 3 (17)281200 (10)AB-1 (30)12 ",
        f"https://id.gs1.org/01/{GTIN}/10/AB-1?17=281200&30=12",
        "https://shop.example/some/where/01/9501101530003/10/AB%2D1?17=281200&30=12&x=1",
    ],
)
def test_one_label_reads_the_same_however_it_is_sent(text):
    reading = only(text)
    assert (reading.gtin, reading.lot, reading.count) == (GTIN, "AB-1", 12)
    assert reading.expires_on == date(2028, 12, 31)  # day 00: the last of the month


@pytest.mark.parametrize(
    ("text", "lots"),
    [
        (f"01{GTIN}10ABC17280301", {("ABC17280301", None), ("ABC", date(2028, 3, 1))}),
        (f"]C101{GTIN}10ABC17280301", {("ABC17280301", None), ("ABC", date(2028, 3, 1))}),
        (f"01{GTIN}1728030110L2107", {("L2107", date(2028, 3, 1)), ("L", date(2028, 3, 1))}),
        (f"01{GTIN}10ABC3712", {("ABC3712", None), ("ABC", None)}),
        # The only valid way: nothing that could follow a lot is in it, or the lot would be too long.
        (f"01{GTIN}10ABC123", {("ABC123", None)}),
        (f"01{GTIN}10ABC17281399", {("ABC17281399", None)}),  # no thirteenth month
        (f"01{GTIN}10{'ABCDEFGHIJKLMNOPQRS'}17280301", {("ABCDEFGHIJKLMNOPQRS", date(2028, 3, 1))}),
    ],
)
def test_without_a_separator_every_valid_way_is_said_and_none_is_guessed(text, lots):
    found = {(reading.lot, reading.expires_on) for reading in read(text).readings}
    assert lots <= found
    assert len(lots) > 1 or found == lots


def test_where_some_ways_would_be_missing_none_is_said():
    with pytest.raises(ValueError, match="too many ways"):
        read(f"01{GTIN}90" + "919293949596" * 8)


def test_a_sender_that_keeps_separators_has_none_to_send():
    assert only(f"01{GTIN}10L2107", kept=True).lot == "L2107"
    assert read(FULL).separated
    assert not read(f"01{GTIN}10AB-1").separated


@pytest.mark.parametrize(
    ("text", "gtin"),
    [
        ("9501101530003", "09501101530003"),
        ("]E09501101530003", "09501101530003"),
        ("96385074", "00000096385074"),
        ("036000291452", "00036000291452"),
        ("19501101530000", "19501101530000"),
        ("]I119501101530000", "19501101530000"),
    ],
)
def test_shorter_barcodes_are_padded(text, gtin):
    assert only(text).gtin == gtin


def test_eight_digits_may_be_ean_8_or_upc_e():
    found = [reading.gtin for reading in read("01234565").readings]
    assert found == ["00000001234565", "00012345000065"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "x" * 401,
        f"]d201{GTIN[:-1]}4",  # a check digit
        f"01{GTIN}17281301",  # a month
        f"01{GTIN}17280230",  # a day
        "]d210AB-1\x1d17281231",  # no item
        f"(01){GTIN}(10)A(10)B",
        f"(01){GTIN}(17)2812",
        "(10)AB",
        "https://example.org/nothing",
        f"01{GTIN}10Ä",
        f"01{GTIN}10" + "21" * 30,
        "\x1d\x1d",
        "a\x00b",
    ],
)
def test_what_is_wrong_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r"^[A-Z(N0-9].+\.$"):
        read(text)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("https://spa.example/r/ROOM-1", OwnLabel(location="ROOM-1")),
        ("http://10.0.0.4:8000/b/B-2026-0001", OwnLabel(container="B-2026-0001")),
        ("]Q1https://spa.example/s?p=ALM%2F5&l=L-1", OwnLabel(product="ALM/5", lot="L-1")),
    ],
)
def test_labels_of_ours_name_their_thing(text, own):
    assert read(text).own == own


@pytest.mark.parametrize("code", ["ALM-500", "B-2026-0001", "10-ABC", "10|A", "482137", "]A0X-1"])
def test_other_texts_are_plain_codes(code):
    assert read(code).code == code.removeprefix("]A0")


def test_weights_and_volumes_are_exact():
    assert str(only(f"01{GTIN}3103001250").measure) == "1250 g"
    assert str(only(f"01{GTIN}3150000005").measure) == "5000 ml"
    assert str(only(f"01{GTIN}3155000001").measure) == "0.01 ml"


def test_a_pack_level_hides_its_single_item():
    assert base_gtin("19501101530000") == "09501101530003"
    assert base_gtin(GTIN) is None


@pytest.mark.parametrize(
    ("written", "today", "day"),
    [
        ("280229", TODAY, date(2028, 2, 29)),
        ("280200", TODAY, date(2028, 2, 29)),
        ("761231", TODAY, date(2076, 12, 31)),
        ("771231", TODAY, date(1977, 12, 31)),
        ("010100", date(2099, 1, 1), date(2101, 1, 31)),
        ("990101", date(2030, 1, 1), date(1999, 1, 1)),
    ],
)
def test_years_of_two_digits_reach_49_back_and_50_ahead(written, today, day):
    assert day_of(written, today) == day


def dictionary():
    """Every identifier of one part in the standard's own list, with whether its length is fixed."""
    for line in DICTIONARY.read_text().splitlines():
        found = re.match(
            r"(\d{2,4})(?:-(\d{2,4}))?\s+([*?!\"$%&]*)\s*([NXYZ](?:\.\.)?\d+)\S*(?!\S* \[?[NXYZ][.\d])",
            line,
        )
        if found and not line.startswith("#"):
            first, last, flags, kind = found.groups()
            for number in range(int(first), int(last or first) + 1):
                yield str(number).zfill(len(first)), "*" in flags, kind


def test_every_identifier_of_the_standard_is_cut_where_it_ends():
    """One element of each, before a lot."""
    wrong = set()
    for ai, is_fixed, kind in dictionary():
        if ai in {"00", "01", "02", "03", "10"}:
            continue
        value = "1" * int(kind.lstrip("NXYZ."))
        separator = "" if is_fixed else "\x1d"
        try:
            (reading,) = read_elements(f"01{GTIN}{ai}{value}{separator}10Z", today=TODAY, kept=True)
        except ValueError:
            wrong.add(ai)
        else:
            assert dict(reading.elements) == {"01": GTIN, ai: value, "10": "Z"}
    assert wrong == {"7258"}  # "1/2": which of how many babies

"""Lines, directions and figures, before anything is drawn."""

from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from procurement.documents.figures import figures
from procurement.documents.fonts import latin
from procurement.documents.text import clean, fit, one_line
from procurement.documents.typesetting import readable


@given(st.text(max_size=120), st.floats(50, 200))
def test_no_line_is_wider_than_its_column(text, width):
    for line in fit(text, "Regular", 9, width):
        assert line.width * 9 / 1000 <= width + 0.1


@given(st.text(max_size=120), st.floats(30, 200))
def test_wrapping_loses_nothing_but_white_space(text, width):
    told = "".join(line.text for line in fit(text, "Regular", 9, width))
    wanted = "".join(char for char in clean(text) if char not in "\u200c\u200d")
    unseen = [chr(code) for code in range(0xFE00, 0xFE10)]
    for char in ("\u200c", "\u200d", " ", "\n", *unseen):
        told, wanted = told.replace(char, ""), wanted.replace(char, "")
    assert told == wanted


def test_figures_are_of_one_width():
    face = latin("Regular")
    assert len({face.width(digit) for digit in "0123456789"}) == 1


def test_words_from_right_to_left_stand_in_the_order_the_eye_meets_them():
    line = one_line("שלום 12 (אב)", "Regular")
    assert line.rtl
    assert [run.shown for run in line.runs or ()] == ["(", "אב", ") ", "12", " ", "שלום"]


def test_ideographs_take_the_shapes_of_the_language_around_them():
    families = {
        text: {run.family for run in one_line(text, "Regular", han).runs or () if run.family}
        for text, han in (("京都さくら", "SC"), ("직직", "SC"), ("臺北", "TC"), ("上海", "SC"))
    }
    assert families == {"京都さくら": {"JP"}, "직직": {"KR"}, "臺北": {"TC"}, "上海": {"SC"}}


def test_a_closing_mark_never_begins_a_line():
    for width in range(20, 120, 3):
        for line in fit("上海静心按摩馆、上海静心。上海静心", "Regular", 9, width)[1:]:
            assert line.text[0] not in "、。"


@pytest.mark.parametrize("locale", ["en_IE", "de_DE", "fr_FR", "es_ES", "pl_PL", "hi_IN", "de_CH"])
@pytest.mark.parametrize("value", ["0", "0.5", "999.99", "1000", "1234.5", "1234567.891", "-12.30"])
def test_figures_are_written_as_babel_writes_them(locale, value):
    shown = figures(locale, "EUR").number(Decimal(value))
    assert shown == format_decimal(Decimal(value), locale=locale).replace("\u202f", "\u00a0")


@pytest.mark.parametrize(("currency", "told"), [("EUR", "12.00"), ("JPY", "12"), ("KWD", "12.000")])
def test_amounts_have_at_least_the_digits_of_their_currency(currency, told):
    assert figures("en_IE", currency).money(Decimal("12.00000")) == told


def test_no_digit_of_a_fine_price_is_lost():
    assert figures("en_IE", "EUR").money(Decimal("0.01250")) == "0.0125"


@pytest.mark.parametrize("colour", ["#FFFFFF", "#FFEE99", "#00FF00", "#5B2A4B", "#000000"])
def test_a_brand_colour_is_readable_on_white(colour):
    channels = [int(readable(colour)[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert 1.05 / (light + 0.05) >= 4.49

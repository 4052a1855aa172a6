"""One cell to one value: read one way, or refused with the reason."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.exchange import cells
from procurement.exchange.cells import BadCell
from procurement.exchange.slugs import code_of, sku_of
from procurement.exchange.tabular import NumberText
from procurement.kernel.quantity import Unit


@pytest.mark.parametrize(
    ("written", "mark", "number"),
    [
        ("12.50", ".", "12.50"),
        ("1,234.5", ".", "1234.5"),
        ("12,50", ",", "12.50"),
        ("1.234,5", ",", "1234.5"),
        ("1 234,5", ",", "1234.5"),
        ("1\u00a0234", ".", "1234"),
        ("1'234.50", ".", "1234.50"),
        ("-3", ".", "-3"),
        ("\u22123", ".", "-3"),
        (NumberText("1234.5"), ",", "1234.5"),
    ],
)
def test_numbers_as_people_write_them(written: str, mark: str, number: str):
    assert cells.number(written, mark) == Decimal(number)


@pytest.mark.parametrize(
    ("written", "mark", "why"),
    [
        ("12,50", ".", "decimal mark is a point"),
        ("12.5", ",", "decimal mark is a comma"),
        ("NaN", ".", "not a number"),
        ("Infinity", ".", "not a number"),
        ("-inf", ".", "not a number"),
        ("1e400", ".", "exponent"),
        ("1_000", ".", "not a number"),
        ("\u0661\u0662", ".", "not a number"),
        ("\uff11\uff12", ".", "not a number"),
        ("12,34,56", ".", "not a number"),
        ("1.2.3", ".", "not a number"),
        ("0x10", ".", "not a number"),
        ("9" * 60, ".", "too long"),
        ("9" * 16, ".", "not a number"),
        ("", ".", "not a number"),
    ],
)
def test_what_is_no_number_is_refused(written: str, mark: str, why: str):
    with pytest.raises(BadCell, match=why):
        cells.number(written, mark)


@given(st.decimals(min_value=0, max_value=10**6, places=4), st.sampled_from([".", ","]))
def test_prices_are_exact_to_the_last_place(price: Decimal, mark: str):
    written = str(price).replace(".", mark)
    assert cells.price_e4(written, mark, "EUR") == price * 10_000


def test_a_price_may_carry_its_currency_s_sign_and_no_other():
    assert cells.price_e4("€ 12,50", ",", "EUR") == 125_000
    assert cells.price_e4("$12.50", ".", "USD") == 125_000
    assert cells.price_e4("12.50 EUR", ".", "EUR") == 125_000
    for wrong in ("$12.50", "£12.50", "12.50 USD"):
        with pytest.raises(BadCell):
            cells.price_e4(wrong, ".", "EUR")


def test_prices_too_fine_too_large_or_negative_are_refused():
    for written, why in (
        ("1.23456", "four decimal"),
        ("-1", "below zero"),
        ("999999999999", "100,000,000"),
    ):
        with pytest.raises(BadCell, match=why):
            cells.price_e4(written, ".", "EUR")


def test_quantities_in_steps_of_the_product_s_unit():
    assert cells.steps("0.5", ".", "l", Unit.ML) == 500_000
    assert cells.steps("2,5", ",", "", Unit.G) == 2_500
    for written, unit, why in (
        ("1.5", "piece", "finer"),
        ("1", "g", "counted in piece"),
        ("-1", "", "below zero"),
    ):
        with pytest.raises(BadCell, match=why):
            cells.steps(written, ".", unit, Unit.PIECE)


def test_html_becomes_text_with_its_paragraphs():
    assert cells.prose("<ul><li>One</li><li>Two &amp; three</li></ul>") == "One\nTwo & three"
    assert cells.prose("<style>p{}</style><p>Soft</p><!-- x -->") == "Soft"
    assert cells.prose("a\r\nb") == "a\nb"
    assert "<" not in cells.prose("<img src=x onerror=alert(1)>Safe")


def test_texts_are_bounded_and_printable():
    assert cells.one_line("  two\n lines ") == "two lines"
    with pytest.raises(BadCell, match="201 characters"):
        cells.one_line("x" * 201)
    with pytest.raises(BadCell, match="control"):
        cells.text("a\x00b")
    with pytest.raises(BadCell, match="no characters"):
        cells.text("a\ufffe")


@pytest.mark.parametrize(
    ("written", "offered"),
    [
        ("'4006381333931", "4006381333931"),
        ("36000291452", "036000291452"),
        ("4006381333932", None),
        ("abc", None),
        ("", None),
        ("6385074", None),
    ],
)
def test_barcodes_are_offered_only_when_they_check_out(written: str, offered: str | None):
    assert cells.offered_gtin(written) == offered


def test_flags_and_whole_numbers():
    assert cells.flag("Yes") is True
    assert cells.flag("0") is False
    with pytest.raises(BadCell):
        cells.flag("perhaps")
    assert cells.whole("1,200", ".") == 1200
    for written, why in (("1.5", "whole"), ("-1", "below zero"), ("9999999", "above")):
        with pytest.raises(BadCell, match=why):
            cells.whole(written, ".")


def test_skus_from_names_keep_apart_what_names_keep_apart():
    assert sku_of("Neck Pillow") == "NECK-PILLOW"
    assert (
        len({sku_of(name) for name in ("Oil 2 l", "Oil, 2 l", "Oil (2 l)", "Öl 2 l", "油", "芳香")})
        == 6
    )
    assert sku_of("Oil,  2 l") == sku_of("Oil, 2 l")
    assert len(sku_of("x y" * 100)) <= 48


@given(st.text(min_size=1, max_size=300))
def test_a_code_is_never_empty_and_always_short(name: str):
    assert 1 <= len(code_of(name)) <= 64
    assert code_of(name) == code_of(name)

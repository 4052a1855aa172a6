"""Tax rates: as many places as the law writes, read back as written."""

from decimal import Decimal

import pytest

from procurement.kernel.money import Money, TaxRate


@pytest.mark.parametrize("percent", ["0", "23", "8.875", "13.5", "0.0001", "100", "7.7777"])
def test_a_tax_rate_reads_back_as_written(percent):
    rate = TaxRate.parse(percent)
    assert (rate.percent, TaxRate.parse(rate.percent)) == (percent, rate)
    assert rate.fraction * 100 == Decimal(percent)


@pytest.mark.parametrize("percent", ["8.87501", "-1", "100.0001", "x", ""])
def test_what_is_no_tax_rate(percent):
    with pytest.raises(ValueError, match=r"tax|percentage"):
        TaxRate.parse(percent)


def test_a_tax_of_three_places_is_rounded_once():
    # 8.875 % of 200.00 is 17.75; of 100.00 it is 8.875, half up.
    assert [TaxRate.parse("8.875").of(Money(minor, "USD")).minor for minor in (20_000, 10_000)] == [
        1775,
        888,
    ]

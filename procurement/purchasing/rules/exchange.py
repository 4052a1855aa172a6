"""What an amount is worth in the company's currency at a dated rate."""

from decimal import Decimal

from procurement.kernel.money import Money, minor_digits, round_half_up
from procurement.settings.terms import RATE_SCALE


def worth(money: Money, rate_e8: int, home: str) -> Money:
    """One unit of the money's currency is worth rate_e8 / 10^8 units of `home`; rounded once."""
    if money.currency == home:
        return money
    digits = minor_digits(home) - minor_digits(money.currency)
    exact = Decimal(money.minor) * rate_e8 / RATE_SCALE
    return Money(round_half_up(exact.scaleb(digits)), home)

"""Money as whole minor units of one currency, prices per pack, rates, and the one rounding function."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from babel.core import get_global
from babel.numbers import get_currency_precision

from procurement.kernel.db import MAX_MINOR
from procurement.kernel.quantity import parse_decimal, plain

PRICE_SCALE = 10_000  # unit prices are kept in 1/10000 of the currency's unit
RATE_SCALE = 10_000  # rates are kept in basis points: 12.5 % = 1250
TAX_SCALE = 1_000_000  # of a tax rate


def round_half_up(number: Decimal) -> int:
    """The one rounding function: to the nearest whole number, halves away from zero."""
    return int(number.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def is_currency(code: str) -> bool:
    """Whether ISO 4217 (as in the CLDR) knows the code."""
    return code in get_global("all_currencies")


def minor_digits(currency: str) -> int:
    """Decimal places of a currency by ISO 4217: EUR 2, JPY 0, KWD 3."""
    return get_currency_precision(currency)


@dataclass(frozen=True, slots=True)
class Money:
    """So many minor units of a currency; adds and compares only within it."""

    minor: int
    currency: str

    @classmethod
    def parse(cls, amount: object, currency: object) -> "Money":
        """Read "12.50", "EUR"; more digits than the currency has, or no number, is a ValueError with a sentence."""
        if not isinstance(currency, str) or not is_currency(currency):
            raise ValueError("The currency must be an ISO 4217 code such as EUR.")
        minor = parse_decimal(amount).scaleb(minor_digits(currency))
        if minor != minor.to_integral_value():
            raise ValueError(f"{currency} has {minor_digits(currency)} decimal places.")
        if abs(minor) > MAX_MINOR:
            raise ValueError("That amount is too large.")
        return cls(int(minor), currency)

    @property
    def decimal(self) -> Decimal:
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))

    @property
    def amount(self) -> str:
        """Plain text with all the currency's places: "12.50"."""
        return format(self.decimal, "f")

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up.")
        return other


@dataclass(frozen=True, slots=True, order=True)
class UnitPrice:
    """The price of one pack in 1/10000 of the currency's unit; the pack is named beside it."""

    e4: int
    currency: str

    @classmethod
    def parse(cls, amount: object, currency: object) -> "UnitPrice":
        """Read "31.2050", "EUR": up to four places, never negative."""
        if not isinstance(currency, str) or not is_currency(currency):
            raise ValueError("The currency must be an ISO 4217 code such as EUR.")
        scaled = parse_decimal(amount, "price") * PRICE_SCALE
        if scaled != scaled.to_integral_value():
            raise ValueError("A unit price has at most four decimal places.")
        if not 0 <= scaled <= MAX_MINOR:
            raise ValueError("A price is not negative and not above 100,000,000.")
        return cls(int(scaled), currency)

    @property
    def decimal(self) -> Decimal:
        return Decimal(self.e4) / PRICE_SCALE

    @property
    def amount(self) -> str:
        """Plain text: all the currency's places, up to four when they are used ("31.20", "0.0475")."""
        digits = minor_digits(self.currency)
        whole = plain(self.decimal)
        places = len(whole.partition(".")[2])
        return format(self.decimal, f".{max(digits, places)}f")

    def total(self, packs: int, discount: "Rate | None" = None) -> Money:
        """The line's amount: price x packs less the discount, rounded once."""
        exact = self.decimal * packs
        if discount is not None:
            exact -= exact * discount.fraction
        return Money(round_half_up(exact.scaleb(minor_digits(self.currency))), self.currency)


@dataclass(frozen=True, slots=True, order=True)
class TaxRate:
    """A tax in millionths: 8.875 % = 88 750. Discounts need less, and are a `Rate`."""

    ppm: int

    @classmethod
    def parse(cls, percent: object) -> "TaxRate":
        """Read a percentage written as text, "8.875", with at most four places."""
        scaled = parse_decimal(percent, "percentage") * (TAX_SCALE // 100)
        if scaled != scaled.to_integral_value():
            raise ValueError("A tax has at most four decimal places.")
        if not 0 <= scaled <= TAX_SCALE:
            raise ValueError("A tax lies between 0 and 100 %.")
        return cls(int(scaled))

    @property
    def fraction(self) -> Decimal:
        return Decimal(self.ppm) / TAX_SCALE

    @property
    def percent(self) -> str:
        return plain(self.fraction * 100)

    def of(self, money: Money) -> Money:
        """The part of an amount, rounded once."""
        return Money(round_half_up(money.minor * self.fraction), money.currency)


@dataclass(frozen=True, slots=True, order=True)
class Rate:
    """A discount, margin or tolerance in basis points: 12.5 % = 1250. Taxes have more places: `TaxRate`."""

    basis_points: int

    @classmethod
    def parse(cls, percent: object, *, least: int = 0, most: int = 100) -> "Rate":
        """Read a percentage written as text, "12.5", with at most two places."""
        scaled = parse_decimal(percent, "percentage") * 100
        if scaled != scaled.to_integral_value():
            raise ValueError("A percentage has at most two decimal places.")
        if not least * 100 <= scaled <= most * 100:
            raise ValueError(f"A percentage here lies between {least} and {most}.")
        return cls(int(scaled))

    @property
    def fraction(self) -> Decimal:
        return Decimal(self.basis_points) / RATE_SCALE

    @property
    def percent(self) -> str:
        return plain(Decimal(self.basis_points) / 100)

    def of(self, money: Money) -> Money:
        """The part of an amount, rounded once."""
        return Money(round_half_up(money.minor * self.fraction), money.currency)


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Split a whole number by weights so that the parts add up again: largest remainder, earlier parts first.

    Weights are not negative and not all zero. A negative total is split as its mirror image.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("Weights must not be negative, and not all zero.")
    if total < 0:
        return [-part for part in allocate(-total, weights)]
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts

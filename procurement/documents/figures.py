"""How a locale writes the numbers and dates of one document.

Figures are drawn hundreds of times a page, so the common case (groups of three, plain digits) is
written by Python and only its marks come from Babel; the rest is Babel's.
"""

import datetime as dt
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal, get_currency_precision


class Figures:
    def __init__(self, locale: str, currency: str = "") -> None:
        self.locale = Locale.parse(locale.replace("-", "_"))
        self.currency = currency
        self.digits = get_currency_precision(currency) if currency else 2
        symbols = self.locale.number_symbols["latn"]
        grouping = self.locale.decimal_formats[None].grouping
        self._plain = tuple(grouping) == (3, 3) and _minimum_group(self.locale) == 1
        # A thin no-break space is missing from many faces; the ordinary one looks the same here.
        group = str(symbols["group"]).replace("\u202f", "\u00a0")
        self._marks = str.maketrans({",": group, ".": symbols["decimal"]})

    def money(self, value: Decimal) -> str:
        """With at least the digits of the currency, and those of a finer unit price."""
        return self.number(value, self.digits)

    def number(self, value: Decimal, least: int = 0) -> str:
        whole, _, part = f"{value:,f}".partition(".")
        part = part.rstrip("0").ljust(least, "0")
        if self._plain and value >= 0:
            return (f"{whole}.{part}" if part else whole).translate(self._marks)
        digits = len(part)
        pattern = "#,##0." + "0" * digits if digits else "#,##0"
        exact = format_decimal(value, format=self._grouped(pattern), locale=self.locale)
        return exact.replace("\u202f", "\u00a0")

    def percent(self, value: Decimal) -> str:
        """Without the sign, which stands in the head."""
        return self.number(value, 1)

    def amount(self, value: Decimal) -> str:
        """With the currency's sign: €2,993.24."""
        return format_currency(value, self.currency, locale=self.locale).replace("\u202f", "\u00a0")

    def day(self, on: dt.date) -> str:
        """Mon, 23 Nov 2026: short enough for its column in every month."""
        return format_skeleton("yMMMMEd", on, locale=self.locale)

    def date(self, on: dt.date) -> str:
        """23 November 2026."""
        return format_date(on, "long", locale=self.locale)

    def short_date(self, on: dt.date) -> str:
        """23 Nov 2026."""
        return format_date(on, "medium", locale=self.locale)

    def short_day(self, on: dt.date) -> str:
        """Mon, 7 Dec: the year is the document's or follows it by less than twelve months."""
        return format_skeleton("MMMEd", on, locale=self.locale)

    def _grouped(self, pattern: str) -> str:
        """The locale's own groups (12,34,567) with our number of digits."""
        own = str(self.locale.decimal_formats[None].pattern).split(";", maxsplit=1)[0]
        _, dot, digits = pattern.partition(".")
        return own.split(".")[0] + dot + digits


@lru_cache(maxsize=64)
def figures(locale: str, currency: str = "") -> Figures:
    return Figures(locale, currency)


def _minimum_group(locale: Locale) -> int:
    """Spanish and Polish write 1000 but 10.000."""
    return int(locale._data.get("minimum_grouping_digits", 1))  # noqa: SLF001 - no public reader

"""What everybody may see of the company's settings, without its tables."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from procurement.kernel.countries import UNION, country_of
from procurement.kernel.money import TaxRate
from procurement.kernel.tax_categories import TaxCategory

RATE_SCALE = 10**8

# How figures and dates are written; the words stay English, so these are English as written in each country.
LOCALES = {
    "en_GB": "United Kingdom: 1,234.50",
    "en_IE": "Ireland: 1,234.50",
    "en_US": "United States: 1,234.50",
    "en_AU": "Australia: 1,234.50",
    "en_DE": "Germany: 1.234,50",
    "en_AT": "Austria: 1\N{NO-BREAK SPACE}234,50",
    "en_CH": "Switzerland: 1\N{RIGHT SINGLE QUOTATION MARK}234.50",
    "en_NL": "Netherlands: 1.234,50",
    "en_BE": "Belgium: 1.234,50",
    "en_DK": "Denmark: 1.234,50",
    "en_SE": "Sweden: 1\N{NO-BREAK SPACE}234,50",
    "en_FI": "Finland: 1\N{NO-BREAK SPACE}234,50",
}


class RoundingRule(StrEnum):
    """Where tax is rounded: at each line, or once for each rate of the document."""

    LINE = "line"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyProfile:
    """The company's letterhead and rules."""

    name: str
    tagline: str
    address: str
    phone: str
    email: str
    vat_id: str
    peppol_id: str
    footer: str
    brand_colour: str
    logo_id: int | None
    logo_sha256: str | None
    head_id: int | None
    head_sha256: str | None
    head_everywhere: bool
    quote_cover: bool
    cover_id: int | None
    cover_sha256: str | None
    currency: str
    time_zone: str
    locale: str
    rounding_rule: RoundingRule
    default_tax_id: int | None
    default_tax_code: str | None
    quote_validity_days: int
    quote_terms: str
    order_answer_days: int
    answer_hours: int
    quote_reminder_days: int
    order_requests: str
    delivery_address: str
    count_tolerance_bp: int
    count_tolerance_minor: int
    count_approval_minor: int
    version: int
    confirms_orders: bool = False  # that customers place, at once

    @property
    def country(self) -> str:
        """Where it is, by its address, else by its VAT number; empty where neither says (ISO 3166)."""
        prefix = self.vat_id[:2].upper()
        return country_of(self.address) or {"EL": "GR"}.get(
            prefix, prefix if prefix in UNION else ""
        )


@dataclass(frozen=True, slots=True)
class TaxRow:
    """A tax that may stand on a line."""

    id: int
    code: str
    name: str
    rate: TaxRate
    category: TaxCategory
    reason: str  # of an exemption
    active: bool


@dataclass(frozen=True, slots=True)
class RateRow:
    """From a day on, one unit of `currency` is worth rate_e8 / 10^8 units of the company's currency."""

    currency: str
    valid_from: date
    rate_e8: int

    @property
    def rate(self) -> Decimal:
        return Decimal(self.rate_e8) / RATE_SCALE

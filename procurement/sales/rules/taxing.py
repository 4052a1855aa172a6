"""Which tax a line bears: by what the customer is, where they are, and whether they sell on or use it themselves.

Sources: Council Directive 2006/112/EC, art. 138 (goods to a taxable person in another member state are exempt when
their VAT number is told and valid), art. 44 and 196 (services: the customer is liable), art. 226 (11) and (11a) (the
invoice says why). Resale certificates are a matter of each state of the USA (for example California, Sales and Use Tax
Regulation 1668): so a certificate keeps its jurisdiction, and covers what is delivered there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from procurement.kernel.countries import UNION
from procurement.kernel.money import Rate
from procurement.kernel.validity import Validity


class ExemptionKind(StrEnum):
    RESALE = "resale"  # what they sell on
    EXEMPT = "exempt"  # whatever they buy: a school, a public hospital


class Treatment(StrEnum):
    USUAL = "usual"
    RESALE = "resale"
    EXEMPT = "exempt"
    INTRA_COMMUNITY = "intra_community"
    REVERSE_CHARGE = "reverse_charge"

    @property
    def is_taxed(self) -> bool:
        return self is Treatment.USUAL


@dataclass(frozen=True, slots=True)
class Exemption:
    """A certificate as the rule sees it; `jurisdiction` is empty, a country, or a country and its part: US-CA."""

    kind: ExemptionKind
    number: str
    jurisdiction: str
    validity: Validity
    is_verified: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxProfile:
    """What is known of seller and customer; countries by ISO 3166, where the goods go."""

    seller_country: str = ""
    country: str = ""
    region: str = ""
    vat_numbers: tuple[str, ...] = ()  # of the EU, with right check digits
    exemptions: tuple[Exemption, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Taxed:
    """How a line is taxed, and why in words."""

    treatment: Treatment
    why: str


def tax_of(profile: TaxProfile, *, is_service: bool, own_use: bool, on: date) -> Taxed:
    """The treatment of one line on a day; an expired certificate taxes it and is named."""
    passed: list[str] = []
    for one in sorted(
        profile.exemptions, key=lambda e: (e.kind is not ExemptionKind.EXEMPT, e.number)
    ):
        against = _against(one, profile, own_use=own_use, on=on)
        if against:
            passed.append(against)
            continue
        if one.kind is ExemptionKind.EXEMPT:
            because = f" ({one.reason})" if one.reason else ""
            return Taxed(Treatment.EXEMPT, f"Exempt by certificate {one.number}{because}")
        where = f" of {one.jurisdiction}" if one.jurisdiction else ""
        return Taxed(Treatment.RESALE, f"For resale, certificate {one.number}{where}")
    if (abroad := _in_another_state(profile)) is not None:
        if is_service:
            return Taxed(
                Treatment.REVERSE_CHARGE,
                f"Reverse charge, VAT number {abroad} (Directive 2006/112/EC, art. 196)",
            )
        return Taxed(
            Treatment.INTRA_COMMUNITY,
            f"Intra-Community supply, VAT number {abroad} (Directive 2006/112/EC, art. 138)",
        )
    return Taxed(Treatment.USUAL, "; ".join(["Our usual tax", *passed]))


def _against(one: Exemption, profile: TaxProfile, *, own_use: bool, on: date) -> str:
    """Why a certificate does not count for a line; empty where it does."""
    named = f"certificate {one.number}"
    if one.kind is ExemptionKind.RESALE and own_use:
        return f"for their own use, which {named} does not cover"
    if one.validity.until and one.validity.until < on:
        until = one.validity.until
        return f"{named} ended on {until.day} {until:%b %Y}"
    if not one.validity.covers(on):
        return f"{named} has not begun"
    if not one.is_verified:
        return f"nobody has looked at {named} yet"
    if one.jurisdiction and not _is_there(one.jurisdiction, profile):
        return f"{named} is for {one.jurisdiction}"
    return ""


def _is_there(jurisdiction: str, profile: TaxProfile) -> bool:
    country, _, part = jurisdiction.upper().partition("-")
    return country == profile.country and (not part or part == profile.region.upper())


def _in_another_state(profile: TaxProfile) -> str | None:
    """A VAT number of the member state the goods go to, which is not the seller's."""
    seller, country = profile.seller_country, profile.country
    if seller not in UNION or country not in UNION or country == seller:
        return None
    for number in profile.vat_numbers:
        prefix = "GR" if number[:2] == "EL" else number[:2]
        if prefix in UNION and prefix != seller:
            return number
    return None


def usual_code(taxed: Taxed, rates: Mapping[str, Rate], default: str | None) -> str:
    """The tax of a line for which nobody chose one: the company's, or the one of nothing; "0%" where none is set up."""
    if default is not None and taxed.treatment.is_taxed and default in rates:
        return default
    return next((code for code, rate in rates.items() if not rate.basis_points), "0%")

"""Which tax a line bears: by what the customer is, where they are, and whether they sell on or use it themselves.

Sources: Council Directive 2006/112/EC, art. 138 (goods to a taxable person in another member state are exempt when
their VAT number is told and valid), art. 44 and 196 (services: the customer is liable), art. 146 (1) (a) (goods the
seller sends out of the Union), art. 7 (Monaco is taxed as France is), art. 226 (11) and (11a) (the invoice says why);
the Windsor Framework, art. 8 (goods to Northern Ireland, whose numbers begin with XI). Resale certificates are a matter
of each state of the USA (for example California, Sales and Use Tax Regulation 1668): so a certificate keeps its
jurisdiction, and covers what is delivered there.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from procurement.kernel.countries import UNION
from procurement.kernel.tax_categories import TaxCategory
from procurement.kernel.validity import Validity
from procurement.sales.terms import USUAL_TAX


class ExemptionKind(StrEnum):
    RESALE = "resale"  # what they sell on
    EXEMPT = "exempt"  # whatever they buy: a school, a public hospital


class Treatment(StrEnum):
    USUAL = "usual"
    RESALE = "resale"
    EXEMPT = "exempt"
    INTRA_COMMUNITY = "intra_community"
    REVERSE_CHARGE = "reverse_charge"
    EXPORT = "export"

    @property
    def category(self) -> TaxCategory | None:
        """The code of an untaxed line; None: the tax itself says."""
        return _CATEGORIES.get(self)

    @property
    def is_taxed(self) -> bool:
        return self is Treatment.USUAL


_CATEGORIES = {
    Treatment.RESALE: TaxCategory.EXEMPT,
    Treatment.EXEMPT: TaxCategory.EXEMPT,
    Treatment.INTRA_COMMUNITY: TaxCategory.INTRA_COMMUNITY,
    Treatment.REVERSE_CHARGE: TaxCategory.REVERSE_CHARGE,
    Treatment.EXPORT: TaxCategory.EXPORT,
}


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
    """How a line is taxed, and why in words; `detail` is what it rests on, in nobody's language: a number."""

    treatment: Treatment
    why: str
    detail: str = ""


def tax_of(profile: TaxProfile, *, is_service: bool, own_use: bool, on: date) -> Taxed:
    """The treatment of one line on a day; an expired certificate taxes it and is named.

    Goods that leave the Union are exports whatever certificate the customer has: those are of the country's own taxes.
    """
    if not is_service and _is_exported(profile):
        said = f"Export to {profile.country} (Directive 2006/112/EC, art. 146)"
        return Taxed(Treatment.EXPORT, said, profile.country)
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
            said = f"Exempt by certificate {one.number}{because}"
            return Taxed(Treatment.EXEMPT, said, f"{one.number}{because}")
        where = f" of {one.jurisdiction}" if one.jurisdiction else ""
        detail = f"{one.number} ({one.jurisdiction})" if one.jurisdiction else one.number
        said = f"For resale, certificate {one.number}{where}"
        return Taxed(Treatment.RESALE, said, detail)
    return _abroad(profile, passed, is_service=is_service)


def _abroad(profile: TaxProfile, passed: list[str], *, is_service: bool) -> Taxed:
    """What crosses a border; else our usual tax."""
    if (number := _in_another_state(profile, is_service=is_service)) is not None:
        if is_service:
            said = f"Reverse charge, VAT number {number} (Directive 2006/112/EC, art. 196)"
            return Taxed(Treatment.REVERSE_CHARGE, said, number)
        said = f"Intra-Community supply, VAT number {number} (Directive 2006/112/EC, art. 138)"
        return Taxed(Treatment.INTRA_COMMUNITY, said, number)
    if is_service and _leaves_the_union(profile):
        passed.append(f"a service is not exported to {profile.country} as goods are")
    return Taxed(Treatment.USUAL, "; ".join([USUAL_TAX, *passed]))


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


def _in_another_state(profile: TaxProfile, *, is_service: bool) -> str | None:
    """A VAT number of another member state than the seller's, where the goods go to another one."""
    seller, country = profile.seller_country, _territory(profile.country)
    if seller not in UNION or country == seller:
        return None
    for number in profile.vat_numbers:
        prefix = "GR" if number[:2] == "EL" else number[:2]
        if country in UNION and prefix in UNION and prefix != seller:
            return number
        if country == "GB" and prefix == "XI" and not is_service:
            return number
    return None


def _is_exported(profile: TaxProfile) -> bool:
    """Whether goods leave the Union; to Northern Ireland with a number of its own they do not."""
    return _leaves_the_union(profile) and not _in_another_state(profile, is_service=False)


def _leaves_the_union(profile: TaxProfile) -> bool:
    """Whether goods go from a seller in the Union to a known country outside it."""
    country = _territory(profile.country)
    return profile.seller_country in UNION and bool(country) and country not in UNION


def _territory(country: str) -> str:
    return "FR" if country == "MC" else country

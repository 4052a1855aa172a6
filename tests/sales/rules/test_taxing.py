"""Which tax a line bears: resale, own use, exemptions, other member states; and why."""

from dataclasses import replace
from datetime import date

import pytest

from procurement.documents.languages.taxing import untaxed_words
from procurement.kernel.money import TaxRate
from procurement.kernel.tax_categories import TaxCategory
from procurement.kernel.validity import Validity
from procurement.sales.rules.addresses import letter
from procurement.sales.rules.line_tax import TaxChoice, Taxing
from procurement.sales.rules.taxing import Exemption, ExemptionKind, TaxProfile, tax_of
from procurement.sales.rules.untaxed import UntaxedLine, reasons_said

TODAY = date(2026, 11, 24)
RESALE = Exemption(ExemptionKind.RESALE, "R-1", "US-CA", Validity(), is_verified=True)
EXEMPT = Exemption(ExemptionKind.EXEMPT, "X-1", "", Validity(), is_verified=True, reason="school")
HERE = TaxProfile(seller_country="US", country="US", region="CA")
ABROAD = TaxProfile(seller_country="IE", country="DE", vat_numbers=("DE136695976",))


def until(one: Exemption, day: date) -> Exemption:
    return replace(one, validity=Validity(None, day))


@pytest.mark.parametrize(
    ("profile", "own_use", "treatment", "why"),
    [
        (HERE, False, "usual", "Our usual tax"),
        (replace(HERE, exemptions=(RESALE,)), False, "resale", "certificate R-1 of US-CA"),
        (replace(HERE, exemptions=(RESALE,)), True, "usual", "for their own use"),
        (replace(HERE, region="NV", exemptions=(RESALE,)), False, "usual", "R-1 is for US-CA"),
        (
            replace(HERE, exemptions=(until(RESALE, date(2026, 11, 23)),)),
            False,
            "usual",
            "R-1 ended on 23 Nov 2026",
        ),
        (replace(HERE, exemptions=(until(RESALE, TODAY),)), False, "resale", "R-1"),
        (
            replace(HERE, exemptions=(replace(RESALE, is_verified=False),)),
            False,
            "usual",
            "nobody has looked at certificate R-1",
        ),
        (replace(HERE, exemptions=(RESALE, EXEMPT)), True, "exempt", "X-1 (school)"),
        (ABROAD, False, "intra_community", "art. 138"),
        (replace(ABROAD, vat_numbers=()), False, "usual", "Our usual tax"),
        (replace(ABROAD, vat_numbers=("IE6388047V",)), False, "usual", "Our usual tax"),
        (replace(ABROAD, country="IE"), False, "usual", "Our usual tax"),
        (replace(ABROAD, country="US", vat_numbers=()), False, "export", "Export to US"),
        (
            replace(ABROAD, country="US", region="CA", exemptions=(RESALE,)),
            False,
            "export",
            "art. 146",
        ),
        (replace(ABROAD, country=""), False, "usual", "Our usual tax"),
        (replace(ABROAD, country="MC", vat_numbers=()), False, "usual", "Our usual tax"),
        (replace(ABROAD, country="GB", vat_numbers=()), False, "export", "Export to GB"),
        (
            replace(ABROAD, country="GB", vat_numbers=("XI980780684",)),
            False,
            "intra_community",
            "XI9",
        ),
        (
            replace(ABROAD, country="GR", vat_numbers=("EL094259216",)),
            False,
            "intra_community",
            "EL094259216",
        ),
    ],
)
def test_what_a_line_of_goods_bears(profile, own_use, treatment, why):
    taxed = tax_of(profile, is_service=False, own_use=own_use, on=TODAY)
    assert taxed.treatment == treatment
    assert why in taxed.why


def test_services_to_another_member_state_are_for_the_customer_to_declare():
    taxed = tax_of(ABROAD, is_service=True, own_use=False, on=TODAY)
    assert taxed.treatment == "reverse_charge"
    assert "art. 196" in taxed.why


def test_a_service_is_not_exported():
    taxed = tax_of(replace(ABROAD, country="US"), is_service=True, own_use=False, on=TODAY)
    assert (taxed.treatment, "a service is not exported" in taxed.why) == ("usual", True)


TAXES = {
    "A": TaxChoice(TaxRate(230_000), TaxCategory.STANDARD),
    "Z": TaxChoice(TaxRate(0), TaxCategory.ZERO),
    "X": TaxChoice(TaxRate(0), TaxCategory.EXEMPT, "art. 132"),
    "G": TaxChoice(TaxRate(0), TaxCategory.EXPORT),
}
OVERSEAS = replace(ABROAD, country="US")
EXEMPTED = replace(HERE, exemptions=(EXEMPT,))


@pytest.mark.parametrize(
    ("profile", "is_service", "chosen", "expected"),
    [
        (HERE, False, {}, ("A", "S", "")),
        (ABROAD, False, {}, ("Z", "K", "DE136695976")),
        (ABROAD, True, {}, ("Z", "AE", "DE136695976")),
        (OVERSEAS, False, {}, ("G", "G", "US")),
        (OVERSEAS, True, {}, ("A", "S", "")),
        (EXEMPTED, False, {}, ("X", "E", "X-1 (school)")),
        # What a person chose stands; nothing at all is explained by the papers, where they explain it.
        (ABROAD, False, {"code": "A"}, ("A", "S", "")),
        (ABROAD, False, {"code": "X"}, ("X", "E", "art. 132")),
        (ABROAD, False, {"code": "Z"}, ("Z", "K", "DE136695976")),
        (HERE, False, {"code": "Z"}, ("Z", "Z", "")),
        (HERE, False, {"code": "19%"}, ("19%", "S", "")),
        (HERE, False, {"rate": TaxRate(0)}, ("Z", "Z", "")),
        (HERE, False, {"rate": TaxRate(70_000)}, ("7%", "S", "")),
    ],
)
def test_the_tax_of_a_line_says_what_it_rests_on(profile, is_service, chosen, expected):
    found = Taxing(TAXES, "A", profile, TODAY).of(is_service=is_service, **chosen)
    assert (found.code, found.category, found.detail) == expected
    assert bool(found.why) == (not chosen)


def test_where_no_tax_is_set_up_lines_bear_none():
    found = Taxing({}, None, HERE, TODAY).of(is_service=False)
    assert (found.code, found.rate, found.category) == ("0%", TaxRate(0), TaxCategory.ZERO)


def test_papers_name_each_reason_once_and_its_lines_where_a_code_has_two():
    lines = [
        UntaxedLine("1", "Z", TaxCategory.INTRA_COMMUNITY, "DE1"),
        UntaxedLine("2", "A", TaxCategory.STANDARD, ""),
        UntaxedLine("3", "Z", TaxCategory.REVERSE_CHARGE, "DE1"),
        UntaxedLine("4", "Z", TaxCategory.INTRA_COMMUNITY, "DE1"),
        UntaxedLine("5", "X", TaxCategory.EXEMPT, "art. 132"),
    ]
    assert reasons_said(lines, untaxed_words("en_IE")) == (
        "Z (no. 1, 4): Exempt intra-Community supply (art. 138, Directive 2006/112/EC), DE1",
        "Z (no. 3): Reverse charge, DE1",
        "X: Exempt from tax, art. 132",
    )


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        ("DE", "1 Way\n10115 Town\nReg\nGERMANY"),
        ("US", "1 Way\nTown, Reg 10115\nUNITED STATES"),
        ("IE", "1 Way\nTown, Reg\n10115\nIRELAND"),
        ("", "1 Way\n10115 Town\nReg"),
    ],
)
def test_a_letter_is_addressed_as_its_country_writes(country, expected):
    parts = {"street": "1 Way", "postal_code": "10115", "city": "Town", "region": "Reg"}
    assert letter(**parts, country=country) == expected

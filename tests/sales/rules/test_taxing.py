"""Which tax a line bears: resale, own use, exemptions, other member states; and why."""

from dataclasses import replace
from datetime import date

import pytest

from procurement.kernel.validity import Validity
from procurement.sales.rules.addresses import letter
from procurement.sales.rules.taxing import Exemption, ExemptionKind, TaxProfile, tax_of

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
        (replace(ABROAD, country="US"), False, "usual", "Our usual tax"),
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

"""Tax numbers are checked by the rule of their country."""

import pytest

from procurement.kernel.errors import Invalid
from procurement.kernel.tax_numbers import tax_number


# Numbers that python-stdnum and the registers themselves print as examples.
@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("", ""),
        ("IE 6433435F", "IE6433435F"),
        ("ie6433435f", "IE6433435F"),
        ("GB 980 7806 84", "GB980780684"),
        ("DE136695976", "DE136695976"),
        ("EL 094259216", "EL094259216"),
        ("FR 40 303 265 045", "FR40303265045"),
        ("CHE-107.787.577 IVA", "CHE107787577IVA"),
        ("NO 995 525 828 MVA", "NO995525828MVA"),
        ("AU 83 914 571 673", "AU83914571673"),
        ("US 91-1144442", "US911144442"),
        ("AE 100 2000 3000", "AE10020003000"),  # no rule is known for it
    ],
)
def test_a_number_is_kept_without_spaces_and_dots(written, kept):
    assert tax_number(written, "vat_id") == kept


@pytest.mark.parametrize(
    "written", ["6433435F", "IE6433435E", "GB980780685", "DE136695979", "CH123", "ZZ12345678", "IE"]
)
def test_what_cannot_be_right_is_refused_at_its_field(written):
    with pytest.raises(Invalid) as refused:
        tax_number(written, "vat_id")
    assert refused.value.errors[0].field == "vat_id"


def test_what_stood_there_before_may_stay():
    assert tax_number("old number", "vat_id", kept="old number") == "old number"

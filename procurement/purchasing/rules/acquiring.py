"""Buying goods from another member state of the Union: who owes the tax.

Council Directive 2006/112/EC: the supply of goods sent to a taxable person with a VAT number in another member state
is exempt (article 138(1)); who acquires them owes the tax at home (articles 2(1)(b), 200). Articles 194 to 196 shift
the tax of supplies within one state, of gas and electricity and of services; an order of goods from abroad is none
of these.
"""

# ISO 3166-1 codes of the member states (article 5(2); the United Kingdom left on 31 January 2020).
UNION = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES",
        "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
        "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    }
)  # fmt: skip
NOTE = (
    "Intra-Community supply, exempt under article 138 of Directive 2006/112/EC. We account for the VAT on it; "
    "please invoice without it and name our VAT number {vat_id}."
)


def is_acquisition(seller: str, buyer: str, vat_id: str) -> bool:
    """Whether we owe the tax: both in the Union, in different states, and we have a VAT number."""
    return bool(vat_id.strip()) and seller in UNION and buyer in UNION and seller != buyer

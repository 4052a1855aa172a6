"""How a line stands towards VAT, in the codes of invoices: UNCL5305, as EN 16931 (BT-151) and Peppol narrow it."""

from enum import StrEnum


class TaxCategory(StrEnum):
    """Only standard-rated lines have a rate above nothing (BR-S-5, BR-Z-5, BR-E-5, BR-AE-5, BR-IC-5, BR-G-5)."""

    STANDARD = "S"  # any rate above nothing
    ZERO = "Z"  # taxed, at nothing
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    INTRA_COMMUNITY = "K"
    EXPORT = "G"
    OUTSIDE = "O"  # outside the scope of the tax

    @property
    def reason_code(self) -> str:
        """The VATEX code of the reason (BT-121); an exemption has none of its own, its reason is said in words."""
        return _REASON_CODES.get(self, "")

    @property
    def needs_reason(self) -> bool:
        """Whether an invoice says why it is not taxed (BR-E-10, BR-AE-10, BR-IC-10, BR-G-10, BR-O-10)."""
        return self not in {TaxCategory.STANDARD, TaxCategory.ZERO}


# CEF VATEX code list; PEPPOL-EN16931-P0104 to P0107 tie each to its category.
_REASON_CODES = {
    TaxCategory.REVERSE_CHARGE: "VATEX-EU-AE",
    TaxCategory.INTRA_COMMUNITY: "VATEX-EU-IC",
    TaxCategory.EXPORT: "VATEX-EU-G",
    TaxCategory.OUTSIDE: "VATEX-EU-O",
}

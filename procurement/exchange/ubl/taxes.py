"""The tax of an invoice as EN 16931 wants it: a breakdown by category and rate, and what each category asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.documents.trade import TradeParty
from procurement.kernel.errors import Conflict
from procurement.kernel.money import TaxRate
from procurement.kernel.tax_categories import TaxCategory
from procurement.sales.terms.exports import InvoiceDraft, InvoiceLine


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One VAT breakdown (BG-23)."""

    category: TaxCategory
    rate: TaxRate
    net: Decimal
    tax: Decimal
    why: str  # each reason of its lines once; empty for what is taxed


def breakdown(draft: InvoiceDraft) -> list[Breakdown]:
    """Of one category and rate there is exactly one (BR-S-08, BR-E-01 and their like), whatever codes lines have."""
    found: dict[tuple[TaxCategory, TaxRate], Breakdown] = {}
    for row in draft.taxes:
        key = row.category, row.rate
        before = found.get(key)
        found[key] = Breakdown(
            row.category,
            row.rate,
            row.net.decimal + (before.net if before else 0),
            row.tax.decimal + (before.tax if before else 0),
            before.why if before else _why(draft.lines, row.category),
        )
    return list(found.values())


def _why(lines: Sequence[InvoiceLine], category: TaxCategory) -> str:
    said = (line.why_untaxed for line in lines if line.category is category and line.why_untaxed)
    return "; ".join(dict.fromkeys(said))


def require_tax_said(draft: InvoiceDraft, seller: TradeParty, buyer: TradeParty) -> None:
    """Conflict where a rule asks for what nobody has told us."""
    used = {line.category for line in draft.lines}
    if TaxCategory.OUTSIDE in used:
        if len(used) > 1:  # BR-O-11 to BR-O-14
            raise Conflict("What is outside the scope of VAT stands alone on an invoice.")
        return
    if not _is_vat(seller.vat_id):  # BR-S-02, BR-Z-02, BR-E-02, BR-AE-02, BR-IC-02, BR-G-02
        if used & _BETWEEN_COUNTRIES:
            raise Conflict("Please tell our own VAT number under Company: this invoice names it.")
        return
    if used & _NAMES_THE_BUYER and not _is_vat(buyer.vat_id):  # BR-AE-02, BR-IC-02
        raise Conflict("The customer's VAT number is missing, which a line untaxed abroad needs.")
    if TaxCategory.INTRA_COMMUNITY in used and not draft.deliver_country:  # BR-IC-12
        raise Conflict("The country of delivery is missing: please tell it with the address.")


_NAMES_THE_BUYER = {TaxCategory.REVERSE_CHARGE, TaxCategory.INTRA_COMMUNITY}
_BETWEEN_COUNTRIES = _NAMES_THE_BUYER | {TaxCategory.EXPORT}


def _is_vat(number: str) -> bool:
    """A VAT number has its country before it (BR-CO-09)."""
    return bool(number) and number[:2].isalpha()

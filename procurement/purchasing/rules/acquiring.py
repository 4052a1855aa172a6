"""Buying goods from another member state of the Union: who owes the tax.

Council Directive 2006/112/EC: the supply of goods that are sent to another member state is exempt where the buyer has
a VAT number of a state other than the one they leave (article 138(1)); who acquires them owes the tax (articles
2(1)(b), 40, 200). Articles 194 to 196 shift the tax of supplies within one state, of gas and electricity and of
services; an order of goods from abroad is none of these.
"""

from procurement.kernel.countries import UNION

NOTE = (
    "Intra-Community supply, exempt under article 138 of Directive 2006/112/EC. We account for the VAT on it; "
    "please invoice without it and name our VAT number {vat_id}."
)


def is_acquisition(seller: str, delivery: str, buyer: str, vat_id: str) -> bool:
    """Whether the buyer owes the tax of goods that leave the seller's country for the country of delivery.

    ISO 3166-1 codes; `buyer` is the country of the buyer's VAT number.
    """
    within = seller in UNION and delivery in UNION and buyer in UNION
    return bool(vat_id.strip()) and within and seller not in {delivery, buyer}

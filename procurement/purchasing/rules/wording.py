"""How an order's paper says quantities and prices: so many packs, and what that is in smaller ones."""

from collections.abc import Sequence
from decimal import Decimal

from procurement.catalogue.rules.wording import (
    PackSize,
    base_of,
    base_quantity,
    pack_word,
    plural,
    price_per_unit,
)
from procurement.documents.content import Amount, Price
from procurement.kernel.money import UnitPrice
from procurement.kernel.quantity import Unit
from procurement.purchasing.terms import Fault, ReturnReason

FAULT_WORDS = {
    Fault.DAMAGED: "Damaged",
    Fault.SHORT_DATED: "Short-dated",
    Fault.WRONG_GOODS: "Wrong goods",
    Fault.MISSING: "Missing",
    Fault.OTHER: "Something else",
}
RETURN_WORDS = {
    ReturnReason.DAMAGED: "Damaged",
    ReturnReason.SHORT_DATED: "Short-dated",
    ReturnReason.WRONG_GOODS: "Wrong goods",
    ReturnReason.EXPIRED: "Past its date",
    ReturnReason.RECALLED: "Recalled",
    ReturnReason.SURPLUS: "More than we need",
    ReturnReason.OTHER: "Something else",
}


def order_amounts(
    packs: int, price: UnitPrice, pack: PackSize, unit: Unit, others: Sequence[PackSize]
) -> tuple[Amount, Price, Amount | None]:
    """Packs ordered, the price of one, and the quantity in what a pack holds: 2 cases, 84.00 a case, 24 bottles."""
    word = pack_word(pack.name)
    ordered = Amount(Decimal(packs), word if packs == 1 else plural(word))
    base = base_of(pack, unit, others)
    if base is None:
        return ordered, Price(price.decimal, word), None
    each = Price(price.decimal, word, price_per_unit(price, base), base.word)
    return ordered, each, Amount(*base_quantity(base, packs))


def paper_name(number: str, revision: int) -> str:
    """How an issue of an order is named on disk, without the ending: PO-2026-0042-R1."""
    return f"{number}-R{revision}" if revision else number

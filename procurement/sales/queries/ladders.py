"""The price breaks of a line, as a paper tells them."""

from decimal import Decimal

from procurement.catalogue.rules.wording import BaseMeasure, price_per_unit
from procurement.documents.content import Ladder, PriceStep
from procurement.documents.languages.words import Words
from procurement.sales.queries.offers import OfferedPack
from procurement.sales.queries.quotes import QuoteLineRow
from procurement.sales.rules.pricing import PriceFound
from procurement.sales.rules.speaking import pack_said


def ladder_of(
    row: QuoteLineRow,
    pack: OfferedPack,
    base: BaseMeasure | None,
    found: PriceFound | None,
    words: Words,
) -> Ladder | None:
    """Only for a line that pays the list's price without a discount: else the ladder would not be true."""
    if found is None or len(found.steps) < 2 or row.discount.basis_points:
        return None
    if row.price != found.price:
        return None
    saving = found.next_break
    return Ladder(
        pack=pack.name if words.language == "en" else pack_said(words, pack.name, 1),
        unit=pack_said(words, base.word, 1) if base else "",
        steps=tuple(
            PriceStep(
                packs=f"{step.from_packs} {pack_said(words, pack.name, step.from_packs)}",
                per_pack=Decimal(step.price.amount),
                per_unit=price_per_unit(step.price, base) if base else None,
            )
            for step in found.steps
        ),
        standing=found.standing,
        ordered=f"{row.packs} {pack_said(words, pack.name, row.packs)}",
        more=Decimal(saving.more) if saving else None,
        saves=found.price.decimal - saving.price.decimal if saving else None,
    )

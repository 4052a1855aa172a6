"""The price breaks of a line, as a paper tells them."""

from decimal import Decimal

from procurement.catalogue.rules.wording import BaseMeasure, counted, price_per_unit
from procurement.documents.content import Ladder, PriceStep
from procurement.sales.queries.offers import OfferedPack
from procurement.sales.queries.quotes import QuoteLineRow
from procurement.sales.rules.pricing import PriceFound


def ladder_of(
    row: QuoteLineRow, pack: OfferedPack, base: BaseMeasure | None, found: PriceFound | None
) -> Ladder | None:
    """Only for a line that pays the list's price without a discount: else the ladder would not be true."""
    if found is None or len(found.steps) < 2 or row.discount.basis_points:
        return None
    if row.price != found.price:
        return None
    saving = found.next_break
    return Ladder(
        pack=pack.name,
        unit=base.word if base else "",
        steps=tuple(
            PriceStep(
                packs=counted(step.from_packs, pack.name),
                per_pack=Decimal(step.price.amount),
                per_unit=price_per_unit(step.price, base) if base else None,
            )
            for step in found.steps
        ),
        standing=found.standing,
        ordered=counted(row.packs, pack.name),
        more=Decimal(saving.more) if saving else None,
        saves=found.price.decimal - saving.price.decimal if saving else None,
    )

"""The price breaks of a line, as a paper tells them."""

from decimal import ROUND_HALF_UP, Decimal

from procurement.catalogue.rules.wording import BaseMeasure, price_per_unit
from procurement.documents.content import Ladder, PriceStep
from procurement.documents.languages.words import Words
from procurement.kernel.money import minor_digits
from procurement.sales.queries.offers import OfferedPack
from procurement.sales.queries.quotes import QuoteLineRow
from procurement.sales.rules.pricing import PriceFound
from procurement.sales.rules.speaking import pack_said

_FINEST = Decimal("0.0001")  # of a price per pack


def ladder_of(
    row: QuoteLineRow,
    pack: OfferedPack,
    base: BaseMeasure | None,
    found: PriceFound | None,
    words: Words,
) -> Ladder | None:
    """Other quantities that are offered; else the list's breaks, for a line that pays the list's price.

    With a discount or another price the list's breaks would not be true.
    """
    if row.offers and row.price is not None:
        return _offered(row, pack, base, words)
    if found is None or len(found.steps) < 2 or row.discount.basis_points:
        return None
    if row.price != found.price:
        return None
    saving = found.next_break
    return Ladder(
        pack=_pack(pack, words),
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


def _pack(pack: OfferedPack, words: Words) -> str:
    return pack.name if words.language == "en" else pack_said(words, pack.name, 1)


def _offered(
    row: QuoteLineRow, pack: OfferedPack, base: BaseMeasure | None, words: Words
) -> Ladder:
    """The line's own quantity among the others, each at what a pack then costs after its discount."""
    own = [(row.packs, row.price, row.discount)]
    others = [(one.packs, one.price, one.discount) for one in row.offers if one.packs != row.packs]
    steps = sorted([*own, *others], key=lambda step: step[0])
    prices = [
        price.decimal * (1 - off.fraction) if price else Decimal(0) for _, price, off in steps
    ]
    costs = [price.quantize(_FINEST, rounding=ROUND_HALF_UP) for price in prices]
    place = next(i for i, step in enumerate(steps) if step[0] == row.packs)
    more = saves = None
    if place + 1 < len(steps) and costs[place + 1] < costs[place]:
        more = Decimal(steps[place + 1][0] - row.packs)
        saves = costs[place] - costs[place + 1]
    return Ladder(
        pack=_pack(pack, words),
        unit=pack_said(words, base.word, 1) if base else "",
        steps=tuple(
            PriceStep(
                packs=f"{packs} {pack_said(words, pack.name, packs)}",
                per_pack=cost,
                per_unit=_per_unit(cost, base, row.net.currency),
            )
            for (packs, _, _), cost in zip(steps, costs, strict=True)
        ),
        standing=place,
        ordered=f"{row.packs} {pack_said(words, pack.name, row.packs)}",
        more=more,
        saves=saves,
        exact=True,
    )


def _per_unit(cost: Decimal, base: BaseMeasure | None, currency: str) -> Decimal | None:
    if base is None:
        return None
    places = Decimal(1).scaleb(-minor_digits(currency))
    return (cost / base.per_pack).quantize(places, rounding=ROUND_HALF_UP)

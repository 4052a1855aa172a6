"""What a pack costs whoever looks, in words: per pack, per what it is made of, and from how many it costs less."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from procurement.catalogue.rules.wording import (
    PackSize,
    base_of,
    counted,
    pack_word,
    price_per_unit,
)
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money, UnitPrice
from procurement.kernel.quantity import Quantity
from procurement.sales.queries.prices import PriceBook
from procurement.sales.queries.shop import price_book_in_shop
from procurement.sales.rules.pricing import PriceFound
from procurement.web.filters import show_money, today

_SINGLE = frozenset({"each", "piece"})


@dataclass(frozen=True, slots=True)
class PriceTag:
    """One pack's price beside a product. Empty words where there is nothing to say."""

    price: UnitPrice
    per_pack: str  # "per bottle"
    per_unit: str  # "€22.40 per l"
    next: str  # "10.70 from 60, 12 more"
    steps: tuple[tuple[str, UnitPrice, str], ...]  # from, price, per unit
    total: Money

    @property
    def words(self) -> str:
        """The price of one; what costs nothing is a sample."""
        return "Free sample" if self.is_sample else show_money(self.price)

    @property
    def is_sample(self) -> bool:
        return self.price.e4 == 0

    @property
    def is_ladder(self) -> bool:
        return len(self.steps) > 1


def price_book_for(
    session: ReadSession, pack_ids: Collection[int], actor: Actor
) -> PriceBook | None:
    """The actor's own prices; for visitors and staff what the shop shows everybody; None where that is nothing."""
    return price_book_in_shop(session, pack_ids, actor=actor)


def tag_for(
    book: PriceBook | None,
    pack_id: int | None,
    pack: PackSize,
    size: Quantity,
    *,
    packs: int = 0,
    others: Sequence[PackSize] = (),
) -> PriceTag | None:
    """None where no list of theirs has a price: it is asked for."""
    if book is None or pack_id is None:
        return None
    found = book.price(pack_id, packs, today()) if packs else _from_first_step(book, pack_id)
    if found is None:
        return None
    base = base_of(pack, size.unit, others)

    def per_unit(price: UnitPrice) -> str:
        if base is None or price.e4 == 0:
            return ""
        exact = Money.parse(format(price_per_unit(price, base), "f"), price.currency)
        return f"{show_money(exact)} per {base.word}"

    word = pack_word(pack.name)
    return PriceTag(
        price=found.price,
        per_pack="each" if word in _SINGLE else f"per {word}",
        per_unit=per_unit(found.price),
        next=_next(found, pack.name, packs),
        steps=tuple(
            (_so_many(step.from_packs, pack.name), step.price, per_unit(step.price))
            for step in found.steps
        ),
        total=found.price.total(packs),
    )


def _from_first_step(book: PriceBook, pack_id: int) -> PriceFound | None:
    """The price of one pack; a list may begin above one: then its first step is what there is to say."""
    one = book.price(pack_id, 1, today())
    if one is not None:
        return one
    priced = (steps for (_, pack), steps in book.steps.items() if pack == pack_id)
    least = min((step.from_packs for steps in priced for step in steps), default=None)
    return None if least is None else book.price(pack_id, least, today())


def _next(found: PriceFound, pack_name: str, packs: int) -> str:
    step, first = found.next_break, found.steps[0].from_packs
    if not packs and first > 1:
        return f"from {_so_many(first, pack_name)}"
    if step is None:
        return "Your best price" if len(found.steps) > 1 else ""
    words = f"{show_money(step.price, symbol=False)} from {_so_many(step.from_packs, pack_name)}"
    return f"{words}, {step.from_packs - packs:,} more" if packs else words


def _so_many(packs: int, pack_name: str) -> str:
    """6 bottles; what is sold singly is only counted: 6."""
    return f"{packs:,}" if pack_word(pack_name) in _SINGLE else counted(packs, pack_name)

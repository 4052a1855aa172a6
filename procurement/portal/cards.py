"""Products as cards: with the price whoever looks pays, what stock says, and how many are in the basket."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from procurement.catalogue.queries.search import ProductRow
from procurement.catalogue.rules.wording import PackSize
from procurement.planning.rules.badges import Badge
from procurement.portal.prices import PriceTag, tag_for
from procurement.portal.stock_words import StockWords, stock_words
from procurement.sales.queries.prices import PriceBook


@dataclass(frozen=True, slots=True)
class Card:
    """A product on the shelf."""

    row: ProductRow
    tag: PriceTag | None
    packs: int  # in the basket
    stock: StockWords


def cards_of(
    rows: Iterable[ProductRow],
    book: PriceBook | None,
    basket: Mapping[int, int],
    badges: Mapping[int, Badge],
) -> list[Card]:
    return [
        Card(
            row,
            _tag(book, row, basket),
            basket.get(row.pack_id or 0, 0),
            stock_words(badges.get(row.id)),
        )
        for row in rows
    ]


def _tag(book: PriceBook | None, row: ProductRow, basket: Mapping[int, int]) -> PriceTag | None:
    if row.pack_size is None or row.pack_name is None:
        return None
    pack = PackSize(row.pack_name, row.pack_size.steps)
    packs = basket.get(row.pack_id or 0, 0)
    return tag_for(book, row.pack_id, pack, row.pack_size, packs=packs)

"""The lines of a quick order as the page shows them and gets them back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from werkzeug.datastructures import MultiDict

from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money
from procurement.planning.queries.shop import pack_badges
from procurement.portal.prices import PriceTag, price_book_for, tag_for
from procurement.portal.stock_words import StockWords, stock_words
from procurement.sales.queries.quick_order import Choice, FoundLine, find_lines
from procurement.sales.rules.written import (
    LONGEST,
    Way,
    WrittenLine,
    read_line,
    read_named,
    unclear,
)
from procurement.web.filters import today

SPARE = 5  # rows to type into below the others


@dataclass(frozen=True, slots=True)
class QuickLine:
    """A line with its price and stock; `code` and `packs` are what its fields hold."""

    found: FoundLine
    code: str
    packs: str
    tag: PriceTag | None = None
    stock: StockWords = field(default_factory=StockWords)

    @property
    def rule_problem(self) -> str:
        """What the seller's order rules say of so many; it may be put into a basket all the same."""
        found = self.found
        return found.pack.rule.problem(found.packs) if found.pack and found.is_good else ""

    @property
    def is_as_written(self) -> bool:
        """Whether the fields say all that was written, so that nothing is to be shown beside them."""
        written = self.found.written.text.replace(";", " ").split()
        return sorted(written) in (sorted([*self.code.split(), *self.packs.split()]), [self.code])

    @property
    def lacks_pack(self) -> str:
        """The pack that was written where there is none of that name; "" otherwise."""
        if self.found.product is None or self.found.pack is not None:
            return ""
        return next((way.pack for way in self.found.written.ways if way.pack), "")

    @property
    def options(self) -> list[tuple[str, str, str, str]]:
        """Value, name, pack and number of what may be meant instead; the value is read again as a line."""
        return [
            (chosen_text(one), one.product.name, one.pack.name, f"{one.packs:,}")
            for one in self.found.choices
        ]


@dataclass(frozen=True, slots=True)
class QuickOrder:
    """The whole list, priced."""

    lines: tuple[QuickLine, ...] = ()
    sees_prices: bool = False

    @property
    def good(self) -> list[QuickLine]:
        return [line for line in self.lines if line.found.is_good]

    @property
    def bad(self) -> list[QuickLine]:
        return [line for line in self.lines if not line.found.is_good]

    @property
    def packs(self) -> dict[int, int]:
        """How many of which pack (by key), of the lines that are understood."""
        return {one.pack.id: one.packs for line in self.good if (one := line.found).pack}

    @property
    def total(self) -> Money | None:
        totals = [line.tag.total for line in self.good if line.tag]
        return sum(totals[1:], start=totals[0]) if totals else None

    @property
    def unpriced(self) -> int:
        return sum(line.tag is None for line in self.good)


def chosen_text(one: Choice) -> str:
    """A choice as a line of text that can be read in one way only."""
    return f"{one.product.sku}\t{one.packs}\t{one.pack.code}"


def priced(
    session: ReadSession, written: Sequence[WrittenLine], *, actor: Actor, at: datetime
) -> QuickOrder:
    """What the lines mean, with the actor's own prices and what stock lets one say."""
    if not written:
        return QuickOrder()
    found = find_lines(session, written, on=today(), customer=actor.customer_id)
    packs = {one.pack.id for one in found if one.pack}
    book = price_book_for(session, packs, actor)
    products = {one.product.id for one in found if one.product and one.pack}
    badges = pack_badges(session, products, at=at)
    lines = []
    for one in found:
        code, number = _fields(one)
        if one.product is None or one.pack is None:
            lines.append(QuickLine(one, code, number))
            continue
        tag = tag_for(
            book,
            one.pack.id,
            one.pack.size,
            one.product.size_of(one.pack),
            packs=one.packs,
            others=one.product.others(one.pack),
        )
        lines.append(QuickLine(one, code, number, tag, stock_words(badges.get(one.pack.id))))
    return QuickOrder(tuple(lines), book is not None)


def _fields(one: FoundLine) -> tuple[str, str]:
    """What stands in the fields: the SKU and number of what is known, else the text as it was written."""
    if one.product is not None and one.pack is not None:
        return one.product.sku, str(one.packs)
    ways = [way for way in one.written.ways if way.packs is not None]
    if len(ways) == 1 and not one.choices:
        return ways[0].product, str(ways[0].packs)
    return one.written.text, ""


def sent_lines(form: MultiDict[str, str], dropped: str = "") -> list[WrittenLine]:
    """The rows of the page as they were sent; a row without a code is none."""
    numbers = sorted(
        int(rest)
        for name in form
        if (rest := name.removeprefix("code-")) != name
        and rest.isascii()
        and rest.isdigit()
        and len(rest) < 6
    )
    return [
        line
        for number in numbers
        if str(number) != dropped and (line := _sent(form, number)) is not None
    ]


def _sent(form: MultiDict[str, str], number: int) -> WrittenLine | None:
    picked = form.get(f"pick-{number}", "")
    if picked:
        sku, packs, pack = (*picked.split("\t"), "", "")[:3]
        return read_named([sku], packs, pack)
    code = form.get(f"code-{number}", "").strip()[: LONGEST + 1]
    packs = form.get(f"packs-{number}", "").strip()[:24]
    text = form.get(f"text-{number}", "").strip()[:LONGEST]
    if not code:
        return None
    if not packs:
        return read_line(code, today=today())
    if not packs.isascii() or not packs.isdigit() or len(packs) > 7:
        return WrittenLine(text or code, (), unclear(packs))
    way = Way(code, int(packs), form.get(f"pack-{number}", "")[:64])
    return WrittenLine(text or code, (way,))


def kept_back(lines: Iterable[QuickLine]) -> list[WrittenLine]:
    """What is left to look at when the rest has gone."""
    return [line.found.written for line in lines]

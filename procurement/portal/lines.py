"""The lines of a basket as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from procurement.catalogue.rules.wording import PackSize, counted
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money
from procurement.kernel.permissions import Permission
from procurement.portal.prices import PriceTag, tag_for
from procurement.sales.queries.baskets import BasketRow
from procurement.sales.queries.order_terms import own_standing
from procurement.sales.queries.prices import PriceBook
from procurement.sales.rules.order_terms import Standing

SINGLE = "each"


@dataclass(frozen=True, slots=True)
class Line:
    """So many packs, in words, with their price where one is known."""

    row: BasketRow
    words: str
    tag: PriceTag | None

    @property
    def problem(self) -> str:
        """Why so many cannot be ordered: "Sold in sixes: make it 12."; "" where they can."""
        return self.row.rule.problem(self.row.packs)

    @property
    def nearest(self) -> int:
        return self.row.rule.nearest(self.row.packs)

    @property
    def is_single(self) -> bool:
        """A pack that is no pack: one piece by itself."""
        return self.row.pack_name.casefold() == SINGLE


def lines_of(rows: Sequence[BasketRow], book: PriceBook | None) -> list[Line]:
    return [
        Line(
            row,
            counted(row.packs, "piece" if row.pack_name.casefold() == SINGLE else row.pack_name),
            tag_for(
                book,
                row.pack_id,
                PackSize(row.pack_name, row.size.steps),
                row.size,
                packs=row.packs,
            ),
        )
        for row in rows
    ]


def own_standing_of(session: ReadSession, lines: Sequence[Line], actor: Actor) -> Standing | None:
    """How a buyer's basket stands to the least value and to freight; None where there is no price yet."""
    net, goods = total_of(lines), total_of([line for line in lines if line.row.is_goods])
    if net is None or not actor.may(Permission.BUY):
        return None
    return own_standing(session, goods or Money(0, net.currency), net, actor=actor)


def total_of(lines: Sequence[Line]) -> Money | None:
    """The sum of what has a price; None where nothing has."""
    totals = [line.tag.total for line in lines if line.tag]
    if not totals:
        return None
    return sum(totals[1:], start=totals[0])

"""Answers side by side: how many packs cover what is wanted, what that costs, who is cheapest and fastest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.kernel.money import UnitPrice
from procurement.kernel.quantity import Quantity, Unit

# What a cost is told for: a litre, a kilogram, a piece.
_PER = {Unit.ML: Decimal(1000), Unit.G: Decimal(1000), Unit.PIECE: Decimal(1)}
PER_WORD = {Unit.ML: "litre", Unit.G: "kilogram", Unit.PIECE: "piece"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A bid as it is compared: pack size and wanted amount in steps; `rate` into the company's currency, or None."""

    supplier: str
    pack_steps: int
    prices: tuple[tuple[int, UnitPrice], ...]  # from so many packs
    moq: int
    lead_time_days: int
    rate: Decimal | None


@dataclass(frozen=True, slots=True)
class Compared:
    """What covering the need with a bid takes; `unit_cost` for a litre, kilogram or piece in our currency."""

    packs: int
    price: UnitPrice
    unit_cost: Decimal | None
    is_cheapest: bool = False
    is_fastest: bool = False


def packs_for(wanted_steps: int, pack_steps: int, moq: int) -> int:
    """Whole packs that cover what is wanted, at least the supplier's least."""
    return max(moq, -(-wanted_steps // pack_steps))


def price_at(prices: Sequence[tuple[int, UnitPrice]], packs: int) -> UnitPrice:
    """The price of the highest break reached, for every pack. The first break is from one pack."""
    return max((from_packs, price) for from_packs, price in prices if from_packs <= packs)[1]


def compared(wanted: Quantity, bids: Sequence[Offered]) -> dict[str, Compared]:
    """By supplier. Cheapest by what is paid for what is wanted; where that is equal, all of them are marked.

    Marks are given only where there is something to choose: with two answers or more.
    """
    found = {bid.supplier: _compared(wanted, bid) for bid in bids}
    costs = {who: one.unit_cost for who, one in found.items() if one.unit_cost is not None}
    cheapest = min(costs.values(), default=None)
    fastest = min((bid.lead_time_days for bid in bids), default=None)
    is_choice = len(bids) > 1
    return {
        bid.supplier: Compared(
            one.packs,
            one.price,
            one.unit_cost,
            is_cheapest=is_choice and one.unit_cost is not None and one.unit_cost == cheapest,
            is_fastest=is_choice and bid.lead_time_days == fastest,
        )
        for bid in bids
        for one in [found[bid.supplier]]
    }


def _compared(wanted: Quantity, bid: Offered) -> Compared:
    packs = packs_for(wanted.steps, bid.pack_steps, bid.moq)
    price = price_at(bid.prices, packs)
    cost = None
    if bid.rate is not None:
        amount = Quantity(bid.pack_steps, wanted.unit).decimal / _PER[wanted.unit]
        cost = price.decimal * bid.rate / amount
    return Compared(packs, price, cost)


def is_late(answer_by: date, today: date) -> bool:
    """The last day counts."""
    return today > answer_by

"""From whom to buy what is missing, and how the packs are shared out between those who miss it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.kernel.quantity import Quantity
from procurement.sourcing.rules.offers import Offer, RightOrder, right_order


@dataclass(frozen=True, slots=True)
class Source:
    """A supplier item to buy from."""

    supplier: str
    supplier_name: str
    pack: str
    lead_time_days: int
    preferred: bool
    offer: Offer


@dataclass(frozen=True, slots=True)
class Choice:
    """The source taken and the order that covers the need."""

    source: Source
    order: RightOrder
    offers: int  # how many there were to choose from

    @property
    def why(self) -> tuple[str, ...]:
        return (*self.order.why, _why(self.source, self.offers))


def choose(
    sources: Sequence[Source], needed: Quantity, worth: Mapping[str, Decimal]
) -> Choice | None:
    """The preferred source, else the cheapest for this quantity; None when nobody sells it.

    `worth` says what one unit of a currency is in the company's; a currency without a rate, like an unknown price,
    is taken only when there is nothing else.
    """
    if not sources:
        return None
    orders = [(source, right_order(source.offer, needed)) for source in sources]
    if len(orders) == 1:
        return Choice(*orders[0], 1)
    source, order = min(orders, key=lambda found: _rank(found[0], found[1], worth))
    return Choice(source, order, len(orders))


def _rank(
    source: Source, order: RightOrder, worth: Mapping[str, Decimal]
) -> tuple[bool, bool, Decimal, int, str, str]:
    rate = worth.get(source.offer.currency)
    total = order.total
    comparable = total is not None and rate is not None
    cost = total.decimal * rate if total is not None and rate is not None else Decimal(0)
    return (
        not source.preferred,
        not comparable,
        cost,
        source.lead_time_days,
        source.supplier,
        source.pack,
    )


def _why(source: Source, offers: int) -> str:
    if source.preferred:
        return f"{source.supplier_name} is the preferred supplier for it."
    if offers > 1:
        return f"{source.supplier_name} is the cheapest of {offers} offers for this quantity."
    return f"{source.supplier_name} is the only supplier on file."


def share_packs(packs: int, pack_steps: int, needs: Sequence[int]) -> list[int]:
    """Whole packs for each need, in their order, adding up to `packs`.

    A pack that is opened for one need serves the next as well; what MOQ and multiples add goes to the last.
    """
    shares: list[int] = []
    covered = needed = 0
    for need in needs:
        needed += need
        share = max(0, -(-needed // pack_steps) - covered)
        shares.append(share)
        covered += share
    shares[-1] += packs - covered
    return shares

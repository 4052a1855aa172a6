"""From whom to buy what is missing, and how the packs are shared out between those who miss it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from procurement.kernel.quantity import Quantity
from procurement.sourcing.rules.offers import (
    Offer,
    RightOrder,
    accepted_from,
    mean_price,
    right_order,
)

_WEEK = 7


@dataclass(frozen=True, slots=True)
class Source:
    """A supplier item to buy from."""

    supplier: str
    supplier_name: str
    pack: str
    lead_time_days: int
    preferred: bool
    offer: Offer
    guaranteed_days: int | None = None  # shelf life left at delivery; None: the product's own
    blanket: str = ""  # the blanket order whose price it is; of it `left` packs can be called off
    left: int | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.supplier, self.pack, self.blanket)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a buying site and those it buys for use of a product, and what they have of it and wait for; in steps.

    `part` is the share of it that one of several places may buy for.
    """

    per_week: int
    there_and_coming: int
    shelf_life_days: int | None
    part: tuple[int, int] = (1, 1)

    def most(self, source: Source, grain: int = 1) -> int | None:
        """What can be used of a delivery before it expires, when what is there is used first; None: not known.

        Down to whole `grain`.
        """
        life = source.guaranteed_days or self.shelf_life_days
        if life is None or not self.per_week:
            return None
        until = life + source.lead_time_days
        usable = max(self.per_week * until // _WEEK - self.there_and_coming, 0)
        share, whole = self.part
        return usable * share // whole // grain * grain

    def part_for(self, needed: int, all_needed: int) -> "Shelf":
        """What one place may have of it beside others that need it, too; the last of them may have what is left."""
        return replace(self, part=(needed, all_needed))

    def less(self, bought: int) -> "Shelf":
        """What is left of it for the next place."""
        return replace(self, there_and_coming=self.there_and_coming + bought)


@dataclass(frozen=True, slots=True)
class Choice:
    """The source taken and the order that covers the need."""

    source: Source
    order: RightOrder
    offers: int  # how many there were to choose from
    most: int | None = None  # steps that can be used before they expire

    @property
    def why(self) -> tuple[str, ...]:
        return (*self.order.why, *_agreed(self.source), _why(self.source, self.offers))


def choose(
    sources: Sequence[Source],
    needed: Quantity,
    worth: Mapping[str, Decimal],
    shelf: Shelf | None = None,
) -> Choice | None:
    """The preferred source, else the cheapest for this quantity; None when nobody sells it, or so little of it.

    `worth` says what one unit of a currency is in the company's; a currency without a rate, like an unknown price,
    is taken only when there is nothing else. Of what `shelf` says can be used before it expires, not more is bought.
    A blanket order is drawn on where enough is left of it for all of the need.
    """
    found = []
    for source in sources:
        most = shelf.most(source, needed.unit.steps) if shelf else None
        order = _order(source.offer, needed, most)
        if order is not None and (source.left is None or order.packs <= source.left):
            found.append(Choice(source, order, len(sources), most))
    if not found:
        return None
    return min(found, key=lambda choice: _rank(choice.source, choice.order, worth))


def _order(offer: Offer, needed: Quantity, most: int | None) -> RightOrder | None:
    """The right order, or the greatest the supplier accepts of what can be used; None when that is not even one."""
    order = right_order(offer, needed)
    if most is None or offer.pack.size.steps * order.packs <= most:
        return order
    greatest = most // offer.pack.size.steps // offer.multiple * offer.multiple
    if not greatest or accepted_from(offer, greatest) != greatest:
        return None
    packs = min(greatest, accepted_from(offer, -(-needed.steps // offer.pack.size.steps)))
    price = mean_price(offer.scheme, offer.price_breaks, packs)
    wanted = min(needed, offer.pack.of(packs))
    return RightOrder(offer, wanted, packs, price)


def _rank(
    source: Source, order: RightOrder, worth: Mapping[str, Decimal]
) -> tuple[bool, bool, Decimal, int, str, str, bool]:
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
        not source.blanket,
    )


def _agreed(source: Source) -> Iterator[str]:
    if source.blanket:
        yield f"The price is that of {source.blanket}, on which {source.left} packs are left."


def _why(source: Source, offers: int) -> str:
    if source.preferred:
        return f"{source.supplier_name} is the preferred supplier for it."
    if offers > 1:
        return f"{source.supplier_name} is the cheapest of {offers} offers for this quantity."
    return f"{source.supplier_name} is the only supplier on file."


def share_packs(packs: int, pack_steps: int, needs: Sequence[int]) -> list[int]:
    """Whole packs for each need, in their order, adding up to `packs`.

    A pack that is opened for one need serves the next as well; what MOQ and multiples add goes to the last, and where
    fewer are bought than needed, the first have theirs first.
    """
    shares: list[int] = []
    covered = needed = 0
    for need in needs:
        needed += need
        share = max(0, min(-(-needed // pack_steps), packs) - covered)
        shares.append(share)
        covered += share
    shares[-1] += packs - covered
    return shares

"""What to order of one supplier item when so much is needed: the cheapest order the supplier accepts, and why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from procurement.kernel.money import Money, UnitPrice
from procurement.kernel.quantity import Pack, Quantity
from procurement.sourcing.terms import PriceBreak


@dataclass(frozen=True, slots=True)
class Offer:
    """A supplier item as the rule sees it. MOQ and multiple count packs; breaks in any order, or none."""

    pack: Pack
    currency: str
    moq: int = 1
    multiple: int = 1
    price_breaks: tuple[PriceBreak, ...] = ()


@dataclass(frozen=True, slots=True)
class RightOrder:
    """So many packs at this price; `price` is None when the supplier's price is not known."""

    offer: Offer
    needed: Quantity
    packs: int
    price: UnitPrice | None

    @property
    def total(self) -> Money | None:
        return self.price.total(self.packs) if self.price else None

    @property
    def why(self) -> tuple[str, ...]:
        return tuple(_reasons(self))


def price_at(price_breaks: Sequence[PriceBreak], packs: int) -> UnitPrice | None:
    """The price of one pack when so many are ordered: the highest break reached."""
    reached = [step for step in price_breaks if step.from_packs <= packs]
    return max(reached, key=lambda step: step.from_packs).price if reached else None


def accepted_from(offer: Offer, packs: int) -> int:
    """The least number of packs, not below `packs`, that keeps MOQ and multiple and has a price."""
    first_break = min((step.from_packs for step in offer.price_breaks), default=1)
    least = max(packs, offer.moq, first_break)
    return -(-least // offer.multiple) * offer.multiple


def objections(offer: Offer, packs: int) -> tuple[str, ...]:
    """What the supplier will say against an order of so many packs; empty when it fits."""
    found = []
    if packs < offer.moq:
        found.append(f"The supplier sells at least {offer.moq}.")
    if packs % offer.multiple:
        found.append(f"The supplier sells multiples of {offer.multiple}.")
    return tuple(found)


def right_order(offer: Offer, needed: Quantity) -> RightOrder:
    """The cheapest order that covers the need; of equal cost, the smallest."""
    least = accepted_from(offer, _exact(offer, needed))
    best = least
    if len(offer.price_breaks) > 1:
        candidates = _candidates(offer, least)
        best = min(candidates, key=lambda packs: (_cost(offer, packs), packs))
    return RightOrder(offer, needed, best, price_at(offer.price_breaks, best))


def _exact(offer: Offer, needed: Quantity) -> int:
    """Packs that cover the need, whatever the supplier accepts."""
    return -(-needed.steps // offer.pack.size.steps)


def _candidates(offer: Offer, least: int) -> Iterable[int]:
    """The least order, and the least one at each higher break: more packs can cost less."""
    later = (step.from_packs for step in offer.price_breaks if step.from_packs > least)
    return {least, *(accepted_from(offer, start) for start in later)}


def _cost(offer: Offer, packs: int) -> int:
    price = price_at(offer.price_breaks, packs)
    return packs * price.e4 if price else 0


def _reasons(order: RightOrder) -> Iterator[str]:
    offer, needed, best = order.offer, order.needed, order.packs
    exact = _exact(offer, needed)
    least = accepted_from(offer, exact)
    over = offer.pack.size * exact - needed
    rounded = f", {over} over" if over.steps else ""
    packs = "1 pack" if exact == 1 else f"{exact} packs"
    yield f"{needed} is {packs} ({offer.pack.name}){rounded}."
    if exact < offer.moq:
        yield f"The supplier sells at least {offer.moq}."
    if least % offer.multiple == 0 and offer.multiple > 1 and least != max(exact, offer.moq):
        yield f"The supplier sells multiples of {offer.multiple}."
    if best > least:
        yield _cheaper(offer, least, best)
    if not offer.price_breaks:
        yield "The supplier's price is not known; ask for it before placing."


def _cheaper(offer: Offer, least: int, best: int) -> str:
    before, after = price_at(offer.price_breaks, least), price_at(offer.price_breaks, best)
    assert before is not None
    assert after is not None
    return (
        f"{best} rather than {least}: from there a pack costs {after.amount} instead of {before.amount}, "
        f"so {best} cost {after.total(best)} and {least} would cost {before.total(least)}."
    )

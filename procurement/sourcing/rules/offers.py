"""What to order of one supplier item when so much is needed: the cheapest order the supplier accepts, and why."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.kernel.money import Money, UnitPrice, round_half_up
from procurement.kernel.quantity import Pack, Quantity
from procurement.sourcing.terms import BreakScheme, PriceBreak


@dataclass(frozen=True, slots=True)
class Offer:
    """A supplier item as the rule sees it. MOQ and multiple count packs; breaks in any order, or none."""

    pack: Pack
    currency: str
    moq: int = 1
    multiple: int = 1
    price_breaks: tuple[PriceBreak, ...] = ()
    scheme: BreakScheme = BreakScheme.ALL_UNITS


@dataclass(frozen=True, slots=True)
class Part:
    """So many packs at one price: one line of an order."""

    packs: int
    price: UnitPrice

    @property
    def total(self) -> Money:
        return self.price.total(self.packs)


@dataclass(frozen=True, slots=True)
class RightOrder:
    """So many packs; `price` is that of one of them (in the mean), None when the supplier's price is not known."""

    offer: Offer
    needed: Quantity
    packs: int
    price: UnitPrice | None

    @property
    def total(self) -> Money | None:
        return total_at(self.offer.scheme, self.offer.price_breaks, self.packs)

    @property
    def why(self) -> tuple[str, ...]:
        return tuple(_reasons(self))


def price_at(price_breaks: Sequence[PriceBreak], packs: int) -> UnitPrice | None:
    """The price of one pack when so many are ordered: the highest break reached."""
    reached = [step for step in price_breaks if step.from_packs <= packs]
    return max(reached, key=lambda step: step.from_packs).price if reached else None


def next_break(price_breaks: Sequence[PriceBreak], packs: int) -> PriceBreak | None:
    """The nearest break above so many packs that makes one cheaper than it is now."""
    now = price_at(price_breaks, packs)
    later = [
        step
        for step in price_breaks
        if step.from_packs > packs and (now is None or step.price < now)
    ]
    return min(later, key=lambda step: step.from_packs) if later else None


def parts_at(
    scheme: BreakScheme, price_breaks: Sequence[PriceBreak], packs: int
) -> tuple[Part, ...]:
    """The order lines of so many packs; none when no price is known for them.

    For all units it is one line. Incremental breaks make a line for each step reached, so that every amount is a
    price times packs and can be checked on paper; the first step's price also holds below it.
    """
    reached = sorted(
        (step for step in price_breaks if step.from_packs <= packs), key=lambda s: s.from_packs
    )
    if not reached:
        return ()
    if scheme is BreakScheme.ALL_UNITS:
        return (Part(packs, reached[-1].price),)
    starts = [1, *(step.from_packs for step in reached[1:]), packs + 1]
    return tuple(
        Part(starts[index + 1] - starts[index], step.price) for index, step in enumerate(reached)
    )


def total_at(scheme: BreakScheme, price_breaks: Sequence[PriceBreak], packs: int) -> Money | None:
    """What so many packs cost, each order line rounded once."""
    totals = [part.total for part in parts_at(scheme, price_breaks, packs)]
    return sum(totals[1:], totals[0]) if totals else None


def mean_price(
    scheme: BreakScheme, price_breaks: Sequence[PriceBreak], packs: int
) -> UnitPrice | None:
    """What one of so many packs costs in the mean, to the nearest 1/10000."""
    parts = parts_at(scheme, price_breaks, packs)
    if len(parts) < 2:
        return parts[0].price if parts else None
    exact = Decimal(sum(part.packs * part.price.e4 for part in parts)) / packs
    return UnitPrice(round_half_up(exact), parts[0].price.currency)


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
    if len(offer.price_breaks) > 1 and offer.scheme is BreakScheme.ALL_UNITS:
        candidates = _candidates(offer, least)
        best = min(candidates, key=lambda packs: (_cost(offer, packs), packs))
    return RightOrder(offer, needed, best, mean_price(offer.scheme, offer.price_breaks, best))


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
    parts = parts_at(offer.scheme, offer.price_breaks, best)
    if len(parts) > 1:
        steps = ", ".join(f"{part.packs} at {part.price.amount}" for part in parts)
        yield f"Each break counts for the packs from there on: {steps}."
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

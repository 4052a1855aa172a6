"""What remains of a line after what the goods cost us to buy again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from procurement.catalogue.rules.wording import pack_word
from procurement.kernel.money import Money, UnitPrice, minor_digits, round_half_up
from procurement.sourcing.rules.offers import Offer, mean_price


@dataclass(frozen=True, slots=True)
class Buying:
    """One way to buy a product: the supplier's offer, and whether that supplier is the preferred one."""

    supplier: str
    offer: Offer
    preferred: bool


@dataclass(frozen=True, slots=True)
class Cost:
    """What a quantity costs to buy, in the quote's currency, and at which price of whom."""

    money: Money
    supplier: str
    price: UnitPrice
    pack: str


@dataclass(frozen=True, slots=True)
class Margin:
    """Net less cost, and which part of the net that is; nothing where the net is nothing."""

    net: Money
    cost: Money

    @property
    def money(self) -> Money:
        return self.net - self.cost

    @property
    def percent(self) -> Decimal | None:
        """To one decimal place."""
        if self.net.minor == 0:
            return None
        return Decimal(round_half_up(Decimal(self.money.minor * 1000) / self.net.minor)) / 10


def cost_of(
    steps: int, ways: Iterable[Buying], worth: Mapping[str, Decimal], currency: str
) -> Cost | None:
    """The cost at the preferred supplier's price for so many, else at the lowest; None where no price is known.

    A part of a pack costs its part of the price. `worth` says what one unit of each currency is in the company's;
    an offer in a currency without a rate cannot be compared and is left out.
    """
    found = [
        (not way.preferred, cost.money.minor, cost.supplier, cost)
        for way in ways
        if (cost := _cost(steps, way, worth, currency)) is not None
    ]
    return min(found, key=lambda one: one[:3])[3] if found else None


def _cost(steps: int, way: Buying, worth: Mapping[str, Decimal], currency: str) -> Cost | None:
    offer = way.offer
    first = min((step.from_packs for step in offer.price_breaks), default=1)
    packs = max(steps // offer.pack.size.steps, first)
    # Of incremental breaks each step has its own price: the mean is what one of so many costs.
    price = mean_price(offer.scheme, offer.price_breaks, packs)
    if price is None:
        return None
    exact = price.decimal * steps / offer.pack.size.steps
    if offer.currency != currency:
        if offer.currency not in worth or currency not in worth:
            return None
        exact = exact * worth[offer.currency] / worth[currency]
    minor = round_half_up(exact.scaleb(minor_digits(currency)))
    return Cost(Money(minor, currency), way.supplier, price, pack_word(offer.pack.name))


def whole_margin(margins: Iterable[Margin], currency: str) -> Margin:
    """All lines together."""
    together = Margin(Money(0, currency), Money(0, currency))
    for one in margins:
        together = Margin(together.net + one.net, together.cost + one.cost)
    return together

"""The least an order comes to, and what bringing it costs. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from procurement.kernel.money import Money


@dataclass(frozen=True, slots=True)
class OrderTerms:
    """What holds for orders of one customer. None: nothing is said; freight is then agreed on afterwards."""

    currency: str
    opening: Money | None = None  # the least value of a first order, before tax
    reorder: Money | None = None
    freight: Money | None = None  # of one delivery, before tax
    free_from: Money | None = None  # goods of so much are brought for nothing

    def over(self, everybody: "OrderTerms") -> "OrderTerms":
        """These where they say something, else what holds for everybody."""
        return OrderTerms(
            self.currency,
            _said(self.opening, everybody.opening),
            _said(self.reorder, everybody.reorder),
            _said(self.freight, everybody.freight),
            _said(self.free_from, everybody.free_from),
        )


def _said(one: Money | None, otherwise: Money | None) -> Money | None:
    return otherwise if one is None else one


@dataclass(frozen=True, slots=True)
class Standing:
    """How an order stands to the terms: `goods` is what is brought, `net` all of it, both before tax."""

    terms: OrderTerms
    goods: Money
    net: Money
    is_first: bool
    is_collected: bool = False

    @property
    def least(self) -> Money | None:
        """What it must come to; None where any value will do."""
        found = self.terms.opening if self.is_first else self.terms.reorder
        return found if found and found.minor else None

    @property
    def short(self) -> Money | None:
        """What is missing from the least value."""
        least = self.least
        return least - self.net if least and self.net.minor < least.minor else None

    @property
    def is_free(self) -> bool:
        """Its goods come to so much that they are brought for nothing."""
        free_from = self.terms.free_from
        return bool(free_from and free_from.minor and self.goods.minor >= free_from.minor)

    @property
    def freight(self) -> Money | None:
        """What is charged for bringing it; None where nothing is."""
        charge = self.terms.freight
        if charge is None or not charge.minor or not self.goods.minor:
            return None
        return None if self.is_collected or self.is_free else charge

    @property
    def to_free(self) -> Money | None:
        """What is missing until it is brought for nothing; None where there is no such bar."""
        free_from = self.terms.free_from
        return free_from - self.goods if free_from and self.freight else None

    @property
    def refusal(self) -> str:
        """Why it cannot be ordered; "" where it can."""
        if self.short is None:
            return ""
        which = "A first order comes" if self.is_first else "An order comes"
        return f"{which} to at least {self.least} before tax: {self.short} more, please."


def together(parts: Sequence[Standing]) -> Standing:
    """What goes to several addresses at once, as one order: the least value is asked of all of it."""
    goods, net = parts[0].goods, parts[0].net
    for part in parts[1:]:
        goods, net = goods + part.goods, net + part.net
    return replace(parts[0], goods=goods, net=net)

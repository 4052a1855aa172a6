"""How much of a customer's credit is used."""

from dataclasses import dataclass

from procurement.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Credit:
    """The limit, and what open orders take of it, both in the customer's currency. No limit: nothing is asked."""

    limit: Money | None
    used: Money

    @property
    def left(self) -> Money | None:
        return self.limit - self.used if self.limit is not None else None

    @property
    def is_over(self) -> bool:
        left = self.left
        return left is not None and left.minor < 0

    def with_order(self, amount: Money) -> "Credit":
        """What it would be with one more order."""
        return Credit(self.limit, self.used + amount)

"""Words about the people who buy for a customer."""

from dataclasses import dataclass
from datetime import datetime

from procurement.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Powers:
    """What a buyer may do in their own company. Who has no row of their own may do all of it."""

    may_manage: bool = True  # colleagues, addresses
    may_approve: bool = True  # orders of colleagues
    order_limit: Money | None = None  # of one order with tax; None: whatever it is

    def covers(self, amount: Money) -> bool:
        """Whether an order of so much may be placed without anybody else."""
        return self.order_limit is None or amount.minor <= self.order_limit.minor


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerRow:
    """A person who buys for a customer."""

    email: str
    name: str
    active: bool
    has_password: bool  # has answered the invitation
    created_at: datetime
    powers: Powers
    is_me: bool

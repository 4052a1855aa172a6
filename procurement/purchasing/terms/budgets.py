"""Words and rows of budgets."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from procurement.kernel.money import Money


class BudgetPeriod(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRow:
    """A budget and how far its present period has come, net of tax.

    An order counts from its approval, in the period it was placed (or, until then, approved) in.
    """

    code: str
    name: str
    owner_id: int
    owner_name: str
    period: BudgetPeriod
    site: str | None
    site_name: str | None
    family: str | None
    family_name: str | None
    cost_centre: str | None
    cost_centre_name: str | None
    active: bool
    amount: Money
    first_day: date
    last_day: date
    committed: Money  # approved and ordered, not received yet
    spent: Money  # received

    @property
    def left(self) -> Money:
        return self.amount - self.committed - self.spent


@dataclass(frozen=True, slots=True)
class Overrun:
    """An order takes more than a budget has left: its owner has to agree."""

    budget: str
    name: str
    owner_id: int
    owner_name: str
    left: Money
    asked: Money

    @property
    def over(self) -> Money:
        return self.asked - self.left

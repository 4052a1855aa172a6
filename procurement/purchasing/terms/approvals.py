"""Words and rows of who agrees to an order."""

from dataclasses import dataclass
from datetime import datetime

from procurement.kernel.money import Money
from procurement.kernel.permissions import Role
from procurement.purchasing.terms.budgets import Overrun


@dataclass(frozen=True, slots=True)
class ApproverRow:
    """Somebody a rule names: a role, or a person."""

    role: Role | None
    user_id: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class ApprovalRuleRow:
    """Orders above an amount need so many people of these; none named means all who may approve orders."""

    id: int
    above: Money
    approvals: int = 1
    site: str | None = None
    approvers: tuple[ApproverRow, ...] = ()
    cost_centre: str | None = None


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """Somebody agreed."""

    name: str
    at: datetime
    for_budget: bool = False  # as a budget's owner only


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalState:
    """How far an order's approval has come, and what stands against this person's agreeing.

    `value` is the gross in the company's currency, None where no exchange rate is known.
    """

    value: Money | None
    rule: ApprovalRuleRow | None
    given: tuple[ApprovalRow, ...]
    needed: int
    objection: str  # empty: this person may agree
    is_rate_missing: bool = False
    overruns: tuple[Overrun, ...] = ()
    owners_missing: tuple[str, ...] = ()  # of the budgets it goes beyond
    counts: bool = True  # this person's agreeing counts by the rules, not only for a budget
    completes: bool = True  # and is the last one needed

    @property
    def may_approve(self) -> bool:
        return not self.objection

    @property
    def missing(self) -> int:
        counted = sum(not one.for_budget for one in self.given)
        return max(0, self.needed - counted)

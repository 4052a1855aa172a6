"""Who may approve an order, and how many must.

Without any rule whoever may approve orders approves any of them, also their own: a house of one person. With rules, an
order above none of them is approved by its drafter alone, or by one who may approve orders; above one, by so many of
those it names, and nobody counts who drafted the order.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from procurement.kernel.money import Money
from procurement.kernel.permissions import Role
from procurement.purchasing.terms import ApprovalRuleRow, ApproverRow

ALREADY = "You have agreed to it already; somebody else has to agree, too."
OWN = "You drafted it: somebody else has to agree to an order of this value."
NOT_NAMED = "Orders of this value are approved by others."
BUDGET = "Enough people agreed; the owner of the budget it goes beyond has to agree, too."
NOT_YOURS = "Somebody who may approve orders has to agree to it."


@dataclass(frozen=True, slots=True)
class Approver:
    """A person as the rules see them; None is the system or a program without a person."""

    id: int | None
    roles: frozenset[Role]
    may_approve: bool
    may_draft: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """An order as the rules see it; `given` are those who agreed already."""

    drafted_by: int | None
    given: frozenset[int | None] = field(default=frozenset())
    owners: frozenset[int] = field(default=frozenset())  # of the budgets it goes beyond
    counted: int = 0  # of those given, by the rules


def rule_for(
    rules: Collection[ApprovalRuleRow],
    value: Money,
    site: str | None,
    cost_centre: str | None = None,
) -> ApprovalRuleRow | None:
    """The highest one the value is above.

    Of its cost centre's rules where that has any (those of the site first), else of its site's, else of the general.
    """
    for centre, place in ((cost_centre, site), (cost_centre, None), (None, site), (None, None)):
        held = [rule for rule in rules if (rule.cost_centre, rule.site) == (centre, place)]
        if held:
            break
    reached = [rule for rule in held if value.minor > rule.above.minor]
    return max(reached, key=lambda rule: rule.above.minor) if reached else None


def approvals_needed(rule: ApprovalRuleRow | None) -> int:
    return rule.approvals if rule else 1


def objection(
    rules: Collection[ApprovalRuleRow], rule: ApprovalRuleRow | None, who: Approver, asked: Asked
) -> str:
    """What stands against this person's agreeing; empty when nothing does."""
    is_own = who.id is not None and who.id == asked.drafted_by
    if rule is None:
        small = bool(rules) and is_own and who.may_draft
        return "" if who.may_approve or small else NOT_YOURS
    if is_own:
        return OWN
    if rule.approvers and not any(_is_named(one, who) for one in rule.approvers):
        return NOT_NAMED
    if not rule.approvers and not who.may_approve:
        return NOT_YOURS
    return ALREADY if who.id is not None and who.id in asked.given else ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a person's agreeing would mean: refused with a sentence, or counted by the rules, by a budget, or both."""

    objection: str
    for_budget: bool = False
    counts: bool = False


def agreement(
    rules: Collection[ApprovalRuleRow], rule: ApprovalRuleRow | None, who: Approver, asked: Asked
) -> Agreement:
    """A budget's owner may agree to what goes beyond it, also to their own order; the rules ask others besides."""
    against = objection(rules, rule, who, asked)
    enough = asked.counted >= approvals_needed(rule)
    counts = not against and not enough
    missing = asked.owners - asked.given
    if who.id in missing:
        return Agreement("", for_budget=True, counts=counts)
    if not against and enough:
        return Agreement(BUDGET)
    return Agreement(against, counts=counts)


def is_agreed(rule: ApprovalRuleRow | None, asked: Asked, who: Approver, given: Agreement) -> bool:
    """Whether with this agreement enough people agreed, and every budget's owner."""
    counted = asked.counted + given.counts
    owners = asked.owners - asked.given - {who.id}
    return counted >= approvals_needed(rule) and not owners


def _is_named(approver: ApproverRow, who: Approver) -> bool:
    if approver.role is not None:
        return approver.role in who.roles
    return who.id is not None and approver.user_id == who.id

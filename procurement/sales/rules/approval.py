"""Which quotes somebody else has to agree to before they leave the house, and who may.

A rule speaks when a line's discount is above its percentage, when the margin is below its percentage, or when the
total is above its amount. Every rule that speaks has to be satisfied by the person who agrees: one its roles or people
name, or, where it names nobody, anyone who may approve quotes. Nobody agrees to what they drafted. Without rules
nothing waits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.kernel.money import Money, Rate, UnitPrice, round_half_up
from procurement.kernel.permissions import Role
from procurement.kernel.quantity import plain

OWN = "You drafted it: somebody else has to agree."
NOT_YOURS = "Somebody who may approve quotes has to agree to it."
NOT_NAMED = "Quotes like this are approved by others."


@dataclass(frozen=True, slots=True)
class NamedApprover:
    """A role, or a person by key."""

    role: Role | None = None
    user_id: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteRule:
    """One rule: at least one of the three limits is set; `amount_above` in the company's currency."""

    id: int
    discount_above: Rate | None = None
    margin_below: Rate | None = None
    amount_above: Money | None = None
    approvers: tuple[NamedApprover, ...] = ()

    @property
    def words(self) -> str:
        said = []
        if self.discount_above is not None:
            said.append(f"discount above {self.discount_above.percent} %")
        if self.margin_below is not None:
            said.append(f"margin below {self.margin_below.percent} %")
        if self.amount_above is not None:
            said.append(f"total above {_money(self.amount_above)}")
        return ", or ".join(said)


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules look at: the largest discount of any quantity offered, the margin of the net, the gross.

    Discount and margin are in basis points; the margin is None where no cost is known, the worth where no rate is.
    """

    discount_bp: int
    margin_bp: int | None
    worth: Money | None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the rules see them."""

    id: int | None
    roles: frozenset[Role]
    may_approve: bool


def concession(listed: UnitPrice | None, price: UnitPrice, discount: Rate) -> int:
    """How far a price is below what lists and rules say, in basis points; dearer counts as nothing."""
    paid = price.decimal * (1 - discount.fraction)
    base = max(listed.decimal if listed else price.decimal, price.decimal)
    if base == 0:
        return 0
    return round_half_up((base - paid) / base * 10_000)


def reasons(rule: QuoteRule, facts: Facts) -> tuple[str, ...]:
    """Why a rule speaks about a quote, in words; nothing where it does not. What is not known speaks."""
    said = []
    if rule.discount_above is not None and facts.discount_bp > rule.discount_above.basis_points:
        said.append(
            f"a discount of {_percent(facts.discount_bp)} is above {rule.discount_above.percent} %"
        )
    if rule.margin_below is not None:
        least = rule.margin_below
        if facts.margin_bp is None:
            said.append(f"its margin is not known, and has to be {least.percent} %")
        elif facts.margin_bp < least.basis_points:
            said.append(f"a margin of {_percent(facts.margin_bp)} is below {least.percent} %")
    if rule.amount_above is not None:
        if facts.worth is None:
            said.append("no exchange rate says what it is worth")
        elif facts.worth.minor > rule.amount_above.minor:
            said.append(f"{_money(facts.worth)} is above {_money(rule.amount_above)}")
    return tuple(said)


def speaking(rules: Iterable[QuoteRule], facts: Facts) -> list[tuple[QuoteRule, tuple[str, ...]]]:
    """The rules that speak, with their reasons."""
    found = [(rule, reasons(rule, facts)) for rule in rules]
    return [one for one in found if one[1]]


def objection(rules: Sequence[QuoteRule], who: Person, drafted_by: int | None) -> str:
    """What stands against this person's agreeing; empty when nothing does. `rules` are those that speak."""
    if who.id is None or who.id == drafted_by:
        return OWN if who.id is not None else NOT_YOURS
    for rule in rules:
        if rule.approvers and not any(_is(one, who) for one in rule.approvers):
            return NOT_NAMED
        if not rule.approvers and not who.may_approve:
            return NOT_YOURS
    return ""


def _is(approver: NamedApprover, who: Person) -> bool:
    if approver.role is not None:
        return approver.role in who.roles
    return approver.user_id == who.id


def _money(amount: Money) -> str:
    return f"{amount.decimal:,f} {amount.currency}"


def _percent(basis_points: int) -> str:
    """To the basis point: what is said to be above a bound is seen to be."""
    return f"{plain(Decimal(basis_points) / 100)} %"

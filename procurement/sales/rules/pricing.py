"""The price for a customer, a pack, a number of packs and a day, with every step to it in words.

Lists are tried in the order given: the customer's own, their group's, then the default list of the currency. The first
list that is valid on the day and has a price for the pack from that many packs decides. Then the first price rule that
fits may change it (`price_rules.py`). Nothing gives a price: a person is asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from procurement.kernel.money import UnitPrice
from procurement.kernel.validity import Validity
from procurement.sales.rules.price_rules import (
    Asked,
    CostBasis,
    PriceRule,
    apply_rule,
    in_order,
)


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """From this many packs, one pack costs this."""

    from_packs: int
    price: UnitPrice


@dataclass(frozen=True, slots=True)
class ListedPrices:
    """What one price list says of one pack. `steps` may come in any order; `is_own`: agreed with this customer."""

    list_name: str
    validity: Validity
    steps: tuple[Step, ...]
    is_default: bool = False
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class NextBreak:
    """The next lower price, and how many packs are missing to it."""

    from_packs: int
    price: UnitPrice
    more: int


class WhyKind(StrEnum):
    LIST = "list"
    BREAK = "break"
    COST = "cost"
    RULE = "rule"
    ROUNDING = "rounding"
    FLOOR = "floor"


@dataclass(frozen=True, slots=True)
class WhyRow:
    """One step to a price, and the price after it; None where the step gave none. Costs are for staff only."""

    kind: WhyKind
    words: str
    price: UnitPrice | None
    staff_only: bool = False


@dataclass(frozen=True, slots=True)
class PriceFound:
    """A price and why it is that; `steps` is the whole ladder, `standing` the step this quantity is on."""

    price: UnitPrice
    reason: str
    steps: tuple[Step, ...]
    standing: int
    next_break: NextBreak | None
    why: tuple[WhyRow, ...] = ()
    is_agreed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceQuestion:
    """All a price depends on. `costs` are of one pack, in `currency`, exact."""

    currency: str
    lists: Sequence[ListedPrices]
    packs: int
    on: date
    asked: Asked = field(default_factory=Asked)
    rules: Sequence[PriceRule] = ()
    costs: Mapping[CostBasis, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Explained:
    """The answer to a question: a price or none, and the steps in either case."""

    found: PriceFound | None
    why: tuple[WhyRow, ...]


def explain_price(question: PriceQuestion) -> Explained:
    """The price for a quantity with all steps to it, and the ladder it stands on."""
    price, reason, why, listed = _at(question, question.packs)
    if price is None:
        return Explained(None, why)
    rules = in_order(question.rules, question.asked, question.on)
    if listed is not None and not rules:
        return Explained(replace(listed, why=why), why)
    steps = _ladder(question, rules)
    standing = max(i for i, step in enumerate(steps) if step.from_packs <= question.packs)
    found = PriceFound(
        price=price,
        reason=reason,
        steps=steps,
        standing=standing,
        next_break=_next_break(steps, standing, question.packs),
        why=why,
        is_agreed=bool(listed and listed.is_agreed),
    )
    return Explained(found, why)


def _at(
    question: PriceQuestion, packs: int
) -> tuple[UnitPrice | None, str, tuple[WhyRow, ...], PriceFound | None]:
    """Price, reason, steps, and what the lists alone say, for so many packs."""
    listed = find_price(question.lists, packs, question.on)
    why = _of_lists(question, packs)
    price, reason = (listed.price, listed.reason) if listed else (None, "")
    agreed = bool(listed and listed.is_agreed)
    for rule in in_order(question.rules, question.asked, question.on, agreed=agreed):
        if rule.from_packs > packs:
            continue
        effect = apply_rule(rule, price, question.costs, question.currency)
        why += [
            WhyRow(WhyKind(kind), words, after, staff_only=rule.needs_cost)
            for kind, words, after in effect.steps
        ]
        if effect.price is not None:
            price = effect.price
            reason = f"{rule.name} ({reason})" if reason else rule.name
            break
    return price, reason, tuple(why), listed


def _of_lists(question: PriceQuestion, packs: int) -> list[WhyRow]:
    rows = []
    for one in question.lists:
        found = _on_list(one, packs, question.on, "")
        if found is None:
            said = _why_not(one, packs, question.on)
            rows.append(WhyRow(WhyKind.LIST, said[:1].upper() + said[1:], None))
            continue
        step, first = found.steps[found.standing], found.steps[0]
        whose = "agreed with this customer" if one.is_own else "the default list"
        rows.append(
            WhyRow(
                WhyKind.LIST,
                f"{one.list_name}, {whose}" if one.is_own or one.is_default else one.list_name,
                first.price,
            )
        )
        if found.standing:
            rows.append(WhyRow(WhyKind.BREAK, f"From {step.from_packs:,} packs", step.price))
        break
    return rows


def _ladder(question: PriceQuestion, rules: Sequence[PriceRule]) -> tuple[Step, ...]:
    """The price at every quantity where a list or a rule begins, as far as it changes there."""
    starts = {rule.from_packs for rule in rules}
    starts |= {
        step.from_packs
        for one in question.lists
        if one.validity.covers(question.on)
        for step in one.steps
    }
    steps: list[Step] = []
    for start in sorted(starts):
        price, *_ = _at(question, start)
        if price is not None and (not steps or steps[-1].price != price):
            steps.append(Step(start, price))
    return tuple(steps)


def find_price(lists: Sequence[ListedPrices], packs: int, on: date) -> PriceFound | None:
    """The price of the first list that has one; None when no list has."""
    passed_over: list[str] = []
    for listed in lists:
        found = _on_list(listed, packs, on, "; ".join(passed_over))
        if found:
            return found
        passed_over.append(_why_not(listed, packs, on))
    return None


def _on_list(listed: ListedPrices, packs: int, on: date, before: str) -> PriceFound | None:
    if not listed.validity.covers(on):
        return None
    steps = tuple(sorted(listed.steps))
    standing = max((i for i, step in enumerate(steps) if step.from_packs <= packs), default=None)
    if standing is None:
        return None
    step = steps[standing]
    words = listed.list_name
    if step.from_packs > 1:
        words += f", from {step.from_packs:,} packs"
    if listed.validity.until:
        words += f", until {_day(listed.validity.until)}"
    return PriceFound(
        price=step.price,
        reason=f"{words} ({before})" if before else words,
        steps=steps,
        standing=standing,
        next_break=_next_break(steps, standing, packs),
        is_agreed=listed.is_own,
    )


def _next_break(steps: tuple[Step, ...], standing: int, packs: int) -> NextBreak | None:
    """A later step only when it is cheaper: a ladder typed by people may go up again."""
    price = steps[standing].price
    for step in steps[standing + 1 :]:
        if step.price < price:
            return NextBreak(step.from_packs, step.price, step.from_packs - packs)
    return None


def _why_not(listed: ListedPrices, packs: int, on: date) -> str:
    name, validity = listed.list_name, listed.validity
    if not listed.steps:
        return f"not on {name}"
    if validity.until and validity.until < on:
        return f"{name} ended on {_day(validity.until)}"
    if not validity.covers(on):
        return f"{name} starts on {_day(validity.from_ or on)}"
    least = min(step.from_packs for step in listed.steps)
    return f"{name} prices it from {least:,} packs, not from {packs:,}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"

"""The one place where a quote's figures are added up. What it says is stored, printed, listed and answered by the API.

A line is rounded once: price x packs less the discount. Tax is rounded at each line or once for each rate, as the
company's rule says; with the second rule the lines' shares are split so that they add up to the rate's tax again.

What is in the total: the lines that are included, of every group of alternatives the one we suggest, and no option.
A customer's choices change that: an option joins, an alternative takes the place of the suggested one, another
quantity that was offered takes the place of the line's own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from procurement.kernel.db import MAX_MINOR
from procurement.kernel.errors import Invalid
from procurement.kernel.money import Money, Rate, TaxRate, UnitPrice, allocate, round_half_up
from procurement.sales.terms import LineChoice, LineKind
from procurement.settings.terms import RoundingRule

Code = str


@dataclass(frozen=True, slots=True)
class Step:
    """Another quantity of a line, at its own price."""

    packs: int
    price: UnitPrice
    discount: Rate


@dataclass(frozen=True, slots=True)
class PricedLine:
    """What a line's amount depends on. A line outside the total is computed, but counts nowhere."""

    price: UnitPrice
    packs: int
    discount: Rate
    tax_code: Code
    tax: TaxRate
    section: str = ""
    kind: LineKind = LineKind.PRODUCT
    choice: LineChoice = LineChoice.INCLUDED
    group: str = ""  # of alternatives: which exclude each other
    chosen: bool = False  # the alternative we suggest
    offers: tuple[Step, ...] = ()

    @property
    def has_amount(self) -> bool:
        return self.kind is LineKind.PRODUCT

    @property
    def is_suggested(self) -> bool:
        """Whether it is in the total when the customer says nothing."""
        if self.choice is LineChoice.ALTERNATIVE:
            return self.chosen
        return self.choice is LineChoice.INCLUDED


@dataclass(frozen=True, slots=True)
class Choice:
    """What a customer wants of a line, by its position from 1. No packs: the line's own quantity."""

    position: int
    packs: int | None = None


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """One line's figures in minor units; `at_list` is before the discount, `tax` its share of its rate's tax."""

    at_list: int
    net: int
    tax: int
    counted: bool = True  # whether it is in the total


@dataclass(frozen=True, slots=True)
class Added:
    """What the totals change by when one more is chosen: an option, an alternative, another quantity."""

    position: int
    packs: int | None
    net: int
    tax: int

    @property
    def gross(self) -> int:
        return self.net + self.tax


@dataclass(frozen=True, slots=True)
class TaxRow:
    """All lines of one tax code and rate together."""

    code: Code
    rate: TaxRate
    net: int
    tax: int


@dataclass(frozen=True, slots=True)
class Subtotal:
    """The net of one section, in the order the sections first appear; one with words only has nothing."""

    section: str
    net: int


@dataclass(frozen=True, slots=True)
class QuoteTotals:
    """Everything added up, in minor units: counted lines, sections and tax rows each sum to `net`, taxes to `tax`."""

    currency: str
    lines: tuple[LineAmounts, ...]
    subtotals: tuple[Subtotal, ...]
    taxes: tuple[TaxRow, ...]
    at_list: int
    net: int
    tax: int
    gross: int

    @property
    def discounts(self) -> int:
        return self.at_list - self.net

    def money(self, minor: int) -> Money:
        return Money(minor, self.currency)


def add_up(
    lines: Sequence[PricedLine],
    currency: str,
    rule: RoundingRule,
    choices: Iterable[Choice] = (),
) -> QuoteTotals:
    """Round each line once, tax by the rule, and let every part add up to its whole."""
    lines, counted = _as_chosen(lines, choices)
    at_list = [line.price.total(line.packs).minor if line.has_amount else 0 for line in lines]
    nets = [_net(line) for line in lines]
    taxes = [0] * len(lines)
    rows = []
    for (code, rate), members in _by_rate(lines, counted).items():
        shares = _tax_shares([nets[i] for i in members], rate, rule)
        for i, share in zip(members, shares, strict=True):
            taxes[i] = share
        rows.append(TaxRow(code, rate, sum(nets[i] for i in members), sum(shares)))
    for i, line in enumerate(lines):
        if i not in counted:
            taxes[i] = _tax_shares([nets[i]], line.tax, RoundingRule.LINE)[0]
    net, tax = sum(nets[i] for i in counted), sum(row.tax for row in rows)
    _require_bounds([*at_list, net + tax])
    return QuoteTotals(
        currency=currency,
        lines=tuple(
            LineAmounts(at_list[i], nets[i], taxes[i], i in counted) for i in range(len(lines))
        ),
        subtotals=_subtotals(lines, nets, counted),
        taxes=tuple(sorted(rows, key=lambda row: (-row.rate.ppm, row.code))),
        at_list=sum(at_list[i] for i in counted),
        net=net,
        tax=tax,
        gross=net + tax,
    )


def as_chosen(
    lines: Sequence[PricedLine], choices: Iterable[Choice] = ()
) -> list[tuple[PricedLine, bool]]:
    """The lines with the quantities a customer wants, and whether each is in the total."""
    wanted, counted = _as_chosen(lines, choices)
    return [(line, i in counted) for i, line in enumerate(wanted)]


def additions(lines: Sequence[PricedLine], rule: RoundingRule) -> tuple[Added, ...]:
    """What every option, every other alternative and every other quantity of a counted line would change."""
    own = [_net(line) for line in lines]
    sums: dict[tuple[Code, TaxRate], int] = {}
    suggested = {line.group: i for i, line in enumerate(lines) if line.group and line.chosen}
    for line, net in zip(lines, own, strict=True):
        if line.is_suggested:
            sums[line.tax_code, line.tax] = sums.get((line.tax_code, line.tax), 0) + net
    found = []
    for i, line in enumerate(lines):
        if not line.has_amount:
            continue
        wanted = [] if line.is_suggested else [Choice(i + 1)]
        for choice in (*wanted, *(Choice(i + 1, step.packs) for step in line.offers)):
            goes = i if line.is_suggested else suggested.get(line.group) if line.group else None
            left = (lines[goes], own[goes]) if goes is not None else None
            came = _with_packs(line, choice.packs)
            found.append(_added(choice, (came, _net(came)), left, sums, rule))
    return tuple(found)


def _added(
    choice: Choice,
    came: tuple[PricedLine, int],
    left: tuple[PricedLine, int] | None,
    sums: dict[tuple[Code, TaxRate], int],
    rule: RoundingRule,
) -> Added:
    moved: dict[tuple[Code, TaxRate], int] = {}
    tax = 0
    for sign, (line, net) in ((1, came), *(((-1, left),) if left else ())):
        moved[line.tax_code, line.tax] = moved.get((line.tax_code, line.tax), 0) + sign * net
        tax += sign * round_half_up(net * line.tax.fraction)
    if rule is RoundingRule.DOCUMENT:
        tax = sum(
            round_half_up((sums.get(key, 0) + by) * key[1].fraction)
            - round_half_up(sums.get(key, 0) * key[1].fraction)
            for key, by in moved.items()
        )
    return Added(choice.position, choice.packs, came[1] - (left[1] if left else 0), tax)


def _net(line: PricedLine) -> int:
    return line.price.total(line.packs, line.discount).minor if line.has_amount else 0


def _with_packs(line: PricedLine, packs: int | None) -> PricedLine:
    """The line with another quantity that is offered for it."""
    if packs is None or packs == line.packs:
        return line
    step = next((one for one in line.offers if one.packs == packs), None)
    if step is None:
        raise Invalid("That quantity is not offered.", field="choices")
    return replace(line, packs=step.packs, price=step.price, discount=step.discount)


def _as_chosen(
    lines: Sequence[PricedLine], choices: Iterable[Choice]
) -> tuple[list[PricedLine], set[int]]:
    """The lines with the quantities wanted, and which of them (from 0) are in the total."""
    wanted: dict[int, Choice] = {}
    for choice in choices:
        i = choice.position - 1
        if not 0 <= i < len(lines) or not lines[i].has_amount:
            raise Invalid("That is not a line to choose.", field="choices")
        if i in wanted:
            raise Invalid("A line was chosen twice.", field="choices")
        wanted[i] = choice
    replaced = [lines[i].group for i in wanted if lines[i].choice is LineChoice.ALTERNATIVE]
    if len(replaced) != len(set(replaced)):
        raise Invalid("Of alternatives choose one, please.", field="choices")
    counted = {
        i
        for i, line in enumerate(lines)
        if i in wanted or (line.is_suggested and line.group not in replaced)
    }
    return [
        _with_packs(line, wanted[i].packs) if i in wanted else line for i, line in enumerate(lines)
    ], counted


def _by_rate(
    lines: Sequence[PricedLine], counted: set[int]
) -> dict[tuple[Code, TaxRate], list[int]]:
    groups: dict[tuple[Code, TaxRate], list[int]] = {}
    for i, line in enumerate(lines):
        if i in counted and line.has_amount:
            groups.setdefault((line.tax_code, line.tax), []).append(i)
    return groups


def _tax_shares(nets: Sequence[int], rate: TaxRate, rule: RoundingRule) -> list[int]:
    """What each line bears of the tax. By document: rounded once for all, then split by largest remainder."""
    if rule is RoundingRule.LINE:
        return [round_half_up(net * rate.fraction) for net in nets]
    whole = round_half_up(sum(nets) * rate.fraction)
    return allocate(whole, nets) if sum(nets) else [0] * len(nets)


def _subtotals(
    lines: Sequence[PricedLine], nets: Sequence[int], counted: set[int]
) -> tuple[Subtotal, ...]:
    sums: dict[str, int] = {}
    for i, line in enumerate(lines):
        if i in counted:
            sums[line.section] = sums.get(line.section, 0) + nets[i]
    return tuple(Subtotal(section, net) for section, net in sums.items())


def _require_bounds(amounts: Iterable[int]) -> None:
    if any(amount > MAX_MINOR for amount in amounts):
        raise Invalid("That comes to more than can be kept.", field="lines")

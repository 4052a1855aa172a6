"""The one place where a quote's figures are added up. What it says is stored, printed, listed and answered by the API.

A line is rounded once: price x packs less the discount. Tax is rounded at each line or once for each rate, as the
company's rule says; with the second rule the lines' shares are split so that they add up to the rate's tax again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from procurement.kernel.db import MAX_MINOR
from procurement.kernel.errors import Invalid
from procurement.kernel.money import Money, Rate, UnitPrice, allocate, round_half_up
from procurement.settings.terms import RoundingRule

Code = str


@dataclass(frozen=True, slots=True)
class PricedLine:
    """What a line's amount depends on. An optional line is computed, but stands outside every total."""

    price: UnitPrice
    packs: int
    discount: Rate
    tax_code: Code
    tax: Rate
    section: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """One line's figures in minor units; `at_list` is before the discount, `tax` its share of its rate's tax."""

    at_list: int
    net: int
    tax: int


@dataclass(frozen=True, slots=True)
class TaxRow:
    """All lines of one tax code and rate together."""

    code: Code
    rate: Rate
    net: int
    tax: int


@dataclass(frozen=True, slots=True)
class Subtotal:
    """The net of one section, in the order the sections first appear."""

    section: str
    net: int


@dataclass(frozen=True, slots=True)
class QuoteTotals:
    """Everything added up, in minor units: lines, sections and tax rows each sum to `net`, taxes to `tax`."""

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


def add_up(lines: Sequence[PricedLine], currency: str, rule: RoundingRule) -> QuoteTotals:
    """Round each line once, tax by the rule, and let every part add up to its whole."""
    at_list = [line.price.total(line.packs).minor for line in lines]
    nets = [line.price.total(line.packs, line.discount).minor for line in lines]
    taxes = [0] * len(lines)
    rows = []
    for (code, rate), members in _by_rate(lines).items():
        shares = _tax_shares([nets[i] for i in members], rate, rule)
        for i, share in zip(members, shares, strict=True):
            taxes[i] = share
        rows.append(TaxRow(code, rate, sum(nets[i] for i in members), sum(shares)))
    for i, line in enumerate(lines):
        if line.optional:
            taxes[i] = _tax_shares([nets[i]], line.tax, RoundingRule.LINE)[0]
    counted = [i for i, line in enumerate(lines) if not line.optional]
    net, tax = sum(nets[i] for i in counted), sum(row.tax for row in rows)
    _require_bounds([*at_list, net + tax])
    return QuoteTotals(
        currency=currency,
        lines=tuple(map(LineAmounts, at_list, nets, taxes)),
        subtotals=_subtotals(lines, nets, counted),
        taxes=tuple(sorted(rows, key=lambda row: (-row.rate.basis_points, row.code))),
        at_list=sum(at_list[i] for i in counted),
        net=net,
        tax=tax,
        gross=net + tax,
    )


def _by_rate(lines: Sequence[PricedLine]) -> dict[tuple[Code, Rate], list[int]]:
    groups: dict[tuple[Code, Rate], list[int]] = {}
    for i, line in enumerate(lines):
        if not line.optional:
            groups.setdefault((line.tax_code, line.tax), []).append(i)
    return groups


def _tax_shares(nets: Sequence[int], rate: Rate, rule: RoundingRule) -> list[int]:
    """What each line bears of the tax. By document: rounded once for all, then split by largest remainder."""
    if rule is RoundingRule.LINE:
        return [round_half_up(net * rate.fraction) for net in nets]
    whole = round_half_up(sum(nets) * rate.fraction)
    return allocate(whole, nets) if sum(nets) else [0] * len(nets)


def _subtotals(
    lines: Sequence[PricedLine], nets: Sequence[int], counted: Iterable[int]
) -> tuple[Subtotal, ...]:
    sums: dict[str, int] = {}
    for i in counted:
        section = lines[i].section
        sums[section] = sums.get(section, 0) + nets[i]
    return tuple(Subtotal(section, net) for section, net in sums.items())


def _require_bounds(amounts: Iterable[int]) -> None:
    if any(amount > MAX_MINOR for amount in amounts):
        raise Invalid("That comes to more than can be kept.", field="lines")

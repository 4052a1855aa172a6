"""An order's totals: each line's net rounded once, tax by the company's rounding rule."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from procurement.kernel.money import Money, TaxRate
from procurement.purchasing.terms import TaxSum, Totals
from procurement.settings.terms import RoundingRule


@dataclass(frozen=True, slots=True)
class TaxedLine:
    """A line's net, already rounded, and the rate of its tax."""

    net: Money
    rate: TaxRate


def taxes_of(lines: Sequence[TaxedLine], rule: RoundingRule) -> tuple[TaxSum, ...]:
    """The tax of each rate, highest first. LINE rounds at every line, DOCUMENT once for each rate."""
    by_rate: defaultdict[TaxRate, list[Money]] = defaultdict(list)
    for line in lines:
        by_rate[line.rate].append(line.net)
    return tuple(_tax_sum(rate, by_rate[rate], rule) for rate in sorted(by_rate, reverse=True))


def totals_of(lines: Sequence[TaxedLine], rule: RoundingRule, currency: str) -> Totals:
    net = _sum((line.net for line in lines), currency)
    tax = _sum((part.tax for part in taxes_of(lines, rule)), currency)
    return Totals(net, tax, net + tax)


def _tax_sum(rate: TaxRate, nets: Sequence[Money], rule: RoundingRule) -> TaxSum:
    currency = nets[0].currency
    net = _sum(nets, currency)
    if rule is RoundingRule.LINE:
        return TaxSum(rate, net, _sum((rate.of(part) for part in nets), currency))
    return TaxSum(rate, net, rate.of(net))


def _sum(parts: Iterable[Money], currency: str) -> Money:
    return sum(parts, Money(0, currency))

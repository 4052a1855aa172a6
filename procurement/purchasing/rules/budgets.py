"""Which period a day belongs to, and which budgets an order goes beyond."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from procurement.kernel.money import Money
from procurement.purchasing.terms import BudgetPeriod

_MONTHS = {BudgetPeriod.MONTH: 1, BudgetPeriod.QUARTER: 3, BudgetPeriod.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a budget covers: None covers all."""

    site: str | None
    family: str | None
    cost_centre: str | None = None

    def covers(self, site: str | None, family: str | None, cost_centre: str | None = None) -> bool:
        return (
            self.site in {None, site}
            and self.family in {None, family}
            and self.cost_centre in {None, cost_centre}
        )


@dataclass(frozen=True, slots=True)
class Use:
    """What one order took of one family, in minor units of the company's currency."""

    on: date
    site: str | None
    family: str | None
    ordered: int
    received: int
    cost_centre: str | None = None


def period_of(kind: BudgetPeriod, day: date) -> tuple[date, date]:
    """The first and last day of the calendar month, quarter or year a day lies in."""
    months = _MONTHS[kind]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    ends = first.month + months
    after = date(first.year + 1, 1, 1) if ends > 12 else date(first.year, ends, 1)
    return first, after - timedelta(days=1)


def used(scope: Scope, kind: BudgetPeriod, day: date, uses: Iterable[Use]) -> tuple[int, int]:
    """Committed and spent of the period the day lies in."""
    first, last = period_of(kind, day)
    committed = spent = 0
    for use in uses:
        if first <= use.on <= last and scope.covers(use.site, use.family, use.cost_centre):
            committed += max(0, use.ordered - use.received)
            spent += use.received
    return committed, spent


def asked_of(
    scope: Scope,
    site: str | None,
    parts: Mapping[str | None, int],
    cost_centre: str | None = None,
) -> int:
    """What an order's parts, by family, ask of a budget."""
    return sum(minor for family, minor in parts.items() if scope.covers(site, family, cost_centre))


def goes_beyond(left: Money, asked: Money) -> bool:
    """Nothing asked goes beyond nothing: an order that gives back is welcome in a spent budget, too."""
    return asked.minor > 0 and asked.minor > left.minor


def earliest(kinds: Collection[BudgetPeriod], days: Collection[date]) -> date | None:
    """From which day on orders have to be looked at."""
    return min((period_of(kind, day)[0] for kind in kinds for day in days), default=None)

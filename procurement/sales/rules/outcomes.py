"""Won and lost: which quotes count as what, and how they add up by a word of theirs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from procurement.kernel.money import Money, Rate, round_half_up
from procurement.sales.terms import QuoteStatus


class Outcome(StrEnum):
    WON = "won"
    LOST = "lost"
    OPEN = "open"  # with the customer


# A withdrawn quote was our own doing, a superseded one goes on in the next revision: neither is in the figures.
OUTCOMES: dict[QuoteStatus, Outcome] = {
    QuoteStatus.ACCEPTED: Outcome.WON,
    QuoteStatus.DECLINED: Outcome.LOST,
    QuoteStatus.EXPIRED: Outcome.LOST,
    QuoteStatus.ISSUED: Outcome.OPEN,
}

# From so many basis points below the price asked before the discount; the words say up to where.
BANDS: tuple[tuple[int, str], ...] = (
    (0, "No discount"),
    (1, "Up to 5 %"),
    (501, "Over 5 to 10 %"),
    (1_001, "Over 10 to 20 %"),
    (2_001, "Over 20 %"),
)


@dataclass(frozen=True, slots=True)
class Counted:
    """A quote, or the part of it that is about one product family."""

    outcome: Outcome
    value: Money  # net; of what is won as it was accepted
    waited: timedelta | None = None  # from issue to answer


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of some quotes; `rate` is won of won and lost, None while nothing is decided."""

    label: str
    won: int
    lost: int
    open: int
    won_value: Money
    lost_value: Money
    open_value: Money
    median: timedelta | None  # from issue to answer

    @property
    def decided(self) -> int:
        return self.won + self.lost

    @property
    def rate(self) -> Rate | None:
        if not self.decided:
            return None
        return Rate(round_half_up(Decimal(self.won * 10_000) / self.decided))

    @property
    def share(self) -> str:
        """The rate as it is read: in whole percent."""
        if not self.decided:
            return "–"  # noqa: RUF001 - an en dash stands where there is nothing
        return f"{round_half_up(Decimal(self.won * 100) / self.decided)} %"


def band_of(asked: int, net: int) -> str:
    """The band of a discount: `net` below `asked`, both in the same unit."""
    off = (asked - net) * 10_000 // asked if asked > 0 else 0
    return next(words for least, words in reversed(BANDS) if max(off, 0) >= least)


def tally(label: str, counted: Sequence[Counted], currency: str) -> Tally:
    def value(outcome: Outcome) -> Money:
        return Money(sum(x.value.minor for x in counted if x.outcome is outcome), currency)

    number = {one: sum(x.outcome is one for x in counted) for one in Outcome}
    waits = sorted(x.waited for x in counted if x.waited is not None)
    return Tally(
        label=label,
        won=number[Outcome.WON],
        lost=number[Outcome.LOST],
        open=number[Outcome.OPEN],
        won_value=value(Outcome.WON),
        lost_value=value(Outcome.LOST),
        open_value=value(Outcome.OPEN),
        median=waits[(len(waits) - 1) // 2] if waits else None,
    )


def tallies(
    counted: Iterable[tuple[str, Counted]],
    currency: str,
    order: Callable[[Tally], object] = lambda one: (-one.won_value.minor, one.label),
) -> tuple[Tally, ...]:
    """By label; the largest value won comes first unless told otherwise."""
    groups: dict[str, list[Counted]] = {}
    for label, one in counted:
        groups.setdefault(label, []).append(one)
    rows = [tally(label, members, currency) for label, members in groups.items()]
    return tuple(sorted(rows, key=order))  # type: ignore[arg-type] # a key of the caller's is comparable

"""A week's use, estimated from the weeks before.

The plain mean for what is used in most weeks, the family of Croston for what is used now and then. Sources: the choice
by Syntetos, Boylan and Croston (2005), "On the categorization of demand patterns", JORS 56:495-503; SBA by Syntetos and
Boylan (2005), "The accuracy of intermittent demand estimates", IJF 21:303-314; TSB by Teunter, Syntetos and Babai
(2011), "Intermittent demand: linking forecasting to inventory obsolescence", EJOR 214:606-615. `docs/needs.md` says all
of it in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.planning.terms import Method

ALPHA = Decimal("0.1")  # how fast the size of a use is learned
BETA = Decimal("0.1")  # how fast the chance of a use is learned
MOST_STEADY_INTERVAL = Decimal("1.32")  # weeks between uses; Syntetos, Boylan and Croston (2005)
FORGOTTEN = 3  # not used for so many usual intervals: it fades
FEW_WEEKS = 4  # below this the deviation is taken to be at least the mean


@dataclass(frozen=True, slots=True)
class Estimate:
    """A week's use and its standard deviation, in steps."""

    method: Method
    per_week: Decimal
    deviation: Decimal


def estimate(weeks: Sequence[Decimal]) -> Estimate:
    """The use of a week to come from whole weeks before, the oldest first."""
    used = [index for index, amount in enumerate(weeks) if amount > 0]
    if not used:
        return Estimate(Method.NONE, Decimal(0), Decimal(0))
    interval = Decimal(len(weeks)) / len(used)
    if interval < MOST_STEADY_INTERVAL:
        method, per_week = Method.MEAN, _mean(weeks)
    elif len(weeks) - 1 - used[-1] > FORGOTTEN * interval:
        method, per_week = Method.TSB, tsb(weeks)
    else:
        method, per_week = Method.SBA, sba(weeks)
    deviation = _deviation(weeks)
    if len(weeks) < FEW_WEEKS:
        deviation = max(deviation, per_week)
    return Estimate(method, per_week, deviation)


def sba(weeks: Sequence[Decimal]) -> Decimal:
    """Croston's estimate, size over interval, less its bias: times 1 - alpha / 2."""
    size = interval = Decimal(0)
    since = 0
    for amount in weeks:
        since += 1
        if amount > 0:
            first = not interval
            size = amount if first else size + ALPHA * (amount - size)
            interval = Decimal(since) if first else interval + ALPHA * (since - interval)
            since = 0
    return (1 - ALPHA / 2) * size / interval if interval else Decimal(0)


def tsb(weeks: Sequence[Decimal]) -> Decimal:
    """Chance times size; the chance falls in every week without use."""
    uses = [amount for amount in weeks if amount > 0]
    if not uses:
        return Decimal(0)
    chance = Decimal(len(uses)) / len(weeks)  # to begin with
    size = uses[0]
    for amount in weeks:
        chance += BETA * ((1 if amount > 0 else 0) - chance)
        if amount > 0:
            size += ALPHA * (amount - size)
    return chance * size


def _mean(weeks: Sequence[Decimal]) -> Decimal:
    return sum(weeks, Decimal(0)) / len(weeks)


def _deviation(weeks: Sequence[Decimal]) -> Decimal:
    """Of a sample: the root of the squares over n - 1."""
    if len(weeks) < 2:
        return Decimal(0)
    mean = _mean(weeks)
    squares = sum(((amount - mean) ** 2 for amount in weeks), Decimal(0))
    return (squares / (len(weeks) - 1)).sqrt()

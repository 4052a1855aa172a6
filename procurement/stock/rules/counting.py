"""What the figures of a count mean: differences, conflicts, values, classes, and what is due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from procurement.kernel.money import round_half_up
from procurement.stock.terms import CountConflict, How

_WHOLE_BP = 10_000


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Above both, a difference is counted a second time."""

    basis_points: int  # of what was expected
    minor: int  # what the difference is worth


@dataclass(frozen=True, slots=True)
class Figure:
    """What somebody counted, beside what the ledger had at that moment, in steps."""

    counted: int
    expected: int
    how: How = How.TAPPED
    again: bool = False

    @property
    def difference(self) -> int:
        return self.counted - self.expected


@dataclass(frozen=True, slots=True)
class Shelf:
    """How the line stands now: what is free to be taken away, and whether it is a container that is elsewhere."""

    free: int = 0
    is_elsewhere: bool = False


def difference_of(figures: Sequence[Figure]) -> int | None:
    """What all current figures agree on; None when nobody counted, or they lead to different differences.

    Differences are compared, not figures: 5 at ten and 4 at eleven agree when one was used in between.
    """
    found = {figure.difference for figure in figures}
    return found.pop() if len(found) == 1 else None


def conflict_of(
    figures: Sequence[Figure], shelf: Shelf, value: int | None, tolerance: Tolerance
) -> CountConflict | None:
    """What keeps a counted line from being posted; None when nothing does. `value` is the difference's, if known."""
    difference = difference_of(figures)
    if difference is None:
        return CountConflict.DISAGREE if figures else None
    if difference > 0 and shelf.is_elsewhere:  # counting it again would not carry it here
        return CountConflict.ELSEWHERE
    far_off = is_above(figures[0].expected, difference, value, tolerance)
    if far_off and not _is_confirmed(figures):
        return CountConflict.RECOUNT
    return CountConflict.GONE if difference < 0 and shelf.free + difference < 0 else None


def is_above(expected: int, difference: int, value: int | None, tolerance: Tolerance) -> bool:
    """More than the tolerated part of what was expected, and worth more than the tolerated amount (or nobody knows)."""
    if abs(difference) * _WHOLE_BP <= expected * tolerance.basis_points:
        return False
    return value is None or abs(value) > tolerance.minor


def _is_confirmed(figures: Sequence[Figure]) -> bool:
    """Two who agree, a second count, or somebody's word."""
    settled = {How.DECIDED, How.REST_IS_ZERO}
    return len(figures) > 1 or any(figure.again or figure.how in settled for figure in figures)


@dataclass(frozen=True, slots=True)
class Cost:
    """So many minor units were paid for so many steps; `worth` turns them into the company's currency."""

    minor: int
    steps: int
    worth: Decimal = Decimal(1)


def value_of(steps: int, cost: Cost | None) -> int | None:
    """What so many steps are worth at cost, below zero where they are missing; None when nobody knows the cost."""
    if steps == 0:
        return 0
    if cost is None:
        return None
    return round_half_up(Decimal(cost.minor) * steps / cost.steps * cost.worth)


def needs_approval(values: Sequence[int | None], limit: int) -> bool:
    """The differences are worth more than the limit together, counted without sign, or nobody knows of one."""
    known = [abs(value) for value in values if value is not None]
    return len(known) < len(values) or sum(known) > limit


def counted_moment(
    said: datetime, device_now: datetime, at: datetime, started: datetime
) -> datetime:
    """The device's moment by our clock: never in the future, never before the count began."""
    return max(min(said + (at - device_now), at), started)


class AbcClass(StrEnum):
    A = "A"
    B = "B"
    C = "C"


# Up to this part of all that is used, by value; and how many days may pass until the next count.
_SHARES = ((AbcClass.A, 80), (AbcClass.B, 95))
INTERVALS = {AbcClass.A: 30, AbcClass.B: 91, AbcClass.C: 182}


def classes(used: Mapping[int, int]) -> dict[int, AbcClass]:
    """Product -> class, by the value used: the first 80 % are A, the next 15 % B, the rest (and what is unused) C.

    The product that reaches a border still belongs to the class before it.
    """
    total = sum(used.values())
    found: dict[int, AbcClass] = {}
    before = 0
    for product, value in sorted(used.items(), key=lambda pair: (-pair[1], pair[0])):
        fits = (name for name, share in _SHARES if before * 100 < total * share)
        found[product] = next(fits, AbcClass.C) if value > 0 else AbcClass.C
        before += value
    return found


def due_on(last: date | None, abc: AbcClass) -> date | None:
    """The day it should be counted again; None when it never was: now."""
    return None if last is None else last + timedelta(days=INTERVALS[abc])

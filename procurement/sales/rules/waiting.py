"""How long people waited for an answer. By the clock on the wall: nights and Sundays count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """Of some enquiries: how many were answered, and within how long half and nine in ten of those."""

    answered: int = 0
    median: timedelta | None = None
    p90: timedelta | None = None


def answer_times(waits: Sequence[timedelta]) -> AnswerTimes:
    """Nearest rank: the value that so many of a hundred do not exceed, one that was really measured."""
    if not waits:
        return AnswerTimes()
    ordered = sorted(waits)
    return AnswerTimes(len(ordered), _rank(ordered, 50), _rank(ordered, 90))


def _rank(ordered: Sequence[timedelta], percent: int) -> timedelta:
    return ordered[max(-(-len(ordered) * percent // 100), 1) - 1]

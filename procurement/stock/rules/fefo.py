"""First expired, first out: which lots a quantity is taken from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lot on the shelf: `free` is what is there and promised to nobody, in steps."""

    lot_id: int
    number: str
    use_by: date | None
    received_on: date | None
    free: int
    is_open: bool = False  # an opened container, to be used up before another is opened


@dataclass(frozen=True, slots=True)
class Pick:
    """So much of a lot."""

    candidate: Candidate
    quantity: int


def pick(candidates: Iterable[Candidate], wanted: int) -> list[Pick] | None:
    """Take `wanted` steps: earliest use-by, then what is open, then the oldest; undated last. None: not all there."""
    picks: list[Pick] = []
    for candidate in sorted(candidates, key=_order):
        if wanted == 0:
            break
        taken = min(candidate.free, wanted)
        if taken > 0:
            picks.append(Pick(candidate, taken))
            wanted -= taken
    return picks if wanted == 0 else None


def _order(candidate: Candidate) -> tuple[date, bool, date, int]:
    return (
        candidate.use_by or date.max,
        not candidate.is_open,
        candidate.received_on or date.min,
        candidate.lot_id,
    )

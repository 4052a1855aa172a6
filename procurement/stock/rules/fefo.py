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


@dataclass(frozen=True, slots=True)
class Standing:
    """A lot that stands where the goods are taken from; a held one is in quarantine or recalled."""

    number: str
    use_by: date | None
    is_held: bool = False


def why_this(number: str, use_by: date | None, standing: Iterable[Standing]) -> str:
    """Why this lot is taken, in a few words, beside the others that stand there."""
    others = [lot for lot in standing if lot.number != number]
    held = sum(lot.is_held for lot in others)
    why = _why(use_by, [lot for lot in others if not lot.is_held])
    return f"{why}; {held} held back" if held else why


def _why(use_by: date | None, others: list[Standing]) -> str:
    if not others:
        return "the only lot there"
    if use_by is None:
        dated = any(lot.use_by is not None for lot in others)
        return "no date; the dated ones are not enough" if dated else "no dates; the oldest first"
    earlier = [lot.use_by for lot in others if lot.use_by is not None and lot.use_by < use_by]
    if earlier:
        return "the earlier ones are not enough, or not to be used"
    later = min((lot.use_by for lot in others if lot.use_by is not None), default=None)
    if later is None or later == use_by:
        return f"the earliest date of {len(others) + 1}"
    return f"the earliest date of {len(others) + 1}; the next is {later:%-d %b %Y}"

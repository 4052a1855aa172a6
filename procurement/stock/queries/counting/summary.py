"""A count in one look: what is off, what is undecided, what it is worth, and whether somebody has to approve it."""

from collections.abc import Sequence
from dataclasses import dataclass

from procurement.kernel.money import Money
from procurement.stock.queries.counting.counts import CountRow
from procurement.stock.queries.counting.review import CountLine
from procurement.stock.rules.counting import needs_approval


@dataclass(frozen=True, slots=True)
class CountSummary:
    """The lines sorted by what is to be done with them; every line is in one of the parts."""

    undecided: tuple[CountLine, ...]
    off: tuple[CountLine, ...]  # differ, and may be posted
    left_out: tuple[CountLine, ...]
    right: tuple[CountLine, ...]
    not_counted: tuple[CountLine, ...]
    missing: Money
    surplus: Money
    unpriced: int  # differences of which nobody knows what they are worth
    needs_approval: bool
    entries: int  # current ones: what the person who decides has seen

    @property
    def counted(self) -> int:
        return len(self.undecided) + len(self.off) + len(self.right) + len(self.left_out)


def summary_of(count: CountRow, lines: Sequence[CountLine]) -> CountSummary:
    parts: dict[str, list[CountLine]] = {
        name: [] for name in ("undecided", "off", "left_out", "right", "not_counted")
    }
    for line in lines:
        parts[_part(line)].append(line)
    values = [line.value.minor if line.value else None for line in parts["off"]]
    known = [value for value in values if value is not None]
    return CountSummary(
        **{name: tuple(found) for name, found in parts.items()},
        missing=Money(-sum(value for value in known if value < 0), count.currency),
        surplus=Money(sum(value for value in known if value > 0), count.currency),
        unpriced=len(values) - len(known),
        needs_approval=needs_approval(values, count.approval_minor),
        entries=sum(len(line.entries) for line in lines),
    )


def _part(line: CountLine) -> str:
    if line.left_out:
        return "left_out"
    if line.conflict is not None:
        return "undecided"
    if line.counted is None:
        return "not_counted"
    return "off" if line.is_off else "right"

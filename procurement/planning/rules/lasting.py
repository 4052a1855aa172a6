"""Which lots expire before they are used, when the first expired is used first."""

from collections.abc import Sequence
from datetime import date

from procurement.planning.rules.safety import WEEK


def lost(lots: Sequence[tuple[date | None, int]], per_week: int, today: date) -> list[int]:
    """Of each lot (use-by, steps), in the order given, what will be past its use-by before it is used.

    Nothing where no use was measured, and nothing of what keeps for ever. Together it is what the needs take off.
    """
    found = [0] * len(lots)
    if not per_week:
        return found
    used = 0
    for index in sorted(range(len(lots)), key=lambda n: lots[n][0] or date.max):
        use_by, steps = lots[index]
        if use_by is None:
            continue
        until_then = per_week * ((use_by - today).days + 1) // WEEK
        kept = min(used + steps, max(until_then, 0))
        found[index] = used + steps - max(kept, used)
        used = max(kept, used)
    return found

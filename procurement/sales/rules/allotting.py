"""Which lots an order is promised: whole packs, earliest use-by first, no container broken."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Stand:
    """A lot at a place: `free` is what is there and promised to nobody; it goes in whole pieces of `piece` steps."""

    place_id: int
    lot_id: int
    use_by: date | None
    received_on: date | None
    free: int
    piece: int

    @property
    def whole(self) -> int:
        return self.free - self.free % self.piece


def piece_of(pack_steps: int, container_steps: int | None) -> int:
    """What goes as one: the container a lot stands in where whole ones make up the pack, else the pack."""
    if container_steps and pack_steps % container_steps == 0:
        return container_steps
    return pack_steps


def allot(
    stands: Iterable[Stand], wanted: int, *, pack_steps: int, kept: int = 0
) -> list[tuple[Stand, int]]:
    """Up to `wanted` steps beside the `kept` ones, so that both together are whole packs; FEFO, undated lots last."""
    ready = sorted((stand for stand in stands if stand.whole), key=_order)
    there = kept + sum(stand.whole for stand in ready)
    left = min(wanted, there - there % pack_steps - kept)
    taken: list[tuple[Stand, int]] = []
    for stand in ready:
        if left <= 0:
            break
        steps = min(stand.whole, left)
        taken.append((stand, steps))
        left -= steps
    return taken


def _order(stand: Stand) -> tuple[date, date, int, int]:
    return (
        stand.use_by or date.max,
        stand.received_on or date.min,
        stand.lot_id,
        stand.place_id,
    )

"""What one site needs of one product: rooms topped up from the storerooms first, the rest bought; all in steps.

A room whose available and coming stock is below its reorder point, or that asks for more, is filled up to its par
level. What the storerooms cannot give waits for what is on order to them, and only then is bought. A storeroom is
judged by what is left then.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from procurement.catalogue.terms import ProductStatus
from procurement.kernel.quantity import Unit


class Position(NamedTuple):
    """A product at a room or storeroom. A storeroom without a stocking rule has None for both levels.

    `available` may be used and is promised to nobody; `inbound` is on its way by transfers, `on_order` on open orders.
    A tuple, because a house has tens of thousands of them.
    """

    location: str
    is_storeroom: bool
    on_hand: int
    available: int
    inbound: int
    on_order: int
    par_level: int | None
    reorder_point: int | None
    location_name: str = ""
    site: str = ""
    product_id: int = 0
    sku: str = ""
    product_name: str = ""
    unit: Unit = Unit.PIECE
    status: ProductStatus = ProductStatus.ACTIVE
    asked: bool = False  # somebody in the room says it is running low

    @property
    def coming(self) -> int:
        return self.inbound + self.on_order

    @property
    def floor(self) -> int | None:
        """Below this it is topped up: its reorder point, or anything below par when the room asks."""
        return self.par_level if self.asked else self.reorder_point


@dataclass(frozen=True, slots=True)
class Refill:
    """So much from a storeroom, which could have given up to `left`."""

    source: str
    quantity: int
    left: int


class Shortage(NamedTuple):
    """What is missing at a position, and where it comes from: refills, goods on order, a purchase to `deliver_to`.

    `given` is what a storeroom passes on to rooms in the same plan, `claimed` what rooms wait for of its orders.
    """

    position: Position
    short: int
    refills: tuple[Refill, ...]
    covered: int
    to_buy: int
    deliver_to: str
    given: int = 0
    claimed: int = 0


@dataclass(slots=True)
class _Storeroom:
    """What a storeroom still has while the plan is made."""

    position: Position
    left: int
    coming: int
    given: int = 0
    claimed: int = 0


def plan_site(positions: Sequence[Position]) -> list[Shortage]:
    """The shortages of one product at one site, rooms first."""
    storerooms = [
        _Storeroom(p, p.available, p.coming)
        for p in sorted(positions, key=lambda p: p.location)
        if p.is_storeroom
    ]
    shortages = [_of_room(room, short, storerooms) for room, short in _short_rooms(positions)]
    own = [_of_storeroom(store) for store in storerooms]
    return shortages + [shortage for shortage in own if shortage]


def _short_rooms(positions: Iterable[Position]) -> list[tuple[Position, int]]:
    """Rooms below their reorder point with what they miss to par, the emptiest first."""
    short = [
        (room, room.par_level - room.available - room.coming)
        for room in positions
        if not room.is_storeroom
        and room.par_level is not None
        and room.floor is not None
        and room.available + room.coming < room.floor
    ]
    return sorted(short, key=lambda found: (_fullness(found[0]), found[0].location))


def _fullness(room: Position) -> int:
    """How full a room is, in millionths of its par level."""
    return (room.available + room.coming) * 1_000_000 // (room.par_level or 1)


def _of_room(room: Position, short: int, storerooms: Sequence[_Storeroom]) -> Shortage:
    refills = []
    rest = short
    # From one storeroom where one has it all, else from the fullest on.
    for store in sorted(storerooms, key=lambda s: (s.left < short, -s.left, s.position.location)):
        taken = min(rest, store.left)
        if taken > 0:
            refills.append(Refill(store.position.location, taken, store.left))
            store.left -= taken
            store.given += taken
            rest -= taken
    covered = 0
    for store in storerooms:
        claimed = min(rest - covered, store.coming)
        store.coming -= claimed
        store.claimed += claimed
        covered += claimed
    deliver_to = storerooms[0].position.location if storerooms else room.location
    return Shortage(room, short, tuple(refills), covered, rest - covered, deliver_to)


def _of_storeroom(store: _Storeroom) -> Shortage | None:
    position = store.position
    if position.par_level is None or position.reorder_point is None:
        return None
    after = store.left + store.coming
    if after >= position.reorder_point:
        return None
    short = position.par_level - after
    return Shortage(
        position, short, (), 0, short, position.location, given=store.given, claimed=store.claimed
    )

"""What sites need of one product: rooms topped up from the storerooms first, the rest bought; all in steps.

A room whose lasting and coming stock is below its reorder point, or that asks for more, is filled up to its par level
with whole containers. What the storerooms cannot give waits for what is on order to them, and only then is bought. A
storeroom is judged by what is left then. What customers have ordered and wait for comes before rooms, and lifts what
the storeroom they are shipped from needs. Where a site buys for others, its storerooms give to theirs as well, and
what they miss is bought there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from procurement.catalogue.terms import ProductStatus
from procurement.kernel.quantity import Unit

_WEEK = 7
_FAR = 3650  # days; nobody looks further ahead


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
    hub: str = ""  # the site that buys for this one, or the site itself
    expiring: int = 0  # of what is available: it will be past its use-by before it is used
    container: int = 1  # what is carried is whole ones of these
    per_week: int = 0  # measured use
    weeks: int = 0  # of history it was measured in
    shelf_life_days: int | None = None
    follows_use: bool = False
    snoozed_until: date | None = None
    comes_back_below: int | None = None
    snoozed_because: str = ""
    snoozed_by: str = ""
    snoozed_at: datetime | None = None
    backordered: int = 0  # customers' orders wait for it; of a storeroom

    @property
    def lasting(self) -> int:
        """What is available and will be used before its use-by."""
        return self.available - self.expiring

    @property
    def at_hand(self) -> int:
        return self.lasting + self.coming - self.backordered

    def is_snoozed(self, today: date) -> bool:
        """Put aside until a later day, and not worse meanwhile."""
        return (
            self.snoozed_until is not None
            and today < self.snoozed_until
            and (self.comes_back_below is None or self.at_hand >= self.comes_back_below)
        )

    @property
    def coming(self) -> int:
        return self.inbound + self.on_order

    @property
    def to_give(self) -> int:
        """Of what is available, customers' orders have theirs first."""
        return max(self.available - self.backordered, 0)

    def silent(self) -> "Position":
        """As one that gives, and needs nothing itself."""
        return self._replace(
            par_level=None, reorder_point=None, available=self.to_give, backordered=0
        )

    @property
    def floor(self) -> int | None:
        """Below this it is topped up: its reorder point, or anything below par when somebody there asks."""
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

    def give(self, wanted: int, needed: int) -> int:
        """Whole containers up to what is wanted, or one over where less would not be what is needed."""
        container = self.position.container
        count = max(wanted // container, -(-needed // container))
        count = min(count, self.left // container)
        taken = max(count, 0) * container
        self.left -= taken
        self.given += taken
        return taken

    def promise(self, wanted: int) -> int:
        """Of what is on its way to it."""
        promised = max(min(wanted, self.coming), 0)
        self.coming -= promised
        self.claimed += promised
        return promised


def runs_out_on(position: Position, today: date) -> date:
    """When the place has used up what it has and what is on its way to it by transfer; today where nobody knows."""
    if not position.per_week:
        return today
    days = (
        max(position.lasting + position.inbound - position.backordered, 0)
        * _WEEK
        // position.per_week
    )
    return today + timedelta(days=min(days, _FAR))


def plan_site(positions: Sequence[Position]) -> list[Shortage]:
    """The shortages of one product at one site and those it buys for, rooms first, the buyer's storerooms last."""
    storerooms = [
        _Storeroom(p, p.to_give, max(p.coming - max(p.backordered - p.available, 0), 0))
        for p in sorted(positions, key=lambda p: p.location)
        if p.is_storeroom
    ]
    shortages = [_filled(room, short, 0, storerooms) for room, short in _short_rooms(positions)]
    buyers_last = sorted(storerooms, key=lambda s: s.position.hub == s.position.site)
    own = (_of_storeroom(store, storerooms) for store in buyers_last)
    return [*shortages, *(shortage for shortage in own if shortage)]


def _short_rooms(positions: Iterable[Position]) -> list[tuple[Position, int]]:
    """Rooms below their reorder point with what they miss to par, the emptiest first."""
    short = [
        (room, room.par_level - room.at_hand)
        for room in positions
        if not room.is_storeroom
        and room.par_level is not None
        and room.floor is not None
        and room.at_hand < room.floor
    ]
    return sorted(short, key=lambda found: (_fullness(found[0]), found[0].location))


def _fullness(room: Position) -> int:
    """How full a room is, in millionths of its par level."""
    return room.at_hand * 1_000_000 // (room.par_level or 1)


def _filled(
    place: Position, short: int, given: int, storerooms: Sequence[_Storeroom], claimed: int = 0
) -> Shortage:
    """Where what a place misses comes from. Of equal nearness one storeroom that has it all, else the fullest first."""
    at_first = place.at_hand - given - claimed
    needed = max((place.floor or 0) - at_first, 1)
    refills = []
    taken = 0
    sources = [store for store in storerooms if _may_give(store.position, place)]
    order = sorted(
        sources,
        key=lambda s: (
            s.position.site != place.site,
            s.left < short,
            -s.left,
            s.position.location,
        ),
    )
    for store in order:
        if short - taken <= 0:
            break
        had = store.left
        took = store.give(short - taken, needed - taken)
        if took:
            refills.append(Refill(store.position.location, took, had))
            taken += took
    rest = max(short - taken, 0)
    if rest < place.container and taken >= needed:
        rest = 0  # less than a container, and not needed yet
    covered = 0
    for store in sorted(
        sources, key=lambda s: (s.position.site != place.site, s.position.location)
    ):
        covered += store.promise(rest - covered)
    deliver_to = _delivered_to(place, storerooms)
    return Shortage(
        place, short, tuple(refills), covered, rest - covered, deliver_to, given, claimed
    )


def _may_give(store: Position, place: Position) -> bool:
    """Rooms have the storerooms of their site, and every place those of the site that buys for it."""
    if store.site == place.site:
        return not place.is_storeroom
    return store.site == place.hub


def _delivered_to(place: Position, storerooms: Sequence[_Storeroom]) -> str:
    """A storeroom of the buying site; where it has none, the place's own, and at last the room itself."""
    for site in (place.hub, place.site):
        if place.is_storeroom and site == place.site:
            return place.location
        for store in storerooms:
            if store.position.site == site:
                return store.position.location
    return place.location


def _of_storeroom(store: _Storeroom, storerooms: Sequence[_Storeroom]) -> Shortage | None:
    """A storeroom is judged by what it keeps after giving; what expires on its shelf does not count."""
    position = store.position
    if position.par_level is None and not position.backordered:
        return None
    lasting = max(position.lasting - store.given, 0)
    after = lasting + position.coming - store.claimed - position.backordered
    if after >= (position.reorder_point or 0):
        return None
    short = (position.par_level or 0) - after
    given = position.lasting - lasting
    return _filled(position, short, given, storerooms, store.claimed)

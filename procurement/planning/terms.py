"""Words and rows of planning that doors may see."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from procurement.kernel.money import Money, UnitPrice
from procurement.kernel.quantity import Pack, Quantity, Unit

# Service levels a house may choose, in per mille: how often the safety stock is enough between two deliveries.
SERVICE_LEVELS = (900, 950, 980, 990, 995)
DEFAULT_SERVICE = 950
DEFAULT_HISTORY_WEEKS = 26
DEFAULT_REVIEW_DAYS = 7
DEFAULT_TOP_UP_DAYS = 3
DEFAULT_STORE_COVER, DEFAULT_ROOM_COVER = 28, 7  # days from the reorder point up to par


class Method(StrEnum):
    """How a week's use is estimated from the weeks before."""

    MEAN = "mean"  # used in most weeks
    SBA = "sba"  # used now and then
    TSB = "tsb"  # used now and then, and not lately
    NONE = "none"  # not used at all


class FactorKind(StrEnum):
    """What people know about the use to come."""

    SEASON = "season"  # a month's share of the usual use
    GROWTH = "growth"  # more or less, a year


@dataclass(frozen=True, slots=True)
class FactorRow:
    """A factor as people see it: `scope` says of what it holds ("Oils at Kinsale"), `percent` the month's or year's."""

    id: int
    kind: FactorKind
    month: int | None
    percent: Decimal
    scope: str
    valid_from: date
    valid_until: date | None


class FirstStep(StrEnum):
    """What a new installation wants first, in the order in which it is best done."""

    LETTERHEAD = "letterhead"
    TAXES = "taxes"
    ROOMS = "rooms"
    CATALOGUE = "catalogue"


@dataclass(frozen=True, slots=True)
class RefillRow:
    """So much from a storeroom of the site."""

    source: str
    source_name: str
    quantity: Quantity


class Figures(NamedTuple):
    """The figures of a need, in steps."""

    on_hand: int
    available: int
    on_order: int
    for_rooms: int
    par_level: int
    reorder_point: int
    short: int
    covered: int
    to_buy: int
    expiring: int = 0  # of what is available: it will be past its use-by before it is used
    per_week: int = 0  # measured use; 0 where none was measured
    backordered: int = 0  # customers' orders wait for it


@dataclass(frozen=True, slots=True)
class Snooze:
    """A need that somebody has put aside until a day; with `unless_worse` it comes back when less is there."""

    until: date
    unless_worse: bool
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What one location misses of one product, and what is proposed.

    `transfer` comes from `transfer_from` (all of `refills`, when it takes two storerooms); `packs` of `pack` are
    bought from `supplier` and delivered to `deliver_to`. `for_rooms` is what a storeroom gives to rooms or keeps for
    them. `wanted_by` is when it runs out at the use that was measured, or today; `most` is what can be used of it
    before it expires, None where that is not known. `why` says in words how each figure came about.
    """

    site: str
    location: str
    location_name: str
    is_storeroom: bool
    product: str
    product_name: str
    unit: Unit
    steps: Figures
    refills: tuple[RefillRow, ...]
    deliver_to: str
    deliver_to_name: str
    supplier: str | None
    supplier_name: str
    pack: str | None
    pack_value: Pack | None
    packs: int
    price: UnitPrice | None
    lead_time_days: int
    wanted_by: date
    most: Quantity | None
    blanket: str = ""  # the blanket order it is to draw on
    weeks: int = 0  # of history the use was measured in
    follows_use: bool = False  # its levels do
    sellers: int = 0  # supplier items to choose from, whether or not they fit
    snooze: Snooze | None = None
    explain: Callable[[], tuple[str, ...]] = field(repr=False, compare=False)

    @property
    def on_hand(self) -> Quantity:
        return Quantity(self.steps.on_hand, self.unit)

    @property
    def available(self) -> Quantity:
        return Quantity(self.steps.available, self.unit)

    @property
    def lasting(self) -> Quantity:
        """Available, and used before its use-by."""
        return Quantity(self.steps.available - self.steps.expiring, self.unit)

    @property
    def expiring(self) -> Quantity:
        return Quantity(self.steps.expiring, self.unit)

    @property
    def per_week(self) -> Quantity:
        return Quantity(self.steps.per_week, self.unit)

    @property
    def rounded(self) -> Quantity:
        """What whole containers leave out up to par; below nothing, what they bring over it."""
        left_out = self.steps.short - self.transfer.steps - self.steps.covered - self.steps.to_buy
        return Quantity(left_out, self.unit)

    @property
    def on_order(self) -> Quantity:
        return Quantity(self.steps.on_order, self.unit)

    @property
    def backordered(self) -> Quantity:
        return Quantity(self.steps.backordered, self.unit)

    @property
    def for_rooms(self) -> Quantity:
        return Quantity(self.steps.for_rooms, self.unit)

    @property
    def par_level(self) -> Quantity:
        return Quantity(self.steps.par_level, self.unit)

    @property
    def reorder_point(self) -> Quantity:
        return Quantity(self.steps.reorder_point, self.unit)

    @property
    def short(self) -> Quantity:
        return Quantity(self.steps.short, self.unit)

    @property
    def covered(self) -> Quantity:
        return Quantity(self.steps.covered, self.unit)

    @property
    def to_buy(self) -> Quantity:
        return Quantity(self.steps.to_buy, self.unit)

    @property
    def transfer(self) -> Quantity:
        return Quantity(sum(refill.quantity.steps for refill in self.refills), self.unit)

    @property
    def transfer_from(self) -> str | None:
        return self.refills[0].source if self.refills else None

    @property
    def exact_packs(self) -> int:
        """Packs that would be just enough, whatever the supplier accepts and a price break asks."""
        size = self.pack_value.size.steps if self.pack_value else 0
        return -(-self.steps.to_buy // size) if size else 0

    @property
    def cost(self) -> Money | None:
        return self.price.total(self.packs) if self.price and self.packs else None

    @property
    def why(self) -> tuple[str, ...]:
        return self.explain()

    @property
    def is_waiting(self) -> bool:
        """Nothing to do: the goods are on order."""
        return not self.refills and not self.steps.to_buy


@dataclass(frozen=True, slots=True)
class Needs:
    """What to do something about, what is short but already on order, and what somebody has put aside."""

    open: tuple[Need, ...]
    waiting: tuple[Need, ...]
    snoozed: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Drafted:
    """Numbers of the documents a run has drafted."""

    purchase_orders: tuple[str, ...]
    transfers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LastRun:
    """Who drafted from the needs last, and when."""

    at: datetime
    by: str


class Sorting(StrEnum):
    """In which order the shop's list stands; the value is the word in an address."""

    BEST = "best"
    NAME = "name"
    NEWEST = "newest"
    MOST_ORDERED = "ordered"
    CHEAPEST = "price"
    DEAREST = "price-down"

    @property
    def by_price(self) -> bool:
        return self in {Sorting.CHEAPEST, Sorting.DEAREST}

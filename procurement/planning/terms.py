"""Words and rows of planning that doors may see."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from procurement.kernel.money import Money, UnitPrice
from procurement.kernel.quantity import Pack, Quantity, Unit


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
    explain: Callable[[], tuple[str, ...]] = field(repr=False, compare=False)

    @property
    def on_hand(self) -> Quantity:
        return Quantity(self.steps.on_hand, self.unit)

    @property
    def available(self) -> Quantity:
        return Quantity(self.steps.available, self.unit)

    @property
    def on_order(self) -> Quantity:
        return Quantity(self.steps.on_order, self.unit)

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
    """What to do something about, and what is short but already on order."""

    open: tuple[Need, ...]
    waiting: tuple[Need, ...]


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

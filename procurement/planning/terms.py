"""Words and rows of planning that doors may see."""

from dataclasses import dataclass
from datetime import datetime

from procurement.kernel.money import Money, UnitPrice
from procurement.kernel.quantity import Pack, Quantity


@dataclass(frozen=True, slots=True)
class RefillRow:
    """So much from a storeroom of the site."""

    source: str
    source_name: str
    quantity: Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What one location misses of one product, and what is proposed.

    `transfer` comes from `transfer_from` (all of `refills`, when it takes two storerooms); `packs` of `pack` are
    bought from `supplier` and delivered to `deliver_to`. `for_rooms` is what a storeroom gives to rooms or keeps for
    them. `why` says in words how each figure came about.
    """

    site: str
    location: str
    location_name: str
    is_storeroom: bool
    product: str
    product_name: str
    on_hand: Quantity
    available: Quantity
    on_order: Quantity
    for_rooms: Quantity
    par_level: Quantity
    reorder_point: Quantity
    short: Quantity
    transfer_from: str | None
    transfer: Quantity
    refills: tuple[RefillRow, ...]
    covered: Quantity
    to_buy: Quantity
    deliver_to: str
    deliver_to_name: str
    supplier: str | None
    supplier_name: str
    pack: str | None
    pack_value: Pack | None
    packs: int
    price: UnitPrice | None
    lead_time_days: int
    why: tuple[str, ...]

    @property
    def cost(self) -> Money | None:
        return self.price.total(self.packs) if self.price and self.packs else None

    @property
    def is_waiting(self) -> bool:
        """Nothing to do: the goods are on order."""
        return not self.transfer.steps and not self.to_buy.steps


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

"""Rooms as people see them: how a room stands at a glance, and what is on its shelf beside what should be."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from procurement.catalogue.models import Pack, Product
from procurement.catalogue.terms import Kind, ProductStatus
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.quantity import Quantity, Unit
from procurement.stock.models import Balance, Lot, StockingRule
from procurement.stock.queries.on_hand import available_at
from procurement.stock.queries.places import places, places_by_code
from procurement.stock.rules.fefo import Standing, why_this
from procurement.stock.rules.shelf_life import is_usable
from procurement.stock.terms import LocationKind, LotStatus, Place

# Goods under way, tools with people and linen at the laundry have pages of their own.
_NO_ROOM = frozenset({LocationKind.IN_TRANSIT, LocationKind.PERSON, LocationKind.LAUNDRY})
SOON_DAYS = 30  # a use-by this near is worth a word


@dataclass(frozen=True, slots=True)
class RoomCard:
    """A room at a glance."""

    place: Place
    products: int  # different products on the shelf
    low: int  # products below their reorder point
    past: int  # lots past their use-by
    next_use_by: date | None


def room_cards(session: ReadSession, *, at: datetime, site: str | None = None) -> list[RoomCard]:
    """Every storeroom, room and quarantine, of one site or all; a fixed number of statements."""
    stock = available_at(session, at=at)
    low: defaultdict[int, int] = defaultdict(int)
    rules = session.execute(
        select(StockingRule.location_id, StockingRule.product_id, StockingRule.reorder_point)
    )
    for location_id, product_id, reorder_point in rules:
        if stock.get((location_id, product_id), (0, 0))[1] < reorder_point:
            low[location_id] += 1
    kept: defaultdict[int, int] = defaultdict(int)
    for location_id, _ in stock:
        kept[location_id] += 1
    dates = _dates(session)
    cards = []
    for place in places(session, site=site):
        if place.kind in _NO_ROOM:
            continue
        today = today_in(place.time_zone or "UTC", at)
        all_dates = dates.get(place.id, [])
        ahead = [day for day in all_dates if day >= today]
        past = len(all_dates) - len(ahead)
        cards.append(
            RoomCard(place, kept[place.id], low[place.id], past, min(ahead) if ahead else None)
        )
    return cards


def _dates(session: ReadSession) -> dict[int, list[date]]:
    found: defaultdict[int, list[date]] = defaultdict(list)
    rows = session.execute(
        select(Balance.location_id, Lot.use_by)
        .join(Lot, Lot.id == Balance.lot_id)
        .where(Balance.on_hand > 0, Lot.use_by.is_not(None))
    )
    for location_id, use_by in rows:
        found[location_id].append(use_by)
    return found


@dataclass(frozen=True, slots=True)
class ShelfLot:
    """A lot on the shelf of a room."""

    number: str
    status: LotStatus
    use_by: date | None
    on_hand: Quantity
    is_usable: bool
    is_soon: bool

    @property
    def is_held(self) -> bool:
        """In quarantine or recalled."""
        return self.status is not LotStatus.AVAILABLE


@dataclass(frozen=True, slots=True)
class ShelfLine:
    """A product in a room: what is there beside what should be; one with a rule is listed even when none is left."""

    sku: str
    name: str
    kind: Kind
    on_hand: Quantity
    available: Quantity
    par_level: Quantity | None
    reorder_point: Quantity | None
    pack_name: str | None
    pack_size: Quantity | None
    lots: tuple[ShelfLot, ...]

    @property
    def is_low(self) -> bool:
        return self.reorder_point is not None and self.available.steps < self.reorder_point.steps

    @property
    def next_use_by(self) -> date | None:
        return next((lot.use_by for lot in self.lots if lot.is_usable), None)

    @property
    def is_soon(self) -> bool:
        return any(lot.is_usable and lot.is_soon for lot in self.lots)

    @property
    def has_past(self) -> bool:
        """Something of it may not be used: its date is past, or it stands in quarantine."""
        return any(not lot.is_usable and not lot.is_held for lot in self.lots)

    @property
    def has_held(self) -> bool:
        return any(lot.is_held for lot in self.lots)

    @property
    def first(self) -> tuple[str, str] | None:
        """The number of the lot that is used first, and why in a few words; None where nothing may be used."""
        lot = next((one for one in self.lots if one.is_usable), None)
        if lot is None:
            return None
        standing = [Standing(one.number, one.use_by, one.is_held) for one in self.lots]
        good = {one.number for one in self.lots if one.is_usable or one.is_held}
        why = why_this(lot.number, lot.use_by, [one for one in standing if one.number in good])
        return lot.number, why

    @property
    def fill(self) -> int:
        """How full the place is, in percent of its par level, for the gauge."""
        if self.par_level is None or self.par_level.steps == 0:
            return 100 if self.available.steps else 0
        return min(100, self.available.steps * 100 // self.par_level.steps)


@dataclass(frozen=True, slots=True)
class Shelf:
    place: Place
    lines: tuple[ShelfLine, ...]

    @property
    def low(self) -> tuple[ShelfLine, ...]:
        return tuple(line for line in self.lines if line.is_low)

    def line(self, sku: str) -> ShelfLine:
        """Raises NotFound."""
        for line in self.lines:
            if line.sku == sku:
                return line
        raise NotFound(f"{self.place.name} has no {sku}.")


def shelf_of(session: ReadSession, location: str, *, at: datetime) -> Shelf:
    """What is in a room. Raises NotFound for a code nobody has, and for virtual places."""
    place = places_by_code(session, {location}).get(location)
    if place is None or not place.is_physical:
        raise NotFound(f"There is no room {location}.")
    today = today_in(place.time_zone or "UTC", at)
    balances: defaultdict[int, list[tuple[Lot, int, int]]] = defaultdict(list)
    rows = session.execute(
        select(Balance.product_id, Balance.on_hand, Balance.reserved, Lot)
        .join(Lot, Lot.id == Balance.lot_id)
        .where(Balance.location_id == place.id, Balance.on_hand > 0)
        .order_by(func.coalesce(Lot.use_by, date.max), Lot.id)
    )
    for product_id, on_hand, reserved, lot in rows:
        balances[product_id].append((lot, on_hand, reserved))
    rules = {
        row[0]: (row[1], row[2])
        for row in session.execute(
            select(
                StockingRule.product_id, StockingRule.par_level, StockingRule.reorder_point
            ).where(StockingRule.location_id == place.id)
        )
    }
    in_use = place.kind is not LocationKind.QUARANTINE
    lines = [
        _line(row, balances.get(row[0], []), rules.get(row[0]), today, in_use=in_use)
        for row in _products(session, balances.keys() | rules.keys())
    ]
    return Shelf(place, tuple(lines))


_Row = tuple[int, str, str, Kind, Unit, str | None, int | None]


def _products(session: ReadSession, ids: Iterable[int]) -> list[_Row]:
    statement = (
        select(
            Product.id,
            Product.sku,
            Product.name,
            Product.kind,
            Product.unit,
            Pack.name,
            Pack.size_steps,
        )
        .outerjoin(Pack, (Pack.product_id == Product.id) & Pack.is_sales_pack)
        .where(Product.id.in_(set(ids)))
        .order_by(func.lower(Product.name), Product.sku)
    )
    return [
        (row[0], row[1], row[2], row[3], row[4], row[5], row[6])
        for row in session.execute(statement)
    ]


def _line(
    row: _Row,
    balances: list[tuple[Lot, int, int]],
    rule: tuple[int, int] | None,
    today: date,
    *,
    in_use: bool,
) -> ShelfLine:
    _, sku, name, kind, unit, pack_name, pack_steps = row
    lots = []
    available = 0
    for lot, on_hand, reserved in balances:
        usable = in_use and is_usable(lot.status, lot.use_by, today)
        available += on_hand - reserved if usable else 0
        soon = lot.use_by is not None and (lot.use_by - today).days <= SOON_DAYS
        lots.append(
            ShelfLot(lot.number, lot.status, lot.use_by, Quantity(on_hand, unit), usable, soon)
        )
    return ShelfLine(
        sku,
        name,
        kind,
        Quantity(sum(on_hand for _, on_hand, _ in balances), unit),
        Quantity(available, unit),
        Quantity(rule[0], unit) if rule else None,
        Quantity(rule[1], unit) if rule else None,
        pack_name,
        Quantity(pack_steps, unit) if pack_steps else None,
        tuple(lots),
    )


@dataclass(frozen=True, slots=True)
class Stockable:
    """A product that stands on shelves, to choose from."""

    sku: str
    name: str
    unit: Unit


def stockable(session: ReadSession) -> list[Stockable]:
    rows = session.execute(
        select(Product.sku, Product.name, Product.unit)
        .where(Product.kind != Kind.SERVICE, Product.status == ProductStatus.ACTIVE)
        .order_by(func.lower(Product.name), Product.sku)
    )
    return [Stockable(row[0], row[1], row[2]) for row in rows]


def product_name(session: ReadSession, sku: str) -> str:
    """Raises NotFound."""
    name: str | None = session.scalar(select(Product.name).where(Product.sku == sku))
    if name is None:
        raise NotFound(f"There is no product {sku}.")
    return name


@dataclass(frozen=True, slots=True)
class PackName:
    code: str
    name: str


def packs_of(session: ReadSession, sku: str) -> list[PackName]:
    """What a product can be filled into."""
    rows = session.execute(
        select(Pack.code, Pack.name)
        .join(Product, Product.id == Pack.product_id)
        .where(Product.sku == sku)
        .order_by(Pack.position, Pack.id)
    )
    return [PackName(*row) for row in rows]

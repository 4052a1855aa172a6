"""The board: what is open, what must be used first, what is past its date; two statements for any house."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from procurement.catalogue.models import Pack, Product
from procurement.catalogue.terms import Kind
from procurement.kernel.clock import today_in
from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.quantity import Quantity
from procurement.stock.models import Balance, Location, Lot, Site
from procurement.stock.rules.amounts import USUAL_DOSE
from procurement.stock.rules.shelf_life import is_usable
from procurement.stock.terms import LocationKind, LotStatus

SOON_DAYS = 7  # an opened container this near its date is used before the others


@dataclass(frozen=True, slots=True)
class OpenRow:
    """An opened container where it stands.

    `is_first`: of several of one product in the room this is the one to be used first. `next_sealed` says whether
    another can be opened there.
    """

    number: str
    product: str
    product_name: str
    kind: Kind
    site: str
    location: str
    location_name: str
    parent: str
    pack: str | None
    status: LotStatus
    opened_at: datetime
    decanted_at: datetime | None
    expires_on: date | None
    use_by: date | None
    tare: int | None
    density: int | None
    today: date
    left: Quantity
    filled: Quantity
    dose: Quantity
    pump_stroke: Quantity | None
    has_next: bool
    is_first: bool

    @property
    def is_usable(self) -> bool:
        return is_usable(self.status, self.use_by, self.today)

    @property
    def is_past(self) -> bool:
        return self.use_by is not None and self.use_by < self.today

    @property
    def days(self) -> int | None:
        """Until its use-by."""
        return None if self.use_by is None else (self.use_by - self.today).days

    @property
    def is_soon(self) -> bool:
        return self.is_usable and self.days is not None and self.days <= SOON_DAYS

    @property
    def percent(self) -> int:
        """How full it is, never nothing while a drop is left."""
        return max(1, min(100, self.left.steps * 100 // self.filled.steps))

    @property
    def doses(self) -> int:
        """Treatments that are left in it."""
        return self.left.steps // self.dose.steps

    @property
    def state(self) -> str:
        """The gauge's word for it."""
        if not self.is_usable:
            return "past"
        return "soon" if self.is_soon else "ok"


@dataclass(frozen=True, slots=True)
class BoardRoom:
    """A room and its opened containers, what must go first at the top."""

    code: str
    name: str
    site: str
    rows: tuple[OpenRow, ...]

    @property
    def past(self) -> int:
        return sum(1 for row in self.rows if not row.is_usable)

    @property
    def soon(self) -> int:
        return sum(1 for row in self.rows if row.is_soon)


def board(
    session: ReadSession, *, at: datetime, site: str | None = None, location: str | None = None
) -> list[BoardRoom]:
    """Every opened container of a room, a site or the whole house, by room."""
    rows = _rows(session, _statement(site=site, location=location), at)
    rooms: defaultdict[tuple[str, str, str], list[OpenRow]] = defaultdict(list)
    for row in rows:
        rooms[row.site, row.location_name, row.location].append(row)
    return [
        BoardRoom(code, name, site_code, tuple(found))
        for (site_code, name, code), found in sorted(rooms.items())
    ]


def open_containers(session: ReadSession, location: str, *, at: datetime) -> tuple[OpenRow, ...]:
    """What is open in one room, what must go first at the top."""
    return tuple(_rows(session, _statement(site=None, location=location), at))


def use_first(session: ReadSession, *, at: datetime, limit: int) -> list[OpenRow]:
    """Opened containers past their use-by or within a week of it, the oldest date first."""
    horizon = (at + timedelta(days=SOON_DAYS + 1)).date()  # a day more than any zone needs
    statement = _statement(site=None, location=None).where(Lot.use_by <= horizon).limit(limit)
    return [row for row in _rows(session, statement, at) if row.is_soon or row.is_past]


def open_container_row(session: ReadSession, number: str, *, at: datetime) -> OpenRow:
    """One opened container. Raises NotFound once it is finished."""
    found = _rows(session, _statement(site=None, location=None).where(Lot.number == number), at)
    if not found:
        raise NotFound(f"Nothing is open under {number}.")
    return found[0]


_PARENT = aliased(Lot)


def _statement(*, site: str | None, location: str | None) -> AnySelect:
    statement: AnySelect = (
        select(
            Balance.location_id,
            Balance.product_id,
            Balance.on_hand,
            Site.time_zone,
            Product.unit,
            Lot.filled,
            Product.dose,
            Product.pump_stroke,
            Lot.number,
            Product.sku,
            Product.name,
            Product.kind,
            Site.code,
            Location.code,
            Location.name,
            _PARENT.number,
            Pack.name,
            Lot.status,
            Lot.opened_at,
            Lot.decanted_at,
            Lot.expires_on,
            Lot.use_by,
            Pack.tare,
            Product.density,
        )
        .join_from(Lot, Balance, (Balance.lot_id == Lot.id) & (Balance.on_hand > 0))
        .join(_PARENT, _PARENT.id == Lot.parent_id)
        .join(Product, Product.id == Lot.product_id)
        .join(Location, Location.id == Balance.location_id)
        .join(Site, Site.id == Location.site_id)
        .outerjoin(Pack, Pack.id == Lot.container_pack_id)
        .where(Lot.parent_id.is_not(None), Lot.finished_at.is_(None))
        .order_by(func.coalesce(Lot.use_by, date.max), Lot.opened_at, Lot.id)
    )
    if site is not None:
        statement = statement.where(Site.code == site)
    if location is not None:
        statement = statement.where(Location.code == location)
    return statement


def _rows(session: ReadSession, statement: AnySelect, at: datetime) -> list[OpenRow]:
    found = session.execute(statement).all()
    days = {zone: today_in(zone, at) for zone in {row[3] for row in found}}
    sealed = _sealed(session, found, days.values())
    seen: set[tuple[int, int]] = set()
    rows = []
    for row in found:
        place_id, product_id, on_hand, zone, unit, filled, dose, stroke, *said = row
        usable = is_usable(row.status, row.use_by, days[zone])
        is_first = usable and (place_id, product_id) not in seen
        if usable:
            seen.add((place_id, product_id))
        rows.append(
            OpenRow(
                *(
                    *said,
                    days[zone],
                    Quantity(on_hand, unit),
                    Quantity(filled, unit),
                    Quantity(dose or USUAL_DOSE[unit], unit),
                    Quantity(stroke, unit) if stroke else None,
                    (place_id, product_id) in sealed,
                    is_first,
                )
            )
        )
    return rows


def _sealed(
    session: ReadSession, found: Iterable[Any], days: Iterable[date]
) -> set[tuple[int, int]]:
    """Where another container of the product can be opened."""
    places = {row[0] for row in found}
    if not places:
        return set()
    statement: Select[*tuple[Any, ...]] = (
        select(Balance.location_id, Balance.product_id)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Location, Location.id == Balance.location_id)
        .where(
            Balance.on_hand > Balance.reserved,
            Lot.parent_id.is_(None),
            Lot.status == LotStatus.AVAILABLE,
            Lot.use_by.is_(None) | (Lot.use_by >= max(days)),
            Location.kind != LocationKind.QUARANTINE,
            Balance.location_id.in_(places),
        )
        .distinct()
    )
    return {(row[0], row[1]) for row in session.execute(statement)}

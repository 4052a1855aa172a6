"""Sites and locations."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import case, select
from sqlalchemy.orm import aliased

from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.errors import NotFound
from procurement.stock.models import (
    Location,
    Site,
)
from procurement.stock.terms import LocationKind, Place

_ORDER = (LocationKind.STOREROOM, LocationKind.TREATMENT_ROOM, LocationKind.QUARANTINE)


_PLACES: AnySelect = select(
    Location.id, Location.code, Location.name, Location.kind, Site.code, Site.time_zone
).outerjoin(Site, Site.id == Location.site_id)


def places_by_id(session: ReadSession, ids: Iterable[int]) -> dict[int, Place]:
    rows = session.execute(_PLACES.where(Location.id.in_(set(ids))))
    return {row[0]: Place(*row) for row in rows}


def places_by_code(session: ReadSession, codes: Iterable[str]) -> dict[str, Place]:
    """The locations that have these codes; a code nobody has is left out."""
    rows = session.execute(_PLACES.where(Location.code.in_(set(codes))))
    return {row[1]: Place(*row) for row in rows}


def place_of_kind(session: ReadSession, kind: LocationKind, *, site: str | None = None) -> Place:
    """The virtual place of a kind, or a site's first place of it (its quarantine, say)."""
    statement = _PLACES.where(Location.kind == kind, Location.active)
    if site is not None:
        statement = statement.where(Site.code == site)
    row = session.execute(statement.order_by(Location.id).limit(1)).first()
    if row is None:
        where = f" at {site}" if site else ""
        raise NotFound(f"There is no {kind.replace('_', ' ')}{where}.")
    return Place(*row)


def places(session: ReadSession, *, site: str | None = None, physical: bool = True) -> list[Place]:
    """Active locations by site: storerooms, rooms, the rest, each by name; the virtual ones only when asked for."""
    first = case({kind: rank for rank, kind in enumerate(_ORDER)}, value=Location.kind, else_=9)
    statement = _PLACES.where(Location.active).order_by(
        Site.name, Site.code, first, Location.name, Location.code
    )
    if physical:
        statement = statement.where(Location.is_physical)
    if site is not None:
        statement = statement.where(Site.code == site)
    return [Place(*row) for row in session.execute(statement)]


@dataclass(frozen=True, slots=True)
class SiteRow:
    code: str
    name: str
    time_zone: str
    address: str
    buying_site: str | None = None  # takes in what is bought for this one


def sites(session: ReadSession) -> list[SiteRow]:
    buyer = aliased(Site)
    rows = session.execute(
        select(Site.code, Site.name, Site.time_zone, Site.address, buyer.code)
        .outerjoin(buyer, buyer.id == Site.buying_site_id)
        .order_by(Site.name, Site.code)
    )
    return [SiteRow(*row) for row in rows]


def site_id_of(session: ReadSession, code: str, *, field: str = "site") -> int:
    """The key of a site; an unknown one is said at the field."""
    found: int | None = session.scalar(select(Site.id).where(Site.code == code))
    if found is None:
        raise NotFound(f"There is no site {code}.", field=field)
    return found

"""Sites and locations: reference data, and the virtual places that exist from the start."""

from dataclasses import dataclass
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.stock.models import Location, Site
from procurement.stock.terms import VIRTUAL_CODES, LocationKind


@dataclass(frozen=True, slots=True)
class CreateSite:
    code: str
    name: str
    time_zone: str
    address: str = ""


def create_site(session: Session, command: CreateSite, *, actor: Actor) -> Site:
    """A new site. Raises Invalid (time zone), Conflict (code)."""
    actor.require(Permission.EDIT_LOCATIONS)
    if command.time_zone not in available_timezones():
        raise Invalid(
            "The time zone must be an IANA name such as Europe/Dublin.", field="time_zone"
        )
    if session.scalar(select(Site.id).where(Site.code == command.code)) is not None:
        raise Conflict("There is a site with this code.", field="code")
    site = Site(
        code=command.code,
        name=command.name,
        time_zone=command.time_zone,
        address=command.address,
    )
    session.add(site)
    session.flush()  # a code taken meanwhile is refused here, by its constraint
    return site


def set_buying_site(session: Session, site: str, buying_site: str | None, *, actor: Actor) -> None:
    """From now on another site takes in what is bought for this one; None: it buys for itself again.

    Raises NotFound (site), Invalid (buying_site): a site that others buy at buys for itself, and has a storeroom.
    """
    actor.require(Permission.EDIT_LOCATIONS)
    found = {one.code: one for one in session.scalars(select(Site).with_for_update())}
    if site not in found:
        raise NotFound(f"There is no site {site}.")
    if buying_site is None:
        found[site].buying_site_id = None
        return
    buyer = found.get(buying_site)
    if buyer is None:
        raise Invalid(f"There is no site {buying_site}.", field="buying_site")
    if buyer.id == found[site].id:
        raise Invalid("A site buys for itself when no other is named.", field="buying_site")
    if buyer.buying_site_id is not None:
        raise Invalid(f"{buyer.name} does not buy for itself.", field="buying_site")
    if any(one.buying_site_id == found[site].id for one in found.values()):
        raise Invalid(f"{found[site].name} buys for others.", field="buying_site")
    store = select(Location.id).where(
        Location.site_id == buyer.id, Location.kind == LocationKind.STOREROOM, Location.active
    )
    if session.scalar(store.limit(1)) is None:
        raise Invalid(f"{buyer.name} has no storeroom.", field="buying_site")
    found[site].buying_site_id = buyer.id


@dataclass(frozen=True, slots=True)
class CreateLocation:
    """`site` is a site's code; the virtual kinds exist from the start and cannot be made."""

    code: str
    name: str
    kind: LocationKind
    site: str


def create_location(session: Session, command: CreateLocation, *, actor: Actor) -> Location:
    """A new storeroom, treatment room, quarantine or in-transit place of a site."""
    actor.require(Permission.EDIT_LOCATIONS)
    if not command.kind.is_physical:
        raise Invalid("Virtual locations exist from the start.", field="kind")
    site_id = session.scalar(select(Site.id).where(Site.code == command.site))
    if site_id is None:
        raise Invalid(f"There is no site {command.site}.", field="site")
    if session.scalar(select(Location.id).where(Location.code == command.code)) is not None:
        raise Conflict("There is a location with this code.", field="code")
    location = Location(
        site_id=site_id,
        code=command.code,
        name=command.name,
        kind=command.kind,
        is_physical=True,
    )
    session.add(location)
    session.flush()  # a code taken meanwhile is refused here, by its constraint
    return location


@dataclass(frozen=True, slots=True)
class RenameLocation:
    code: str
    name: str
    active: bool = True


def rename_location(session: Session, command: RenameLocation, *, actor: Actor) -> Location:
    actor.require(Permission.EDIT_LOCATIONS)
    location = session.scalar(select(Location).where(Location.code == command.code))
    if location is None or not location.is_physical:
        raise NotFound(f"There is no location {command.code}.")
    location.name = command.name
    location.active = command.active
    return location


def ensure_virtual_locations(session: Session) -> None:
    """SUPPLIER, CUSTOMER, CONSUMED, ADJUSTMENT, CONVERSION, OPENING; called when a database is made."""
    there = set(session.scalars(select(Location.code).where(Location.code.in_(VIRTUAL_CODES))))
    session.add_all(
        Location(code=code, name=kind.value.capitalize(), kind=kind, is_physical=False)
        for code, kind in VIRTUAL_CODES.items()
        if code not in there
    )

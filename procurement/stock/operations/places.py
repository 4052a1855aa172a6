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

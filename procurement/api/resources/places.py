"""`/sites` and `/locations`."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.stock import LocationBody, LocationShape, SiteBody, SiteShape
from procurement.api.schemas.values import ListQuery, listing
from procurement.kernel.errors import NotFound
from procurement.kernel.paging import PageRequest, slice_of
from procurement.kernel.permissions import Permission
from procurement.stock.operations.places import (
    CreateLocation,
    CreateSite,
    create_location,
    create_site,
)
from procurement.stock.queries.places import places, places_by_code
from procurement.stock.queries.places import sites as all_sites
from procurement.stock.terms import LocationKind

sites = Api("sites", "/sites")
locations = Api("locations", "/locations")


@sites.get("", query=ListQuery, gives=SiteShape, many=True, summary="The sites")
def list_sites(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    paging = PageRequest.parse(call.query.limit, call.query.cursor)
    page = slice_of(all_sites(call.session), paging, lambda site: site.code)
    return Answer(listing(page, lambda row: SiteShape.model_validate(row, from_attributes=True)))


@sites.get("/<path:code>", gives=SiteShape, summary="One site")
def show(call: Call[Any], code: str) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    for row in all_sites(call.session):
        if row.code == code:
            return Answer(SiteShape.model_validate(row, from_attributes=True))
    raise NotFound(f"There is no site {code}.")


@sites.post("", takes=SiteBody, gives=SiteShape, status=201, summary="Create a site")
def create(call: Call[SiteBody]) -> Answer:
    site = create_site(call.session, CreateSite(**call.body.model_dump()), actor=call.actor)
    shape = SiteShape.model_validate(site, from_attributes=True)
    return Answer(shape, location=address("sites", site.code))


@locations.get(
    "",
    query=ListQuery,
    gives=LocationShape,
    many=True,
    summary="Every location, the virtual ones too",
)
def list_locations(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    paging = PageRequest.parse(call.query.limit, call.query.cursor)
    page = slice_of(places(call.session, physical=False), paging, lambda place: place.code)
    return Answer(listing(page, LocationShape.of))


@locations.get("/<path:code>", gives=LocationShape, summary="One location")
def show_one(call: Call[Any], code: str) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    place = places_by_code(call.session, {code}).get(code)
    if place is None:
        raise NotFound(f"There is no location {code}.")
    return Answer(LocationShape.of(place))


@locations.post(
    "", takes=LocationBody, gives=LocationShape, status=201, summary="Create a location"
)
def create_one(call: Call[LocationBody]) -> Answer:
    body = call.body
    command = CreateLocation(body.code, body.name, LocationKind(body.kind), body.site)
    create_location(call.session, command, actor=call.actor)
    shape = LocationShape(code=body.code, name=body.name, kind=command.kind, site=body.site)
    return Answer(shape, location=address("locations", body.code))

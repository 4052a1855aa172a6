"""`/sites` and `/locations`."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.stock import LocationBody, LocationShape, SiteBody, SiteShape
from procurement.kernel.permissions import Permission
from procurement.stock.operations.places import (
    CreateLocation,
    CreateSite,
    create_location,
    create_site,
)
from procurement.stock.queries.places import places
from procurement.stock.queries.places import sites as all_sites
from procurement.stock.terms import LocationKind

sites = Api("sites", "/sites")
locations = Api("locations", "/locations")


@sites.get("", gives=SiteShape, many=True, summary="The sites")
def list_sites(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    rows = [SiteShape.model_validate(row, from_attributes=True) for row in all_sites(call.session)]
    return Answer({"items": rows, "next": None})


@sites.post("", takes=SiteBody, gives=SiteShape, status=201, summary="Create a site")
def create(call: Call[SiteBody]) -> Answer:
    site = create_site(call.session, CreateSite(**call.body.model_dump()), actor=call.actor)
    shape = SiteShape.model_validate(site, from_attributes=True)
    return Answer(shape, location=f"/sites/{site.code}")


@locations.get("", gives=LocationShape, many=True, summary="Every location, the virtual ones too")
def list_locations(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    rows = [LocationShape.of(place) for place in places(call.session, physical=False)]
    return Answer({"items": rows, "next": None})


@locations.post(
    "", takes=LocationBody, gives=LocationShape, status=201, summary="Create a location"
)
def create_one(call: Call[LocationBody]) -> Answer:
    body = call.body
    command = CreateLocation(body.code, body.name, LocationKind(body.kind), body.site)
    create_location(call.session, command, actor=call.actor)
    shape = LocationShape(code=body.code, name=body.name, kind=command.kind, site=body.site)
    return Answer(shape, location=f"/locations/{body.code}")

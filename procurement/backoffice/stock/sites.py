"""Sites and their locations."""

from zoneinfo import available_timezones

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.kernel.errors import DomainError, NotFound
from procurement.kernel.permissions import Permission
from procurement.stock.operations.places import (
    CreateLocation,
    CreateSite,
    RenameLocation,
    create_location,
    create_site,
    rename_location,
)
from procurement.stock.queries.places import places, places_by_code, sites
from procurement.stock.terms import PHYSICAL_KINDS, LocationKind
from procurement.web.doors import Audience, Door
from procurement.web.fields import ChoiceField, CodeField, ProseField, TextField, TickField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import export, export_urls, wanted_format
from procurement.web.transactions import read, write

bp = Door("sites", __name__, audience=Audience.STAFF, url_prefix="/sites")

HEADER = ("Code", "Name", "Kind", "Site")
KINDS = [(kind.value, kind.replace("_", " ").capitalize()) for kind in sorted(PHYSICAL_KINDS)]
ZONES = [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]


class SiteForm(BaseForm):
    code = CodeField("Code")
    name = TextField("Name")
    time_zone = ChoiceField("Time zone", ZONES)
    address = ProseField("Address", required=False, most=1_000)

    def to_command(self) -> CreateSite:
        return CreateSite(self.code.data, self.name.data, self.time_zone.data, self.address.data)


class LocationForm(BaseForm):
    code = CodeField("Code")
    name = TextField("Name")
    kind = ChoiceField("Kind", KINDS)
    site = ChoiceField("Site")

    def to_command(self) -> CreateLocation:
        return CreateLocation(
            self.code.data, self.name.data, LocationKind(self.kind.data), self.site.data
        )


class RenameForm(BaseForm):
    name = TextField("Name")
    active = TickField("In use")


@bp.get("/")
def index() -> str | Response:
    actor = current_actor()
    actor.require(Permission.SEE_STOCK)
    with read() as session:
        houses, rooms = sites(session), places(session)
    if wanted_format():
        return export("rooms", HEADER, [(r.code, r.name, r.kind, r.site) for r in rooms])
    return render_template(
        "backoffice/stock/sites.html",
        houses=[(site, [room for room in rooms if room.site == site.code]) for site in houses],
        may_edit=actor.may(Permission.EDIT_LOCATIONS),
        exports_of=export_urls(),
    )


@bp.route("/new", methods=["GET", "POST"])
def create() -> Response:
    actor = current_actor()
    actor.require(Permission.EDIT_LOCATIONS)
    form = SiteForm.from_request()
    if request.method == "POST" and form.validate():
        try:
            with write() as session:
                create_site(session, form.to_command(), actor=actor)
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".index"), f"{form.name.data} is there.")
    return render_form("backoffice/stock/site_new.html", form)


@bp.route("/locations/new", methods=["GET", "POST"])
def create_place() -> Response:
    actor = current_actor()
    actor.require(Permission.EDIT_LOCATIONS)
    form = LocationForm.from_request()
    with read() as session:
        form.site.choices = [(site.code, site.name) for site in sites(session)]
    if request.method == "POST" and form.validate():
        try:
            with write() as session:
                create_location(session, form.to_command(), actor=actor)
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(
                url_for("rooms.show", code=form.code.data), f"{form.name.data} is there."
            )
    return render_form("backoffice/stock/location_new.html", form)


@bp.route("/locations/<code>", methods=["GET", "POST"])
def edit_place(code: str) -> Response:
    actor = current_actor()
    actor.require(Permission.EDIT_LOCATIONS)
    with read() as session:
        place = places_by_code(session, {code}).get(code)
    if place is None or not place.is_physical:
        raise NotFound(f"There is no room {code}.")
    form = RenameForm.from_request(data={"name": place.name, "active": True})
    if request.method == "POST" and form.validate():
        command = RenameLocation(code, form.name.data, active=form.active.data)
        with write() as session:
            rename_location(session, command, actor=actor)
        return redirect_with_flash(url_for(".index"), f"{form.name.data} is saved.")
    return render_form("backoffice/stock/location_edit.html", form, place=place)

"""Rooms: how each stands at a glance, and one room's shelf with what can be done at it."""

from flask import render_template, request

from procurement.kernel.clock import utc_now
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.stock.queries.history import movements
from procurement.stock.queries.places import sites
from procurement.stock.queries.rooms import room_cards, shelf_of
from procurement.web.doors import Audience, Door
from procurement.web.identity import current_actor
from procurement.web.transactions import read

bp = Door("rooms", __name__, audience=Audience.STAFF, url_prefix="/rooms")


@bp.get("/")
def index() -> str:
    current_actor().require(Permission.SEE_STOCK)
    with read() as session:
        houses = sites(session)
        cards = room_cards(session, at=utc_now(), site=request.args.get("site") or None)
    by_site = [(site, [card for card in cards if card.place.site == site.code]) for site in houses]
    return render_template(
        "backoffice/stock/rooms.html",
        houses=[(site, rooms) for site, rooms in by_site if rooms],
        low=sum(1 for card in cards if card.low),
        rooms=len(cards),
    )


@bp.get("/<code>")
def show(code: str) -> str:
    actor = current_actor()
    actor.require(Permission.SEE_STOCK)
    with read() as session:
        shelf = shelf_of(session, code, at=utc_now())
        latest = movements(session, paging=PageRequest(limit=8), location=code).items
    return render_template(
        "backoffice/stock/room.html",
        shelf=shelf,
        latest=latest,
        chosen=request.args.get("product", ""),
        may_write_off=actor.may(Permission.WRITE_OFF_STOCK),
        may_adjust=actor.may(Permission.ADJUST_STOCK),
        may_edit=actor.may(Permission.EDIT_LOCATIONS),
    )

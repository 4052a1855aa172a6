"""Rooms: how each stands at a glance, and one room's page, made for a phone: choose, then act."""

import uuid

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.stock.room_scan import chosen_by
from procurement.backoffice.stock.scanning import remembering, scanned
from procurement.backoffice.stock.taps import tap_container, tap_product
from procurement.kernel.clock import utc_now
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.stock.queries.board import open_containers
from procurement.stock.queries.counting.counts import active_counts
from procurement.stock.queries.history import movements
from procurement.stock.queries.places import sites
from procurement.stock.queries.requests import top_up_requests
from procurement.stock.queries.rooms import room_cards, shelf_of
from procurement.stock.queries.scanning import Scanned
from procurement.web.doors import Audience, Door
from procurement.web.forms import redirect_with_flash, render_page
from procurement.web.identity import current_actor
from procurement.web.transactions import read

bp = Door("rooms", __name__, audience=Audience.STAFF)

# Steps with a page of their own, and those done at once.
_PAGES = frozenset({"move", "damaged", "left"})
_TAPS = frozenset({"use", "next", "finish", "discard", "open", "low"})


@bp.get("/rooms/")
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


@bp.get("/rooms/<code>")
@bp.get("/r/<code>", endpoint="short")
def show(code: str) -> Response:
    """`/r/<code>` is what the label at the door says."""
    actor = current_actor()
    actor.require(Permission.SEE_STOCK)
    camera = request.args.get("from") == "camera"
    with read() as session:
        at = utc_now()
        shelf = shelf_of(session, code, at=at)
        bottles = open_containers(session, code, at=at)
        asked = {row.product: row for row in top_up_requests(session, location=code)}
        may_count = actor.may(Permission.COUNT_STOCK)
        counting = active_counts(session, location=code) if may_count else []
        latest = movements(session, paging=PageRequest(limit=8), location=code).items
    found = scanned(text, kept=camera) if (text := request.args.get("scan", "")) else None
    if found and found.what is Scanned.LOCATION and found.location != code:
        return redirect(url_for(".show", code=found.location))
    told = found and chosen_by(
        found,
        room=shelf.place.name,
        bottles={row.number for row in bottles},
        skus={line.sku for line in shelf.lines},
    )
    response = render_page(
        "backoffice/stock/room.html",
        shelf=shelf,
        bottles=bottles,
        asked=asked,
        latest=latest,
        told=told,
        chosen=(told and told.thing)
        or request.args.get("thing")
        or _first(request.args.get("product")),
        once=uuid.uuid4().hex,
        may_count=may_count,
        counting=counting,
        may_use=actor.may(Permission.USE_STOCK),
        may_move=actor.may(Permission.MOVE_STOCK),
        may_write_off=actor.may(Permission.WRITE_OFF_STOCK),
        may_adjust=actor.may(Permission.ADJUST_STOCK),
        may_edit=actor.may(Permission.EDIT_LOCATIONS),
    )
    return remembering(response, found, typed=not camera) if found else response


def _first(sku: str | None) -> str:
    return f"product {sku}" if sku else ""


@bp.post("/rooms/<code>")
def tap(code: str) -> Response:
    """The sheet sends the thing chosen ("bottle B-2026-0001", "product ALM-500") and the button tapped."""
    kind, _, name = request.form.get("thing", "").partition(" ")
    verb = request.form.get("do", "")
    back = url_for(".show", code=code, thing=f"{kind} {name}" if name else None)
    if not name or kind not in {"bottle", "product"}:
        return redirect_with_flash(back, "Choose a bottle or a product first.", category="error")
    if verb in _PAGES:
        return redirect(url_for(f"bottles.{verb}", code=code, kind=kind, name=name), 303)
    if kind == "bottle" and verb in _TAPS:
        return tap_container(verb, name, back)
    if verb in {"open", "low", "settle"}:
        return tap_product(verb, code, name, back)
    if verb == "use":
        return redirect(url_for("shelf_work.work", code=code, work="use", sku=name), 303)
    return redirect_with_flash(back, "Choose what to do with it.", category="error")

"""The board of opened containers: what is past its date, what must be used first, and every room's bottles."""

import uuid
from decimal import Decimal

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.stock.taps import tap_container
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Invalid
from procurement.kernel.permissions import Permission
from procurement.stock.queries.board import OpenRow, board
from procurement.stock.queries.places import sites
from procurement.web.doors import Audience, Door
from procurement.web.identity import current_actor, is_own_page
from procurement.web.listing import export, export_urls, wanted_format
from procurement.web.transactions import read

bp = Door("board", __name__, audience=Audience.STAFF, url_prefix="/open")

HEADER = (
    "Site",
    "Room",
    "Bottle",
    "Product",
    "Name",
    "Left",
    "Held",
    "Unit",
    "Opened",
    "Use by",
)
MOST = 30  # rows with buttons on one page; the rooms themselves have the rest


@bp.get("/")
def index() -> str | Response:
    """`?site=` and `?room=` narrow it; one room is shown in full."""
    actor = current_actor()
    actor.require(Permission.SEE_STOCK)
    site, room = request.args.get("site") or None, request.args.get("room") or None
    with read() as session:
        houses = sites(session)
        rooms = board(session, at=utc_now(), site=site, location=room)
    if wanted_format():
        return export("open", HEADER, [_cells(row) for found in rooms for row in found.rows])
    rows = sorted((row for found in rooms for row in found.rows), key=lambda row: row.days or 9999)
    past = [row for row in rows if not row.is_usable]
    soon = [row for row in rows if row.is_soon]
    return render_template(
        "backoffice/stock/board.html",
        houses=[(house.code, house.name) for house in houses],
        site=site,
        room=room,
        rooms=rooms,
        past=past[:MOST],
        soon=soon[:MOST],
        others=[row for row in rows if row.is_usable and not row.is_soon][:MOST] if room else [],
        counts={"open": len(rows), "past": len(past), "soon": len(soon)},
        exports_of=export_urls(),
        once=uuid.uuid4().hex,
        may_write_off=actor.may(Permission.WRITE_OFF_STOCK),
        may_use=actor.may(Permission.USE_STOCK),
    )


def _cells(row: OpenRow) -> tuple[Cell, ...]:
    where = (row.site, row.location, row.number, row.product, row.product_name)
    left = (Decimal(row.left.amount), Decimal(row.filled.amount), row.left.unit)
    return *where, *left, row.opened_at, row.use_by


@bp.post("/")
def tap() -> Response:
    """A button says the step and the container: "use B-2026-0001"."""
    verb, _, number = request.form.get("do", "").partition(" ")
    if not number:
        raise Invalid("Choose a bottle.")
    return tap_container(verb, number, back_page(url_for(".index")))


def back_page(otherwise: str) -> str:
    """The page a form came from, when it is one of ours."""
    place = request.form.get("back", "")
    return place if is_own_page(place) else otherwise

"""The top-up run on a phone or a desk: pick in the storeroom, then room by room; each room is ticked off."""

import uuid

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.stock.taps import key_of
from procurement.documents.top_up_run import render_top_up_run
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict
from procurement.kernel.permissions import Permission
from procurement.planning.operations.topping_up import draft_top_up_run
from procurement.planning.queries.needs import needs
from procurement.planning.queries.run_paper import run_content
from procurement.stock.operations.runs import carry_stop, skip_stop
from procurement.stock.queries.places import sites
from procurement.stock.queries.runs import run_page, runs
from procurement.web.doors import Audience, Door
from procurement.web.forms import redirect_with_flash
from procurement.web.identity import current_actor
from procurement.web.listing import attachment
from procurement.web.transactions import read, write

bp = Door("top_up", __name__, audience=Audience.STAFF, url_prefix="/top-up")


@bp.get("/")
def index() -> str:
    """Each site with its open run, or with what a new one would bring; `?site=` narrows it."""
    actor = current_actor()
    actor.require(Permission.SEE_STOCK)
    site = request.args.get("site") or None
    with read() as session:
        houses = sites(session)
        found = runs(session, site=site)
        wanted = [need for need in needs(session, at=utc_now(), site=site).open if need.refills]
    rooms: dict[str, set[str]] = {house.code: set() for house in houses}
    for need in wanted:
        rooms[need.site].add(need.location_name)
    return render_template(
        "backoffice/stock/top_up.html",
        houses=[house for house in houses if site in {None, house.code}],
        runs=found,
        rooms={code: sorted(names) for code, names in rooms.items()},
        may_move=actor.may(Permission.MOVE_STOCK),
    )


@bp.post("/")
def draft() -> Response:
    site = request.form.get("site", "")
    try:
        with write() as session:
            number = draft_top_up_run(session, site, actor=current_actor(), at=utc_now())
    except Conflict as error:
        return redirect_with_flash(url_for(".index"), error.message, category="error")
    return redirect_with_flash(
        url_for(".show", number=number), f"{number}: the goods are reserved. Pick, then walk."
    )


@bp.get("/<number>")
def show(number: str) -> str:
    actor = current_actor()
    actor.require(Permission.SEE_STOCK)
    with read() as session:
        page = run_page(session, number)
    return render_template(
        "backoffice/stock/top_up_run.html",
        page=page,
        once=uuid.uuid4().hex,
        may_move=actor.may(Permission.MOVE_STOCK),
    )


@bp.post("/<number>")
def tap(number: str) -> Response:
    """A button says what became of a room: "carry K-TIDE" or "skip K-TIDE"."""
    verb, _, room = request.form.get("do", "").partition(" ")
    back = url_for(".show", number=number)
    try:
        with write() as session:
            if verb == "skip":
                skip_stop(session, number, room, actor=current_actor(), at=utc_now())
            else:
                key = key_of("carry", number, room) or None
                carry_stop(session, number, room, actor=current_actor(), at=utc_now(), key=key)
    except Conflict as error:
        return redirect_with_flash(back, error.message, category="error")
    text = "is left out; its goods are free again." if verb == "skip" else "is topped up."
    return redirect_with_flash(back, f"{room} {text}")


@bp.get("/<number>/pdf")
def pdf(number: str) -> Response:
    current_actor().require(Permission.SEE_STOCK)
    with read() as session:
        content = run_content(session, number)
    return attachment(render_top_up_run(content), f"{number}.pdf", "application/pdf", inline=True)

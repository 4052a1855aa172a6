"""Tools: who has what, which are to be cleaned, and on a phone: issue, bring back, cleaned, worn out."""

import uuid

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.stock.taps import key_of
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, Forbidden, Invalid, NotFound, Unavailable
from procurement.kernel.permissions import Permission
from procurement.stock.operations.tools import (
    TagTool,
    clean_tool,
    move_tool,
    retire_tool,
    tag_tool,
)
from procurement.stock.queries.containers import was_posted
from procurement.stock.queries.places import places, sites
from procurement.stock.queries.tools import ToolRow, tool_page, tools, untagged
from procurement.stock.terms import Cause, LocationKind
from procurement.web.doors import Audience, Door
from procurement.web.fields import ChoiceField, CodeField, DateField, WholeNumberField
from procurement.web.filters import show_moment
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import export, export_urls, wanted_format
from procurement.web.transactions import read, write

bp = Door("tools", __name__, audience=Audience.STAFF, url_prefix="/tools")

HEADER = (
    "Number", "SKU", "Product", "Serial", "Where", "Cleaned", "Cleaning due", "Warranty until",
)  # fmt: skip
ENDINGS = {Cause.WORN_OUT: "Worn out", Cause.DAMAGED: "Broken", Cause.LOST: "Lost"}


@bp.get("/")
def index() -> str | Response:
    actor = current_actor()
    actor.require(Permission.SEE_STOCK)
    site = request.args.get("site") or None
    with read() as session:
        houses = sites(session)
        rows = tools(session, at=utc_now(), site=site)
    if wanted_format():
        return export("tools", HEADER, [_cells(row) for row in rows])
    return render_template(
        "backoffice/stock/tools.html",
        rows=rows,
        houses=[(house.code, house.name) for house in houses],
        site=site,
        exports=export_urls(),
        may_move=actor.may(Permission.MOVE_STOCK),
        may_clean=actor.may(Permission.USE_STOCK),
    )


def _cells(row: ToolRow) -> tuple[str | None, ...]:
    return (
        row.number,
        row.product,
        row.product_name,
        row.serial,
        row.location_name,
        show_moment(row.last_cleaned_at),
        row.cleaning_due.isoformat() if row.cleaning_due else "",
        row.warranty_until.isoformat() if row.warranty_until else "",
    )


class TagForm(BaseForm):
    what = ChoiceField("Which tool, and where it is")
    serial = CodeField("Serial number", required=False)
    warranty_until = DateField("Under warranty until", required=False)
    clean_every_days = WholeNumberField("Cleaned every", required=False, least=1, most=3650)


@bp.route("/new", methods=["GET", "POST"])
def create() -> Response:
    """One piece on a shelf gets a number of its own."""
    actor = current_actor()
    actor.require(Permission.MOVE_STOCK)
    with read() as session:
        pieces = untagged(session)
    form = TagForm.from_request()
    form.what.choices = [
        (f"{row.location} {row.product}", f"{row.product_name}, {row.location_name}")
        for row in pieces
    ]
    if request.method == "POST" and form.validate():
        location, _, product = form.what.data.partition(" ")
        command = TagTool(
            location,
            product,
            None,
            form.serial.data or None,
            form.warranty_until.data,
            form.clean_every_days.data,
        )
        try:
            with write() as session:
                tool = tag_tool(session, command, actor=actor, at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(
                url_for(".show", number=tool.number), f"Write {tool.number} on it."
            )
    return render_form("backoffice/stock/tool_new.html", form, any_left=bool(pieces))


@bp.get("/<number>")
def show(number: str) -> str:
    actor = current_actor()
    actor.require(Permission.SEE_STOCK)
    with read() as session:
        page = tool_page(session, number, at=utc_now())
        everywhere = places(session, site=page.tool.site) if page.tool.site else []
    return render_template(
        "backoffice/stock/tool.html",
        page=page,
        people=[p for p in everywhere if p.kind is LocationKind.PERSON],
        rooms=[p for p in everywhere if p.kind is LocationKind.TREATMENT_ROOM],
        shelves=[p for p in everywhere if p.kind is LocationKind.STOREROOM],
        endings=[(cause.value, word) for cause, word in ENDINGS.items()],
        once=uuid.uuid4().hex,
        may_move=actor.may(Permission.MOVE_STOCK),
        may_clean=actor.may(Permission.USE_STOCK),
        may_write_off=actor.may(Permission.WRITE_OFF_STOCK),
    )


@bp.post("/<number>")
def tap(number: str) -> Response:
    """`do` is move (with `to`), clean, or retire (with `cause`); `back` is list or today."""
    verb = request.form.get("do", "")
    places_back = {"list": url_for(".index"), "today": url_for("today.show")}
    back = places_back.get(request.form.get("back", ""), url_for(".show", number=number))
    try:
        text = _step(verb, number)
    except (Forbidden, NotFound, Unavailable):
        raise
    except DomainError as error:
        key = key_of(verb, number)
        with read() as session:
            if key and was_posted(session, key):
                return redirect_with_flash(back, "That was done already.")
        return redirect_with_flash(back, error.message, category="error")
    return redirect_with_flash(back, text)


def _step(verb: str, number: str) -> str:
    actor, at = current_actor(), utc_now()
    note = request.form.get("note", "")[:500]
    with write() as session:
        if verb == "clean":
            clean_tool(session, number, actor=actor, at=at, note=note)
            return f"{number} is clean."
        if verb == "move":
            to = request.form.get("to", "")
            move_tool(session, number, to, actor=actor, at=at, key=key_of(verb, number) or None)
            return f"{number} is with {to} now."
        if verb == "retire" and request.form.get("cause") in {cause.value for cause in ENDINGS}:
            cause = Cause(request.form["cause"])
            retire_tool(session, number, cause, actor=actor, at=at, note=note)
            return f"{number} is written off."
    raise Invalid("There is no such step.")

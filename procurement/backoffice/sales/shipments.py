"""Orders to ship, picking and shipping one from a phone, and the shipments there are."""

import re
import uuid
from collections.abc import Iterable, Iterator

from flask import render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import FormField, HiddenField

from procurement.backoffice.sales.acting import act, at_rows
from procurement.backoffice.sales.doors import shipments_door as bp
from procurement.backoffice.sales.picked import Picked, picked
from procurement.backoffice.stock.scanning import by_camera, remembering, scan_in, scanned
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.paging import PageRequest, all_rows
from procurement.kernel.permissions import Permission
from procurement.sales.operations.relotting import TakeAnotherLot, take_another_lot
from procurement.sales.operations.shipping import (
    ShipGoods,
    ShippedLine,
    reverse_shipment,
    ship_goods,
)
from procurement.sales.queries.order_papers import delivery_note_paper, pick_list_paper
from procurement.sales.queries.picking import pick_rows
from procurement.sales.queries.sales_orders import (
    SalesOrderFilter,
    require_sight,
    sales_order_page,
    sales_orders,
)
from procurement.sales.queries.shipments import ShipmentFilter, shipment_page, shipments
from procurement.sales.terms.orders import TO_SHIP, ShipmentRow
from procurement.web.fields import ProseField, TextField, WholeNumberField
from procurement.web.forms import BaseForm, LineForm, LineList, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import (
    attachment,
    export,
    export_urls,
    next_url,
    page_request,
    wanted_format,
)
from procurement.web.transactions import read, write

HEADER = (
    "number",
    "order",
    "customer",
    "customer_name",
    "shipped_at",
    "shipped_by",
    "lines",
    "carrier",
    "tracking",
    "reversed",
)
MOST_TO_SHIP = 200


class ShippedForm(LineForm):
    position = HiddenField()
    packs = WholeNumberField("Packs")


class ShipForm(BaseForm):
    carrier = TextField("Carrier", required=False, most=200)
    tracking = TextField("Tracking number", required=False, most=200)
    note = ProseField("On the delivery note", required=False, most=2000)
    key = HiddenField()
    found = HiddenField()  # the lots ticked off by scans, one a line
    lines = LineList(FormField(ShippedForm), spare=0, least=0)


@bp.before_request
def _require_sight() -> None:
    require_sight(current_actor())


@bp.get("/to-ship")
def to_ship() -> str:
    """The confirmed orders, the oldest first."""
    actor = current_actor()
    with read() as session:
        page = sales_orders(
            session, SalesOrderFilter(statuses=TO_SHIP), PageRequest(MOST_TO_SHIP), actor=actor
        )
    return render_template(
        "backoffice/sales/to_ship.html",
        rows=list(reversed(page.items)),
        may_ship=actor.may(Permission.SHIP_GOODS),
    )


@bp.get("/to-ship/<number>")
def new(number: str) -> Response:
    """What to pick from where, and how much of it goes: all that is reserved, at first."""
    current_actor().require(Permission.SHIP_GOODS)
    with read() as session:
        order = sales_order_page(session, number, actor=current_actor())
    rows = [{"position": line.position, "packs": line.ready} for line in order.lines if line.ready]
    form = ShipForm(data={"key": uuid.uuid4().hex, "found": "", "lines": rows})
    return _page(form, number)


@bp.post("/to-ship/<number>")
def create(number: str) -> Response:
    form = ShipForm.from_request()
    scan = scan_in(request.form)
    if scan is not None:
        return _after_scan(form, number, scan)
    if form.validate():
        told = [
            (i, ShippedLine(int(entry.form.position.data), entry.form.packs.data))
            for i, entry in enumerate(form.lines.entries)
            if entry.form.packs.data and re.fullmatch(r"[0-9]{1,6}", str(entry.form.position.data))
        ]
        if not told:
            form.form_errors.append("Say of at least one line how many packs go.")
            return _page(form, number)
        command = ShipGoods(
            order=number,
            lines=tuple(line for _, line in told),
            carrier=form.carrier.data or "",
            tracking=form.tracking.data or "",
            note=form.note.data or "",
            idempotency_key=f"form:{form.key.data[:64]}" if form.key.data else None,
        )
        try:
            with write() as session:
                made = ship_goods(session, command, actor=current_actor(), at=utc_now())
                shipped = made.number
        except (Conflict, Invalid) as error:
            form.blame(at_rows(error, [i for i, _ in told]))
        else:
            url = url_for(".show", number=shipped)
            return redirect_with_flash(url, f"{shipped} is posted; print its delivery note.")
    return _page(form, number)


def _after_scan(form: ShipForm, number: str, scan: str) -> Response:
    """What was scanned is ticked off, or said not to be on the list; nothing is shipped by a scan."""
    actor = current_actor()
    camera = by_camera(request.form)
    found = scanned(scan, kept=camera)
    with read() as session:
        rows = pick_rows(session, number, actor=actor, at=utc_now())
    told = picked(found, rows, form.found.data or "")
    form.found.data = told.found
    return remembering(_page(form, number, told, status=200), found, typed=not camera)


def _page(
    form: ShipForm, number: str, told: Picked | None = None, *, status: int | None = None
) -> Response:
    actor, at = current_actor(), utc_now()
    with read() as session:
        order = sales_order_page(session, number, actor=actor)
        rows = pick_rows(session, number, actor=actor, at=at)
    return render_form(
        "backoffice/sales/ship.html",
        form,
        status=status,
        order=order,
        lines={str(line.position): line for line in order.lines},
        rows=rows,
        ticked=set((form.found.data or "").split("\n")),
        told=told,
        to_ship=order.status in TO_SHIP,
    )


@bp.post("/to-ship/<number>/another-lot")
def another_lot(number: str) -> Response:
    """The lot in the hand instead of the one on the list, with the reason."""
    position, _, lot = request.form.get("instead_of", "").partition("/")
    command = TakeAnotherLot(
        order=number,
        position=int(position) if position.isascii() and position.isdigit() else 0,
        instead_of=lot,
        lot=request.form.get("lot", "").strip(),
        why=request.form.get("why", ""),
    )
    return act(
        url_for(".new", number=number),
        lambda session: take_another_lot(session, command, actor=current_actor(), at=utc_now()),
        lambda _: f"Take lot {command.lot} now.",
    )


@bp.get("/to-ship/<number>/pick.pdf")
def pick_list(number: str) -> Response:
    with read() as session:
        paper = pick_list_paper(session, number, actor=current_actor(), at=utc_now())
    return attachment(paper.content, paper.file_name, paper.media_type, inline=True)


@bp.get("")
def index() -> Response | str:
    actor = current_actor()
    wanted = ShipmentFilter(order=request.args.get("order"), customer=request.args.get("customer"))
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: shipments(session, wanted, paging, actor=actor))
            return export("shipments", HEADER, _cells(rows))
        page = shipments(session, wanted, page_request(), actor=actor)
    return render_template(
        "backoffice/sales/shipments.html",
        page=page,
        next_url=next_url(page),
        files=export_urls(),
    )


@bp.get("/<number>")
def show(number: str) -> str:
    actor = current_actor()
    with read() as session:
        page = shipment_page(session, number, actor=actor)
    return render_template(
        "backoffice/sales/shipment.html",
        page=page,
        head=page.head,
        may_ship=actor.may(Permission.SHIP_GOODS),
        sees_orders=actor.may(Permission.SEE_SALES),
    )


@bp.get("/<number>/delivery-note.pdf")
def delivery_note(number: str) -> Response:
    with read() as session:
        paper = delivery_note_paper(session, number, actor=current_actor())
    return attachment(paper.content, paper.file_name, paper.media_type, inline=True)


@bp.post("/<number>/reverse")
def reverse(number: str) -> Response:
    why = request.form.get("why", "")
    return act(
        url_for(".show", number=number),
        lambda session: reverse_shipment(
            session, number, why=why, actor=current_actor(), at=utc_now()
        ),
        lambda _: f"{number} is taken back; its goods stand where they stood.",
    )


def _cells(rows: Iterable[ShipmentRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.number,
            row.order,
            row.customer,
            row.customer_name,
            row.shipped_at,
            row.shipped_by,
            row.lines,
            row.carrier,
            row.tracking,
            "yes" if row.is_reversed else "no",
        )

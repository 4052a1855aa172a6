"""What customers send back: taken against a shipment, listed, and taken back when it was wrong."""

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import FormField, HiddenField

from procurement.backoffice.sales.acting import act, at_rows
from procurement.backoffice.sales.doors import customer_returns_door as bp
from procurement.exchange.export import Cell
from procurement.files.terms import PICTURE_TYPE
from procurement.kernel.clock import utc_now
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.sales.operations.return_requests import refuse_request, take_requested
from procurement.sales.operations.taking_back import (
    ReturnedLine,
    TakeBack,
    reverse_customer_return,
    take_back,
)
from procurement.sales.queries.credit_notes import credit_note_paper
from procurement.sales.queries.customer_returns import customer_return_page, customer_returns
from procurement.sales.queries.return_requests import (
    open_requests,
    request_photo,
    return_request_page,
)
from procurement.sales.queries.sales_orders import require_sight
from procurement.sales.queries.shipments import shipment_page
from procurement.sales.rules.orders import RETURN_WORDS
from procurement.sales.terms.orders import (
    CustomerReturnReason,
    CustomerReturnRow,
    ShipmentLineRow,
    ShipmentPage,
)
from procurement.stock.queries.places import places
from procurement.stock.terms import LocationKind
from procurement.web.fields import ChoiceField, ProseField, TextField, plain_figure, typed_quantity
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

THROWN_AWAY = "-"
MOST_ASKED = 100
_INTO = frozenset({LocationKind.STOREROOM, LocationKind.QUARANTINE})
HEADER = (
    "number",
    "shipment",
    "order",
    "customer",
    "customer_name",
    "reason",
    "into",
    "taken_at",
    "taken_by",
    "lots",
    "reversed",
)


class BackForm(LineForm):
    position = HiddenField()
    quantity = TextField("Came back", required=False, most=40)


class TakeBackForm(BaseForm):
    reason = ChoiceField("Why", [(one.value, word) for one, word in RETURN_WORDS.items()])
    into = ChoiceField("Goes to")
    note = ProseField("Note", required=False, most=2000)
    key = HiddenField()
    lines = LineList(FormField(BackForm), spare=0, least=0)

    def chosen(self, page: ShipmentPage) -> list[tuple[int, ReturnedLine]]:
        """The rows that say how much came back; what cannot be read is said at its field."""
        lines = {str(line.position): line for line in page.lines if line.lot}
        found: list[tuple[int, ReturnedLine]] = []
        for index, entry in enumerate(self.lines.entries):
            typed, line = entry.form.quantity.data, lines.get(str(entry.form.position.data))
            if not typed or line is None:
                continue
            try:
                quantity = typed_quantity(plain_figure(typed), line.quantity.unit)
            except ValueError as error:
                entry.form.quantity.errors = [str(error)]
                continue
            found.append((index, ReturnedLine(line.position, quantity)))
        return found

    @property
    def has_bad_lines(self) -> bool:
        return any(entry.form.quantity.errors for entry in self.lines.entries)


@bp.before_request
def _require_sight() -> None:
    require_sight(current_actor())


@bp.get("")
def index() -> Response | str:
    actor = current_actor()
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: customer_returns(session, paging, actor=actor))
            return export("customer-returns", HEADER, _cells(rows))
        page = customer_returns(session, page_request(), actor=actor)
        asked = open_requests(session, actor=actor, limit=MOST_ASKED)
    return render_template(
        "backoffice/sales/customer_returns.html",
        page=page,
        asked=asked,
        reasons=RETURN_WORDS,
        next_url=next_url(page),
        files=export_urls(),
    )


@bp.get("/asked/<number>")
def asked(number: str) -> str:
    """What a customer wants to send back, for somebody to take in or refuse."""
    actor = current_actor()
    with read() as session:
        page = return_request_page(session, number, actor=actor)
        into = _offered(session)
    return render_template(
        "backoffice/sales/return_request.html",
        page=page,
        head=page.head,
        reasons=RETURN_WORDS,
        into=[*into, (THROWN_AWAY, "Thrown away")],
        may_ship=actor.may(Permission.SHIP_GOODS),
    )


@bp.get("/asked/<number>/<int:position>.webp")
def asked_photo(number: str, position: int) -> Response:
    with read() as session:
        content = request_photo(session, number, position, actor=current_actor())
    response = Response(content, content_type=PICTURE_TYPE)
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@bp.post("/asked/<number>/take")
def take_asked(number: str) -> Response:
    chosen = request.form.get("into", "")
    into = None if chosen == THROWN_AWAY else chosen
    return act(
        url_for(".asked", number=number),
        lambda session: take_requested(session, number, into, actor=current_actor(), at=utc_now()),
        lambda made: f"{made.number} is posted; the customer is told.",
        lambda made: url_for(".show", number=made.number),
    )


@bp.post("/asked/<number>/refuse")
def refuse_asked(number: str) -> Response:
    why = request.form.get("why", "")
    return act(
        url_for(".asked", number=number),
        lambda session: refuse_request(session, number, why, actor=current_actor(), at=utc_now()),
        lambda _: "The customer is told why.",
    )


def _offered(session: ReadSession) -> list[tuple[str, str]]:
    return [
        (place.code, f"{place.name}, {place.site}")
        for place in places(session)
        if place.kind in _INTO
    ]


@bp.get("/<number>")
def show(number: str) -> str:
    actor = current_actor()
    with read() as session:
        page = customer_return_page(session, number, actor=actor)
    return render_template(
        "backoffice/sales/customer_return.html",
        page=page,
        head=page.head,
        reasons=RETURN_WORDS,
        may_ship=actor.may(Permission.SHIP_GOODS),
        sees_prices=actor.may(Permission.SEE_SALES),
    )


@bp.get("/<number>/credit-note.pdf")
def credit_note(number: str) -> Response:
    with read() as session:
        paper = credit_note_paper(session, number, actor=current_actor())
    return attachment(paper.content, paper.file_name, paper.media_type, inline=True)


@bp.post("/<number>/reverse")
def reverse(number: str) -> Response:
    why = request.form.get("why", "")
    return act(
        url_for(".show", number=number),
        lambda session: reverse_customer_return(
            session, number, why=why, actor=current_actor(), at=utc_now()
        ),
        lambda _: f"{number} is taken back; its goods count as shipped again.",
    )


@bp.route("/of/<shipment>", methods=["GET", "POST"])
def create(shipment: str) -> Response:
    """How much of each lot came back, why, and where it goes."""
    actor = current_actor()
    actor.require(Permission.SHIP_GOODS)
    with read() as session:
        page = shipment_page(session, shipment, actor=actor)
        offered = _offered(session)
    form = TakeBackForm.from_request(data={"key": uuid.uuid4().hex})
    form.into.choices = [("", "Choose one"), *offered, (THROWN_AWAY, "Thrown away")]
    lines = [line for line in page.lines if line.lot and line.returnable.steps]
    if not form.is_sent:
        form.lines.process(None, [{"position": line.position} for line in lines])
        return _page(form, page, lines)
    is_fine = form.validate()
    chosen = form.chosen(page)
    if not chosen and not form.has_bad_lines:
        form.form_errors.append("Say of at least one lot how much came back.")
    if is_fine and chosen and not form.has_bad_lines:
        command = TakeBack(
            shipment=shipment,
            lines=tuple(line for _, line in chosen),
            into=None if form.into.data == THROWN_AWAY else form.into.data,
            reason=CustomerReturnReason(form.reason.data),
            note=form.note.data or "",
            idempotency_key=f"form:{form.key.data[:64]}" if form.key.data else None,
        )
        try:
            with write() as session:
                number = take_back(session, command, actor=actor, at=utc_now()).number
        except (Conflict, Invalid) as error:
            form.blame(at_rows(error, [index for index, _ in chosen]))
        else:
            return redirect_with_flash(url_for(".show", number=number), f"{number} is posted.")
    return _page(form, page, lines)


def _page(form: TakeBackForm, page: ShipmentPage, lines: list[ShipmentLineRow]) -> Response:
    shown: dict[str, Any] = {str(line.position): line for line in lines}
    return render_form(
        "backoffice/sales/customer_return_new.html", form, page=page, head=page.head, lots=shown
    )


def _cells(rows: Iterable[CustomerReturnRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.number,
            row.shipment,
            row.order,
            row.customer,
            row.customer_name,
            row.reason.value,
            row.into,
            row.taken_at,
            row.taken_by,
            row.lines,
            "yes" if row.is_reversed else "no",
        )

"""The buyer's own orders: how far they are, their papers, and the same again."""

from collections.abc import Callable, Iterable, Iterator

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.exchange.export import Cell
from procurement.files.queries import Paper
from procurement.kernel.clock import utc_now
from procurement.kernel.db import Session
from procurement.kernel.errors import Conflict, DomainError, Forbidden, Invalid
from procurement.kernel.paging import all_rows
from procurement.planning.queries.own_backorders import backorders_of
from procurement.portal.basket import keep_beside
from procurement.portal.door import bp
from procurement.sales.operations.agreeing import agree, refuse
from procurement.sales.queries.agreements import open_agreements
from procurement.sales.queries.own_codes import codes_of_packs
from procurement.sales.queries.own_orders import (
    own_confirmation,
    own_delivery_note,
    own_order_page,
    own_orders,
    own_proforma,
    own_shipment_page,
)
from procurement.sales.queries.return_requests import requests_of
from procurement.sales.terms.order_terms import FREIGHT_SKU
from procurement.sales.terms.orders import SalesOrderRow
from procurement.web.doors import Audience, open_to
from procurement.web.forms import redirect_with_flash
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
    "Order",
    "Your number",
    "Ordered",
    "Wanted on",
    "Status",
    "Net",
    "Total with tax",
    "Currency",
)


@bp.get("/account/orders")
@open_to(Audience.BUYER)
def orders() -> Response | str:
    actor = current_actor()
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: own_orders(session, paging, actor=actor))
            return export("orders", HEADER, _cells(rows))
        page = own_orders(session, page_request(), actor=actor)
        asked = open_agreements(session, actor=actor)
    return render_template(
        "portal/own_orders.html",
        page=page,
        asked=asked,
        waiting={one.number for one in asked},
        next_url=next_url(page),
        exports_of=export_urls(),
    )


@bp.get("/account/orders/<number>")
@open_to(Audience.BUYER)
def order_page(number: str) -> str:
    actor, at = current_actor(), utc_now()
    with read() as session:
        order = own_order_page(session, number, actor=actor)
        due = backorders_of(session, number, at=at) if order.is_waiting else {}
        requests = requests_of(session, number, actor=actor)
        codes = codes_of_packs(session, actor.customer_id, {line.pack_id for line in order.lines})
        asked = open_agreements(session, actor=actor) if order.waits_for_us else ()
    return render_template(
        "portal/own_order.html",
        order=order,
        due=due,
        requests=requests,
        codes=codes,
        asked=next((one for one in asked if one.number == number), None),
        shipments=[one for one in order.shipments if not one.is_reversed],
        returns=[one for one in order.returns if not one.is_reversed],
    )


@bp.get("/account/orders/<number>/confirmation.pdf")
@open_to(Audience.BUYER)
def order_confirmation(number: str) -> Response:
    with read() as session:
        return _paper(own_confirmation(session, number, actor=current_actor()))


@bp.get("/account/orders/<number>/proforma.pdf")
@open_to(Audience.BUYER)
def order_proforma(number: str) -> Response:
    with read() as session:
        return _paper(own_proforma(session, number, actor=current_actor()))


@bp.get("/account/orders/<number>/shipments/<shipment>")
@open_to(Audience.BUYER)
def order_shipment(number: str, shipment: str) -> str:
    """What came in it, lot by lot."""
    with read() as session:
        page = own_shipment_page(session, number, shipment, actor=current_actor())
    return render_template("portal/own_shipment.html", page=page, head=page.head)


@bp.get("/account/orders/<number>/shipments/<shipment>/delivery-note.pdf")
@open_to(Audience.BUYER)
def order_delivery_note(number: str, shipment: str) -> Response:
    with read() as session:
        return _paper(own_delivery_note(session, number, shipment, actor=current_actor()))


@bp.post("/account/orders/<number>/again")
@open_to(Audience.BUYER)
def order_again(number: str) -> Response:
    """All of it goes into the basket, beside what is there."""
    actor = current_actor()
    with read() as session:
        order = own_order_page(session, number, actor=actor)
    wanted: dict[int, int] = {}
    for line in (line for line in order.lines if line.product != FREIGHT_SKU):
        wanted[line.pack_id] = wanted.get(line.pack_id, 0) + line.packs
    try:
        keep_beside(wanted, actor)
    except DomainError as error:
        return redirect_with_flash(
            url_for(".order_page", number=number), error.message, category="error"
        )
    return redirect_with_flash(
        url_for(".basket"), f"All of {number} is in your basket, at today's prices."
    )


@bp.post("/account/orders/<number>/agree")
@open_to(Audience.BUYER)
def agree_to_order(number: str) -> Response:
    def step(session: Session) -> None:
        agree(session, number, actor=current_actor(), at=utc_now())

    return _decided(number, "agreed to; it is with us", step)


@bp.post("/account/orders/<number>/refuse")
@open_to(Audience.BUYER)
def refuse_order(number: str) -> Response:
    def step(session: Session) -> None:
        refuse(session, number, request.form.get("why", ""), actor=current_actor(), at=utc_now())

    return _decided(number, "not placed", step)


def _decided(number: str, words: str, step: Callable[[Session], None]) -> Response:
    back = url_for(".order_page", number=number)
    try:
        with write() as session:
            step(session)
    except (Conflict, Forbidden, Invalid) as error:
        return redirect_with_flash(back, error.message, category="error")
    return redirect_with_flash(back, f"{number} is {words}.")


def _paper(paper: Paper) -> Response:
    return attachment(paper.content, paper.file_name, paper.media_type)


def _cells(rows: Iterable[SalesOrderRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.number,
            row.customer_ref,
            row.placed_at or row.drafted_at,
            row.wanted_on,
            row.status.value,
            row.net.decimal,
            row.gross.decimal,
            row.gross.currency,
        )

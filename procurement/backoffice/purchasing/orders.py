"""Purchase orders: the lists, one order's page, its paper, and the buttons that move it on."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.audit.queries import TrailRow, trail_of
from procurement.backoffice.purchasing import section
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import NotFound
from procurement.kernel.paging import all_rows
from procurement.purchasing.operations.deciding import (
    approve_order,
    cancel_order,
    close_short,
    place_order,
    reopen_order,
    send_back_order,
)
from procurement.purchasing.queries.approvals import approval_state
from procurement.purchasing.queries.attachments import attachments_of
from procurement.purchasing.queries.confirmations import confirmations_of
from procurement.purchasing.queries.links import links_of
from procurement.purchasing.queries.orders import OrderFilter, order_page, orders
from procurement.purchasing.queries.papers import order_paper
from procurement.purchasing.queries.revisions import proposal_state, revisions_of
from procurement.purchasing.rules.amending import words_of
from procurement.purchasing.terms import OrderRow, OrderStatus, RevisionStatus
from procurement.sourcing.queries import supplier_choices
from procurement.web.addresses import public_root
from procurement.web.filters import show_moment, show_money, show_percent
from procurement.web.identity import current_actor
from procurement.web.listing import (
    attachment,
    export,
    export_urls,
    next_url,
    page_request,
    search_text,
    wanted_format,
)
from procurement.web.transactions import read

bp = section.door("purchase_orders", __name__, "/purchase-orders")

HEADER = (
    "number",
    "status",
    "supplier",
    "supplier_name",
    "deliver_to",
    "drafted_at",
    "drafted_by",
    "placed_at",
    "due_on",
    "lines",
    "packs",
    "received",
    "net",
    "tax",
    "gross",
    "currency",
)
STEPS = ("Draft", "Approved", "Placed", "Received")
_STEP = {
    OrderStatus.DRAFT: 0,
    OrderStatus.APPROVED: 1,
    OrderStatus.PLACED: 2,
    OrderStatus.PARTIALLY_RECEIVED: 2,
    OrderStatus.RECEIVED: len(STEPS),
    OrderStatus.CLOSED_SHORT: len(STEPS),
}


@bp.get("")
def index() -> Response | str:
    view = section.BY_KEY.get(request.args.get("view", "all"))
    if view is None:
        raise NotFound("There is no such list of orders.")
    supplier = request.args.get("supplier") or None
    wanted = OrderFilter(statuses=view.statuses, supplier=supplier, text=search_text())
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: orders(session, wanted, paging))
            return export("purchase-orders", HEADER, _cells(rows))
        page = orders(session, wanted, page_request())
        suppliers = supplier_choices(session)
        tabs = section.tabs(session, view.key)
    count = next((tab["count"] for tab in tabs if tab["active"]), None)
    return render_template(
        "backoffice/purchasing/orders.html",
        page=page,
        view=view,
        title=_title(view, count, any_found=bool(page.items)),
        tabs=tabs,
        suppliers=suppliers,
        wanted=wanted,
        next_url=next_url(page),
        files=export_urls(),
    )


@bp.get("/<number>")
def show(number: str) -> str:
    with read() as session:
        order = order_page(session, number)
        confirmations = confirmations_of(session, number)
        links = links_of(session, number)
        trail = trail_of(session, number)
        placed = order.placed_at is not None
        files = attachments_of(session, number)
        revisions = revisions_of(session, number) if placed else ()
        waits = any(row.status is RevisionStatus.PROPOSED for row in revisions)
        proposal = (
            proposal_state(session, number, actor=current_actor(), at=utc_now()) if waits else None
        )
        approval = None
        if order.status is OrderStatus.DRAFT:
            approval = approval_state(session, number, actor=current_actor(), at=utc_now())
    return render_template(
        "backoffice/purchasing/order.html",
        order=order,
        confirmations=confirmations,
        links=links,
        history=[_event(row) for row in trail],
        tax_rows=[
            (f"Tax {show_percent(part.rate)}", show_money(part.tax, symbol=False))
            for part in order.taxes
        ],
        steps=STEPS,
        step=_STEP.get(order.status),
        approval=approval,
        attached=files,
        revisions=[row for row in revisions if row.status is not RevisionStatus.PROPOSED],
        proposal=revisions[0] if waits else None,
        proposal_state=proposal,
        change_words=words_of,
        may_approve=approval is not None and approval.may_approve,
    )


@bp.get("/<number>/pdf")
def pdf(number: str) -> Response:
    """The paper as it was placed; before that, drawn now and marked."""
    with read() as session:
        paper = order_paper(session, number, actor=current_actor())
    return attachment(paper.content, paper.file_name, paper.media_type, inline=True)


@bp.post("/<number>/approve")
def approve(number: str) -> Response:
    return _act(number, approve_order, "{} is approved.", _agreed)


@bp.post("/<number>/send-back")
def send_back(number: str) -> Response:
    why = request.form.get("why", "")
    return _act(number, partial(send_back_order, why=why), "{} goes back to its drafter.")


@bp.post("/<number>/reopen")
def reopen(number: str) -> Response:
    return _act(number, reopen_order, "{} is a draft again.")


@bp.post("/<number>/place")
def place(number: str) -> Response:
    return _act(number, partial(place_order, public_url=public_root()), "{} is placed.")


@bp.post("/<number>/cancel")
def cancel(number: str) -> Response:
    return _act(number, cancel_order, "{} is cancelled.")


@bp.post("/<number>/close-short")
def close(number: str) -> Response:
    position = request.form.get("position", "")
    line = (
        int(position) if position.isascii() and position.isdigit() and len(position) < 6 else None
    )
    operation = partial(close_short, position=line)
    what = "What is outstanding of {}" if line is None else f"Line {line} of {{}}"
    return _act(number, operation, f"{what} is no longer expected.")


def _act(
    number: str,
    operation: Callable[..., Any],
    said: str,
    told: Callable[[Any], str] | None = None,
) -> Response:
    at: datetime = utc_now()
    run = partial(operation, number=number, actor=current_actor(), at=at)
    return section.act(url_for(".show", number=number), said.format(number), run, told)


def _agreed(order: Any) -> str:
    if order.status is OrderStatus.DRAFT:
        return f"You agreed to {order.number}; somebody else has to agree, too."
    return f"{order.number} is approved."


def _title(view: section.View, count: int | None, *, any_found: bool) -> str:
    if count is None:
        return view.found if any_found else view.none
    return section.plural(count, view.found_one, view.found) if count else view.none


def _event(row: TrailRow) -> tuple[str, str, str]:
    what = row.action.capitalize()
    return (f"{what}: {row.detail}" if row.detail else what, row.actor_name, show_moment(row.at))


def _cells(rows: Iterable[OrderRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.number,
            str(row.status),
            row.supplier,
            row.supplier_name,
            row.deliver_to,
            row.drafted_at,
            row.drafted_by,
            row.placed_at,
            row.due_on,
            row.lines,
            row.packs,
            row.received,
            row.totals.net.decimal,
            row.totals.tax.decimal,
            row.totals.gross.decimal,
            row.totals.gross.currency,
        )

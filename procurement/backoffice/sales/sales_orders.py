"""Sales orders: the list with its sums, one with what becomes of it, and the buttons on its page."""

from collections.abc import Iterable, Iterator

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.audit.queries import trail_of
from procurement.backoffice.sales.acting import act
from procurement.backoffice.sales.doors import sales_orders_door as bp
from procurement.backoffice.sales.navigation import sales_tabs
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.sales.operations.confirming import (
    cancel_sales_order,
    close_order_short,
    confirm_order,
)
from procurement.sales.operations.paying import record_payment
from procurement.sales.operations.promising import reserve_order
from procurement.sales.operations.sales_orders import OrderFromQuote, order_from_quote
from procurement.sales.queries.order_papers import confirmation_paper, proforma_paper
from procurement.sales.queries.punchout import messages_of_order
from procurement.sales.queries.sales_orders import (
    SalesOrderFilter,
    order_sums,
    sales_order_page,
    sales_orders,
)
from procurement.sales.rules.orders import RETURN_WORDS
from procurement.sales.terms.orders import SalesOrderRow, SalesOrderStatus
from procurement.web.identity import current_actor
from procurement.web.listing import (
    attachment,
    export,
    export_urls,
    next_url,
    one_of,
    page_request,
    search_text,
    this_url,
    wanted_format,
)
from procurement.web.transactions import read

HEADER = (
    "number",
    "status",
    "customer",
    "customer_name",
    "customer_ref",
    "quote",
    "site",
    "wanted_on",
    "drafted_at",
    "confirmed_at",
    "lines",
    "waiting",
    "currency",
    "net",
    "tax",
    "gross",
)


@bp.before_request
def _require_sight() -> None:
    current_actor().require(Permission.SEE_SALES)


@bp.get("")
def index() -> Response | str:
    actor, status = current_actor(), one_of(SalesOrderStatus)
    wanted = SalesOrderFilter(
        statuses=frozenset({status}) if status else None,
        customer=request.args.get("customer"),
        quote=request.args.get("quote"),
        text=search_text(),
    )
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: sales_orders(session, wanted, paging, actor=actor))
            return export("sales-orders", HEADER, _cells(rows))
        page = sales_orders(session, wanted, page_request(), actor=actor)
        sums = order_sums(session, actor=actor)
    return render_template(
        "backoffice/sales/sales_orders.html",
        tabs=sales_tabs("sales_orders"),
        page=page,
        sums=sums,
        status=status,
        wanted=wanted,
        statuses=[
            (one.value, one.value.replace("_", " ").capitalize()) for one in SalesOrderStatus
        ],
        status_url=lambda one: this_url(status=one, cursor=None, format=None),
        next=next_url(page),
        exports=export_urls(),
        may_sell=actor.may(Permission.SELL),
    )


@bp.get("/<number>")
def show(number: str) -> str:
    actor = current_actor()
    with read() as session:
        order = sales_order_page(session, number, actor=actor)
        trail = trail_of(session, number)
        messages = messages_of_order(session, number, actor=actor)
    return render_template(
        "backoffice/sales/sales_order.html",
        order=order,
        trail=trail,
        messages=messages,
        reasons=RETURN_WORDS,
        may_sell=actor.may(Permission.SELL),
        may_ship=actor.may(Permission.SHIP_GOODS),
    )


@bp.post("/from-quote/<number>")
def from_quote(number: str) -> Response:
    """All that was accepted and is not ordered yet; the draft says how much of it."""
    return act(
        url_for("quotes.show", number=number),
        lambda session: order_from_quote(
            session, OrderFromQuote(quote=number), actor=current_actor(), at=utc_now()
        ),
        lambda made: f"{made.number} drafted: look it over and confirm it.",
        lambda made: url_for("sales_orders.show", number=made.number),
    )


@bp.post("/<number>/confirm")
def confirm(number: str) -> Response:
    with_mail, beyond = bool(request.form.get("send")), bool(request.form.get("beyond"))
    return act(
        url_for(".show", number=number),
        lambda session: confirm_order(
            session,
            number,
            actor=current_actor(),
            at=utc_now(),
            send=with_mail,
            beyond_credit=beyond,
        ),
        lambda _: f"{number} is confirmed; what is there is reserved.",
    )


@bp.post("/<number>/reserve")
def reserve(number: str) -> Response:
    """From the order's page, or from the list of what waits."""
    backs = {"list": "sales_backorders.index", "today": "today.show"}
    back = backs.get(request.form.get("back", ""))
    return act(
        url_for(back) if back else url_for(".show", number=number),
        lambda session: reserve_order(session, number, actor=current_actor(), at=utc_now()),
        lambda _: f"What is there is reserved for {number}.",
    )


@bp.post("/<number>/paid")
def paid(number: str) -> Response:
    """The money for a prepaid order is here."""
    reference = request.form.get("reference", "")
    return act(
        url_for(".show", number=number),
        lambda session: record_payment(
            session, number, reference, actor=current_actor(), at=utc_now()
        ),
        lambda _: f"{number} is paid and may be shipped.",
    )


@bp.post("/<number>/cancel")
def cancel(number: str) -> Response:
    return act(
        url_for(".show", number=number),
        lambda session: cancel_sales_order(session, number, actor=current_actor(), at=utc_now()),
        lambda _: f"{number} is cancelled; its goods are free.",
    )


@bp.post("/<number>/close-short")
def close(number: str) -> Response:
    """The rest of the order, or of the line named."""
    written = request.form.get("position", "")
    position = int(written) if written.isascii() and written.isdigit() else None
    return act(
        url_for(".show", number=number),
        lambda session: close_order_short(
            session, number, position=position, actor=current_actor(), at=utc_now()
        ),
        lambda _: "The rest is not shipped any more.",
    )


@bp.get("/<number>/confirmation.pdf")
def confirmation(number: str) -> Response:
    with read() as session:
        paper = confirmation_paper(session, number, actor=current_actor())
    return attachment(paper.content, paper.file_name, paper.media_type, inline=True)


@bp.get("/<number>/proforma.pdf")
def proforma(number: str) -> Response:
    with read() as session:
        paper = proforma_paper(session, number, actor=current_actor(), at=utc_now())
    return attachment(paper.content, paper.file_name, paper.media_type, inline=True)


def _cells(rows: Iterable[SalesOrderRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.number,
            row.status.value,
            row.customer,
            row.customer_name,
            row.customer_ref,
            row.quote or "",
            row.site,
            row.wanted_on,
            row.drafted_at,
            row.confirmed_at,
            row.lines,
            row.waiting,
            row.gross.currency,
            row.net.decimal,
            row.tax.decimal,
            row.gross.decimal,
        )

"""Handing on what was shipped to whoever writes the invoices: batches as UBL and CSV."""

import uuid

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.sales.acting import act
from procurement.backoffice.sales.doors import invoice_exports_door as bp
from procurement.backoffice.sales.navigation import sales_tabs
from procurement.exchange.invoice_export import export_csv, export_invoices, export_zip
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Permission
from procurement.sales.queries.exports import export_page, exportable, exports
from procurement.web.identity import current_actor
from procurement.web.listing import attachment, next_url, page_request
from procurement.web.transactions import read


@bp.before_request
def _require_sight() -> None:
    current_actor().require(Permission.SEE_SALES)


@bp.get("")
def index() -> str:
    actor = current_actor()
    with read() as session:
        page = exports(session, page_request(), actor=actor)
        waiting = exportable(session)
    return render_template(
        "backoffice/sales/invoice_exports.html",
        tabs=sales_tabs("sales_orders"),
        page=page,
        waiting=waiting,
        next_url=next_url(page),
        key=uuid.uuid4().hex,
        may_sell=actor.may(Permission.SELL),
    )


@bp.post("")
def create() -> Response:
    key = request.form.get("key", "")[:64]
    return act(
        url_for(".index"),
        lambda session: export_invoices(
            session, actor=current_actor(), at=utc_now(), key=f"form:{key}" if key else None
        ),
        lambda made: f"{made.number} is ready: download it as UBL or CSV.",
        lambda made: url_for("invoice_exports.show", number=made.number),
    )


@bp.get("/<number>")
def show(number: str) -> str:
    with read() as session:
        page = export_page(session, number, actor=current_actor())
    return render_template("backoffice/sales/invoice_export.html", page=page, head=page.head)


@bp.get("/<number>/csv")
def csv(number: str) -> Response:
    with read() as session:
        content = export_csv(session, number, actor=current_actor())
    return attachment(content, f"{number}.csv", "text/csv; charset=utf-8")


@bp.get("/<number>/ubl")
def ubl(number: str) -> Response:
    with read() as session:
        content = export_zip(session, number, actor=current_actor())
    return attachment(content, f"{number}.zip", "application/zip")

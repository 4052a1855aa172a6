"""Supplier invoices: the lists, what is not invoiced yet, one invoice beside order and receipt, and its decisions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.audit.queries import trail_of
from procurement.backoffice.purchasing import section
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.settling import (
    approve_invoice,
    cancel_invoice,
    dispute_invoice,
)
from procurement.purchasing.queries.invoiceable import not_invoiced
from procurement.purchasing.queries.invoices import (
    InvoiceFilter,
    count_invoices,
    invoice_page,
    invoice_paper,
    invoices,
)
from procurement.purchasing.terms.invoices import (
    UNDECIDED,
    InvoiceRow,
    InvoiceStatus,
    NotInvoicedRow,
)
from procurement.sourcing.queries import supplier_choices
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

bp = section.door("supplier_invoices", __name__, "/supplier-invoices")

HEADER = (
    "number",
    "kind",
    "status",
    "supplier",
    "supplier_name",
    "supplier_number",
    "invoiced_on",
    "due_on",
    "net",
    "tax",
    "gross",
    "currency",
    "differences",
    "decided_at",
    "decided_by",
)
NOT_INVOICED = (
    "order",
    "supplier",
    "supplier_name",
    "placed_at",
    "lines",
    "packs",
    "net",
    "currency",
)


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """A tab: which invoices, and what the page says of them."""

    key: str
    label: str
    statuses: frozenset[InvoiceStatus] | None
    found: str
    found_one: str
    none: str


VIEWS = (
    InvoiceView(
        "to-decide",
        "To decide",
        frozenset({InvoiceStatus.RECORDED, InvoiceStatus.DISPUTED}),
        "{} invoices differ from what was ordered or received",
        "One invoice differs from what was ordered or received",
        "No invoice waits for a decision",
    ),
    InvoiceView(
        "matched",
        "Matched",
        frozenset({InvoiceStatus.MATCHED}),
        "{} invoices match and wait to be approved",
        "One invoice matches and waits to be approved",
        "No matched invoice waits to be approved",
    ),
    InvoiceView(
        "approved",
        "Approved",
        frozenset({InvoiceStatus.APPROVED}),
        "Approved to pay",
        "Approved to pay",
        "Nothing is approved to pay yet",
    ),
    InvoiceView(
        "all",
        "All",
        None,
        "All supplier invoices",
        "One supplier invoice",
        "No invoice is recorded yet",
    ),
)
_BY_KEY = {view.key: view for view in VIEWS}
_COUNTED = frozenset({"to-decide", "matched"})


@bp.get("")
def index() -> Response | str:
    view = _BY_KEY.get(request.args.get("view", "to-decide"))
    if view is None:
        raise NotFound("There is no such list of invoices.")
    supplier = request.args.get("supplier") or None
    wanted = InvoiceFilter(statuses=view.statuses, supplier=supplier, text=search_text())
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: invoices(session, wanted, paging))
            return export("supplier-invoices", HEADER, _cells(rows))
        page = invoices(session, wanted, page_request())
        suppliers = supplier_choices(session)
        tabs = _tabs(session, view.key)
    count = next((tab["count"] for tab in tabs if tab["active"]), None)
    return render_template(
        "backoffice/purchasing/invoices.html",
        page=page,
        view=view,
        title=_title(view, count, any_found=bool(page.items)),
        tabs=tabs,
        suppliers=suppliers,
        wanted=wanted,
        next_url=next_url(page),
        files=export_urls(),
    )


@bp.get("/not-invoiced")
def waiting() -> Response | str:
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: not_invoiced(session, paging))
            return export("received-not-invoiced", NOT_INVOICED, _open_cells(rows))
        page = not_invoiced(session, page_request())
        tabs = _tabs(session, "not-invoiced")
    return render_template(
        "backoffice/purchasing/invoices_open.html",
        page=page,
        tabs=tabs,
        next_url=next_url(page),
        files=export_urls(),
    )


@bp.get("/<number>")
def show(number: str) -> str:
    with read() as session:
        invoice = invoice_page(session, number)
        trail = trail_of(session, number)
    is_open = invoice.status in UNDECIDED
    actor = current_actor()
    may_record = actor.may(Permission.RECORD_INVOICES)
    may_decide = actor.may(Permission.APPROVE_INVOICES)
    return render_template(
        "backoffice/purchasing/invoice.html",
        invoice=invoice,
        history=[section.event(row) for row in trail],
        may_approve=is_open and (may_decide or (may_record and not invoice.open_differences)),
        may_dispute=is_open and may_record and invoice.kind == "invoice",
        may_cancel=is_open and may_record,
        may_credit=may_record
        and invoice.kind == "invoice"
        and (is_open or invoice.status is InvoiceStatus.APPROVED),
    )


@bp.get("/<number>/paper")
def paper(number: str) -> Response:
    """The invoice as it came; saved, not opened here: it was made by somebody else."""
    with read() as session:
        kept = invoice_paper(session, number, actor=current_actor())
    return attachment(kept.content, kept.file_name, kept.media_type)


@bp.post("/<number>/approve")
def approve(number: str) -> Response:
    reason, version = request.form.get("reason", ""), request.form.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else None
    return section.act(
        url_for(".show", number=number),
        f"{number} is approved.",
        lambda session: approve_invoice(
            session, number, reason=reason, version=seen, actor=current_actor(), at=utc_now()
        ),
    )


@bp.post("/<number>/dispute")
def dispute(number: str) -> Response:
    reason = request.form.get("reason", "")
    return section.act(
        url_for(".show", number=number),
        f"{number} waits for the supplier.",
        lambda session: dispute_invoice(
            session, number, reason=reason, actor=current_actor(), at=utc_now()
        ),
    )


@bp.post("/<number>/cancel")
def cancel(number: str) -> Response:
    reason = request.form.get("reason", "")
    return section.act(
        url_for(".show", number=number),
        f"{number} is cancelled.",
        lambda session: cancel_invoice(
            session, number, reason=reason, actor=current_actor(), at=utc_now()
        ),
    )


def _tabs(session: ReadSession, active: str) -> list[dict[str, object]]:
    counts = count_invoices(session)
    items: list[dict[str, object]] = [
        {
            "label": view.label,
            "url": url_for(".index", view=view.key),
            "active": active == view.key,
            "count": sum(counts.get(status, 0) for status in view.statuses or ())
            if view.key in _COUNTED
            else None,
        }
        for view in VIEWS
    ]
    waits = {
        "label": "Not invoiced",
        "url": url_for(".waiting"),
        "active": active == "not-invoiced",
    }
    return [*items[:2], waits, *items[2:]]


def _title(view: InvoiceView, count: object, *, any_found: bool) -> str:
    if isinstance(count, int):
        return section.plural(count, view.found_one, view.found) if count else view.none
    return view.found if any_found else view.none


def _cells(rows: Iterable[InvoiceRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.number,
            str(row.kind),
            str(row.status),
            row.supplier,
            row.supplier_name,
            row.supplier_number,
            row.invoiced_on,
            row.due_on,
            row.totals.net.decimal,
            row.totals.tax.decimal,
            row.totals.gross.decimal,
            row.totals.gross.currency,
            row.differences,
            row.decided_at,
            row.decided_by,
        )


def _open_cells(rows: Iterable[NotInvoicedRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.order,
            row.supplier,
            row.supplier_name,
            row.placed_at,
            row.lines,
            row.packs,
            row.value.decimal,
            row.value.currency,
        )

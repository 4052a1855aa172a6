"""What stays outstanding, supplier by supplier, with the button that closes a line short."""

from collections.abc import Iterator, Sequence

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.purchasing import section
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.deciding import close_short
from procurement.purchasing.queries.backorders import backorder_page, backorders
from procurement.purchasing.terms import SupplierBackorders
from procurement.sourcing.queries import supplier_choices
from procurement.web.identity import current_actor
from procurement.web.listing import export, export_urls, page_request, this_url, wanted_format
from procurement.web.transactions import read

bp = section.door("backorders", __name__, "/backorders")

HEADER = (
    "supplier",
    "supplier_name",
    "order",
    "line",
    "product",
    "product_name",
    "pack",
    "outstanding",
    "ordered",
    "value",
    "currency",
    "due_on",
    "days_late",
    "last_delivery",
)


@bp.get("")
def index() -> Response | str:
    supplier = request.args.get("supplier") or None
    with read() as session:
        if wanted_format():
            whole = backorders(session, at=utc_now(), supplier=supplier)
            return export("backorders", HEADER, _cells(whole))
        page = backorder_page(session, page_request(), at=utc_now(), supplier=supplier)
        suppliers = supplier_choices(session)
    actor = current_actor()
    return render_template(
        "backoffice/purchasing/backorders.html",
        found=page.suppliers,
        lines=page.lines,
        late=page.late,
        next_url=this_url(cursor=page.next) if page.next else "",
        supplier=supplier or "",
        suppliers=suppliers,
        files=export_urls(),
        may_close=actor.may(Permission.DRAFT_ORDERS) or actor.may(Permission.RECEIVE_GOODS),
        may_receive=actor.may(Permission.RECEIVE_GOODS),
    )


@bp.post("/<number>/<int:position>/close-short")
def close(number: str, position: int) -> Response:
    at = utc_now()
    return section.act(
        url_for(".index"),
        f"Line {position} of {number} is no longer expected.",
        lambda session: close_short(
            session, number, position=position, actor=current_actor(), at=at
        ),
    )


def _cells(found: Sequence[SupplierBackorders]) -> Iterator[tuple[Cell, ...]]:
    for supplier in found:
        for row in supplier.lines:
            yield (
                row.supplier,
                row.supplier_name,
                row.order,
                row.position,
                row.product,
                row.product_name,
                row.pack_name,
                row.packs,
                row.ordered,
                row.value.decimal,
                row.value.currency,
                row.due_on,
                row.days_late,
                row.last_delivery,
            )

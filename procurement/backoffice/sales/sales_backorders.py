"""What customers wait for: which goods, since when, on order from whom and due when."""

from collections.abc import Iterator, Sequence

from flask import render_template
from werkzeug.wrappers import Response

from procurement.backoffice.sales.doors import sales_backorders_door as bp
from procurement.backoffice.sales.navigation import sales_tabs
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Permission
from procurement.planning.queries.sales_backorders import SalesBackorder, sales_backorders
from procurement.web.identity import current_actor
from procurement.web.listing import export, export_urls, wanted_format
from procurement.web.transactions import read

HEADER = (
    "order",
    "line",
    "customer",
    "customer_name",
    "site",
    "product",
    "product_name",
    "pack",
    "waiting",
    "free_now",
    "wanted_on",
    "confirmed_at",
    "on_order",
    "ready_on",
    "not_ordered",
)


@bp.before_request
def _require_sight() -> None:
    current_actor().require(Permission.SEE_SALES)


@bp.get("")
def index() -> Response | str:
    actor = current_actor()
    with read() as session:
        rows = sales_backorders(session, actor=actor, at=utc_now())
    if wanted_format():
        return export("customer-backorders", HEADER, _cells(rows))
    return render_template(
        "backoffice/sales/sales_backorders.html",
        tabs=sales_tabs("sales_backorders"),
        rows=rows,
        files=export_urls(),
        may_reserve=actor.may(Permission.SELL) or actor.may(Permission.SHIP_GOODS),
        sees_purchasing=actor.may(Permission.SEE_PURCHASING),
    )


def _cells(rows: Sequence[SalesBackorder]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        line = row.line
        yield (
            line.order,
            line.position,
            line.customer,
            line.customer_name,
            line.site,
            line.product,
            line.product_name,
            line.pack_name,
            line.packs,
            line.free,
            line.wanted_on,
            line.confirmed_at,
            ", ".join(one.order for one in row.due),
            row.ready_on,
            row.uncovered,
        )

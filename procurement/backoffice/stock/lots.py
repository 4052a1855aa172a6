"""What is where, lot by lot: now or as at a past day; as a page and as a file."""

from datetime import date

from flask import render_template, request
from werkzeug.wrappers import Response

from procurement.kernel.clock import end_of_day, utc_now
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.paging import Page, PageRequest, all_rows
from procurement.kernel.permissions import Permission
from procurement.stock.queries.on_hand import StockFilter, StockRow, stock, stock_as_at
from procurement.stock.queries.places import places
from procurement.web.company import current_company
from procurement.web.doors import Audience, Door
from procurement.web.identity import current_actor
from procurement.web.listing import (
    export,
    export_urls,
    next_url,
    page_request,
    search_text,
    wanted_format,
)
from procurement.web.transactions import read

bp = Door("lots", __name__, audience=Audience.STAFF, url_prefix="/stock")

HEADER = (
    "SKU", "Product", "Location", "Lot", "Status", "Use by", "On hand", "Reserved", "Available", "Unit",
)  # fmt: skip


@bp.get("/")
def index() -> str | Response:
    current_actor().require(Permission.SEE_STOCK)
    wanted = StockFilter(location=request.args.get("location") or None, text=search_text() or None)
    day = _day(request.args.get("at", ""))
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: _page(session, wanted, day, paging))
            return export("stock", HEADER, [_cells(row) for row in rows])
        page = _page(session, wanted, day, page_request())
        rooms = places(session)
    return render_template(
        "backoffice/stock/lots.html",
        page=page,
        rooms=[(place.code, place.name) for place in rooms],
        wanted=wanted,
        day=day,
        next_url=next_url(page),
        exports=export_urls(),
    )


def _page(
    session: ReadSession, wanted: StockFilter, day: date | None, paging: PageRequest
) -> Page[StockRow]:
    if day is None:
        return stock(session, wanted, at=utc_now(), paging=paging)
    moment = end_of_day(day, current_company().time_zone)
    return stock_as_at(session, wanted, moment=moment, paging=paging)


def _cells(row: StockRow) -> tuple[str | date | None, ...]:
    return (
        row.product,
        row.product_name,
        row.location,
        row.lot,
        row.status,
        row.use_by,
        row.on_hand.amount,
        row.reserved.amount,
        row.available.amount,
        row.on_hand.unit,
    )


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotFound("Write the day as 2026-11-27.") from error

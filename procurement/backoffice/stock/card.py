"""The stock card: every movement of a product, a lot or a room's product, and what it left."""

from datetime import date
from functools import partial
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from procurement.kernel.clock import end_of_day, start_of_day
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Conflict, DomainError, Invalid, NotFound
from procurement.kernel.paging import Page, PageRequest, all_rows
from procurement.kernel.permissions import Permission
from procurement.stock.queries.card import CardFilter, CardRow, StockCard, stock_card
from procurement.stock.queries.places import places
from procurement.web.company import current_company
from procurement.web.doors import Audience, Door
from procurement.web.filters import show_moment
from procurement.web.identity import current_actor
from procurement.web.listing import export, export_urls, next_url, page_request, wanted_format
from procurement.web.transactions import read

bp = Door("stock_card", __name__, audience=Audience.STAFF, url_prefix="/stock-card")

HEADER = (
    "When", "Who", "Reason", "Cause", "Note", "Document", "SKU", "Lot", "From", "To", "Change", "Balance", "Unit",
    "Reference",
)  # fmt: skip


@bp.get("/")
def index() -> str | Response:
    current_actor().require(Permission.SEE_STOCK)
    wanted, problem, card = _wanted(), "", None
    with read() as session:
        rooms = places(session, physical=False)
        try:
            if wanted.product and wanted_format():
                rows = all_rows(partial(_page, session, wanted))
                return export(f"stock-card-{wanted.product}", HEADER, map(_cells, rows))
            if wanted.product:
                card = stock_card(session, wanted, page_request())
        except (Invalid, NotFound, Conflict) as error:
            problem = _said(error)
    page = render_template(
        "backoffice/stock/stock_card.html",
        card=card,
        problem=problem,
        wanted=wanted,
        since=_typed_day("from"),
        until=_typed_day("at"),
        rooms=[(place.code, place.name) for place in rooms],
        next_url=next_url(card.page) if card else "",
        exports=export_urls(),
    )
    return Response(page, 422 if problem else 200, content_type="text/html; charset=utf-8")


def _page(session: ReadSession, wanted: CardFilter, paging: PageRequest) -> Page[CardRow]:
    card: StockCard = stock_card(session, wanted, paging)
    return card.page


def _said(error: DomainError) -> str:
    return error.errors[0].message if error.errors else error.message


def _wanted() -> CardFilter:
    zone = current_company().time_zone
    since, until = _typed_day("from"), _typed_day("at")
    return CardFilter(
        product=request.args.get("product", "").strip(),
        lot=request.args.get("lot", "").strip() or None,
        location=request.args.get("location") or None,
        since=start_of_day(since, zone) if since else None,
        until=end_of_day(until, zone) if until else None,
    )


def _typed_day(name: str) -> date | None:
    written = request.args.get(name, "")
    if not written:
        return None
    try:
        day = date.fromisoformat(written)
    except ValueError as error:
        raise NotFound("Write the day as 2026-11-27.") from error
    if not 1990 <= day.year <= 2199:
        raise NotFound("That year is out of range.")
    return day


def _cells(row: CardRow) -> tuple[Any, ...]:
    line = row.movement
    return (
        show_moment(line.occurred_at),
        line.actor,
        line.reason,
        line.cause,
        line.note,
        line.document,
        line.product,
        line.lot,
        line.source,
        line.destination,
        row.change.amount,
        row.balance.amount,
        row.change.unit,
        line.ref,
    )

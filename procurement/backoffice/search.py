"""The search of the back office: a scanned code or a number lands on its thing, words find products, rooms, people."""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.stock.scanning import page_of, remembering, scanned
from procurement.catalogue.queries.narrowing import ProductFilter
from procurement.catalogue.queries.search import search
from procurement.catalogue.rules.scanning import LONGEST
from procurement.kernel.actor import Actor
from procurement.kernel.clock import utc_now
from procurement.kernel.db import ReadSession
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series
from procurement.kernel.text import fold
from procurement.planning.queries.documents import document_named
from procurement.sales.queries.customers import CustomerFilter, customers
from procurement.sourcing.queries import suppliers
from procurement.stock.queries.on_hand import StockFilter, stock
from procurement.stock.queries.places import places
from procurement.stock.queries.scanning import Scanned
from procurement.web.doors import Audience, Door
from procurement.web.forms import render_page
from procurement.web.identity import current_actor
from procurement.web.listing import search_text
from procurement.web.transactions import read

bp = Door("search", __name__, audience=Audience.STAFF, url_prefix="/search")

_PAGES = {
    Series.PURCHASE_ORDER: "purchase_orders.show",
    Series.GOODS_RECEIPT: "goods_receipts.show",
    Series.SUPPLIER_INVOICE: "supplier_invoices.show",
    Series.REQUEST_FOR_QUOTATION: "quotation_requests.show",
    Series.QUOTE: "quotes.show",
    Series.ENQUIRY: "enquiries.show",
    Series.TRANSFER: "transfers.show",
    Series.STOCK_COUNT: "counts.show",
}
_MOST = 8
_LEAST, _PROPOSED = 2, 5  # letters before anything is proposed; lines of each kind
Hit = tuple[str, str, str]  # name, what stands below it, address


@bp.get("")
def index() -> Response:
    actor = current_actor()
    raw = request.args.get("q", "")[:LONGEST]
    if not raw.strip():
        return render_page("backoffice/search.html", text="", groups=[])
    with read() as session:
        document = document_named(session, raw, actor=actor)
    if document:
        return redirect(url_for(_PAGES[document.series], number=document.number))
    if actor.may(Permission.SEE_STOCK):
        found = scanned(raw)
        if page := page_of(found):
            return remembering(redirect(page), found)
        if found.what is Scanned.UNCLEAR or found.read:
            return redirect(url_for("scan.show", text=raw))
    text = search_text()
    with read() as session:
        groups = [(name, hits) for name, find in _GROUPS if (hits := find(session, text, actor))]
    return render_page("backoffice/search.html", text=text, groups=groups)


@bp.get("/suggest")
def suggest() -> str:
    """A piece of a page: what the words typed so far find. Codes land on their thing once they are sent."""
    actor, text = current_actor(), search_text()
    if len(text) < _LEAST:
        return ""
    with read() as session:
        found = [(name, hits) for name, find in _GROUPS if (hits := find(session, text, actor))]
    return render_template(
        "components/suggestions.html",
        text=text,
        groups=[(name, [_proposed(hit) for hit in hits[:_PROPOSED]]) for name, hits in found],
        all=(f"Everything for “{text}”", url_for(".index", q=text)),
        note="",
    )


def _proposed(hit: Hit) -> dict[str, str]:
    name, below, address = hit
    return {"text": name, "sub": below, "url": address}


def _products(session: ReadSession, text: str, actor: Actor) -> list[Hit]:
    if not actor.may(Permission.SEE_CATALOGUE):
        return []
    found = search(session, ProductFilter(text=text), PageRequest(limit=_MOST))
    hits = [(row.name, row.sku, url_for("products.show", sku=row.sku)) for row in found.page.items]
    if found.total > _MOST:
        every = url_for("products.index", q=text)
        hits.append((f"All {found.total} products", "", every))
    return hits


def _rooms(session: ReadSession, text: str, actor: Actor) -> list[Hit]:
    if not actor.may(Permission.SEE_STOCK):
        return []
    words = fold(text).split()
    return [
        (place.name, place.code, url_for("rooms.show", code=place.code))
        for place in places(session)
        if all(word in fold(f"{place.name} {place.code}") for word in words)
    ][:_MOST]


def _lots(session: ReadSession, text: str, actor: Actor) -> list[Hit]:
    if not actor.may(Permission.SEE_STOCK):
        return []
    page = stock(session, StockFilter(text=text), at=utc_now(), paging=PageRequest(limit=_MOST))
    if not page.items:
        return []
    return [("Stock of it, lot by lot", "", url_for("lots.index", q=text))]


def _customers(session: ReadSession, text: str, actor: Actor) -> list[Hit]:
    if not actor.may(Permission.SEE_SALES):
        return []
    wanted = CustomerFilter(text=text)
    return [
        (row.name, row.code, url_for("customers.show", code=row.code))
        for row in customers(session, wanted, PageRequest(limit=_MOST), actor=actor).items
    ]


def _suppliers(session: ReadSession, text: str, actor: Actor) -> list[Hit]:
    if not actor.may(Permission.SEE_PURCHASING):
        return []
    return [
        (row.name, row.code, url_for("suppliers.show", code=row.code))
        for row in suppliers(session, PageRequest(limit=_MOST), text=text).items
    ]


_GROUPS: tuple[tuple[str, Callable[[ReadSession, str, Actor], list[Hit]]], ...] = (
    ("Products", _products),
    ("Rooms", _rooms),
    ("Stock", _lots),
    ("Customers", _customers),
    ("Suppliers", _suppliers),
)

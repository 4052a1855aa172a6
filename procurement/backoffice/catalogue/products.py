"""The catalogue as a list, and a product as a page."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.catalogue.queries.compositions import safety_rules
from procurement.catalogue.queries.facets import Facets, facets
from procurement.catalogue.queries.narrowing import Facet, ProductFilter
from procurement.catalogue.queries.pages import ProductPage, product_page
from procurement.catalogue.queries.search import (
    ProductRow,
    categories,
    products,
    search,
)
from procurement.catalogue.rules.product_safety import product_safety
from procurement.catalogue.rules.wishes import met
from procurement.catalogue.terms import Kind, ProductStatus
from procurement.kernel.actor import Actor
from procurement.kernel.clock import utc_now
from procurement.kernel.db import ReadSession
from procurement.kernel.paging import PageRequest, all_rows
from procurement.kernel.permissions import Permission
from procurement.planning.queries.substitutes import substitutes_for
from procurement.sales.queries.product_prices import ProductPriceRow, prices_of_product
from procurement.sourcing.queries import supplier_items
from procurement.sourcing.queries.certificates import papers_of_product
from procurement.sourcing.terms import SupplierItemRow
from procurement.web.avoiding import asked_without
from procurement.web.doors import Audience, Door
from procurement.web.filters import show_words
from procurement.web.identity import current_actor
from procurement.web.listing import (
    export,
    export_urls,
    next_url,
    one_of,
    page_request,
    search_text,
    wanted_format,
)
from procurement.web.transactions import read

bp = Door("products", __name__, audience=Audience.STAFF, url_prefix="/products")

HEADER = (
    "SKU", "Name", "Kind", "Status", "Family", "Category", "Brand", "Counted in", "Sales pack", "Pack name",
    "Pack size",
)  # fmt: skip
KINDS = [(kind.value, show_words(kind).capitalize()) for kind in Kind]
STATUSES = [(status.value, status.value.capitalize()) for status in ProductStatus]


@bp.get("/")
def index() -> str | Response:
    actor = current_actor()
    actor.require(Permission.SEE_CATALOGUE)
    wanted = _wanted()
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: products(session, wanted, paging))
            return export("products", HEADER, [_cells(row) for row in rows])
        found = search(session, wanted, page_request())
        offered = facets(session, found.wanted)
        shelves = categories(session)
    return render_template(
        "backoffice/catalogue/products.html",
        found=found,
        wanted=wanted,
        areas=_choices(offered, Facet.AREA),
        techniques=_choices(offered, Facet.TECHNIQUE),
        categories=shelves,
        kinds=KINDS,
        statuses=STATUSES,
        next_url=next_url(found.page),
        exports=export_urls(),
        may_edit=actor.may(Permission.EDIT_CATALOGUE),
    )


def _choices(offered: Facets, facet: Facet) -> list[tuple[str, str]]:
    return [(option.value, f"{option.name} ({option.count})") for option in offered.of(facet)]


def _wanted() -> ProductFilter:
    kind = one_of(Kind, "kind")
    area, technique = request.args.get("area"), request.args.get("technique")
    return ProductFilter(
        text=search_text(),
        kinds=frozenset({kind} if kind else ()),
        areas=frozenset({area} if area else ()),
        techniques=frozenset({technique} if technique else ()),
        category=request.args.get("category") or None,
        status=one_of(ProductStatus),
    )


def _cells(row: ProductRow) -> tuple[str | None, ...]:
    return (
        row.sku,
        row.name,
        row.kind,
        row.status,
        row.family,
        row.category,
        row.brand,
        row.unit,
        row.pack,
        row.pack_name,
        row.pack_size.amount if row.pack_size else None,
    )


@bp.get("/<path:sku>")
def show(sku: str) -> str:
    actor = current_actor()
    actor.require(Permission.SEE_CATALOGUE)
    with read() as session:
        without, wishes = asked_without(session)
        page = product_page(session, sku)
        prices, suppliers = _beside(session, page, actor)
        papers = papers_of_product(session, sku, actor=actor, at=utc_now())
        safety = product_safety(page.product.composition, safety_rules(session))
        instead = substitutes_for(session, sku, wishes, actor=actor, at=utc_now())
    return render_template(
        "backoffice/catalogue/product.html",
        page=page,
        product=page.product,
        prices=prices,
        suppliers=suppliers,
        papers=papers,
        safety=safety,
        without=without,
        wish=met(wishes),
        unheard=wishes.unheard,
        instead_rows=instead,
        product_url=lambda other: url_for(".show", sku=other),
        may_edit=actor.may(Permission.EDIT_CATALOGUE),
        may_see_stock=actor.may(Permission.SEE_STOCK),
    )


def _beside(
    session: ReadSession, page: ProductPage, actor: Actor
) -> tuple[tuple[ProductPriceRow, ...] | None, tuple[SupplierItemRow, ...] | None]:
    """What it sells for and whom it is bought from, each for those who may know; None for others."""
    prices = suppliers = None
    if actor.may(Permission.SEE_SALES):
        prices = prices_of_product(session, page.product.sku, actor=actor)
    if actor.may(Permission.SEE_PURCHASING):
        suppliers = supplier_items(session, PageRequest(), product=page.product.sku).items
    return prices, suppliers

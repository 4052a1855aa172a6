"""The seller's catalogue: anybody browses and searches it; who is signed in as a buyer sees their own prices."""

from dataclasses import dataclass, replace

from flask import render_template, request, url_for

from procurement.catalogue.queries.compositions import safety_rules
from procurement.catalogue.queries.facets import FacetOption, Facets, facets
from procurement.catalogue.queries.narrowing import Facet, ProductFilter
from procurement.catalogue.queries.pages import product_page
from procurement.catalogue.queries.search import ProductRow, search
from procurement.catalogue.rules.allergens import allergens_in
from procurement.catalogue.rules.drafts import KnownPack
from procurement.catalogue.rules.wording import PackSize
from procurement.catalogue.terms import Kind, ProductStatus
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.portal.door import bp
from procurement.portal.lines import lines_of, total_of
from procurement.portal.prices import PriceTag, price_book_for, tag_for
from procurement.portal.seller import current_basket, message_url
from procurement.sales.queries.baskets import basket_rows
from procurement.sales.queries.prices import PriceBook
from procurement.web.company import current_company
from procurement.web.identity import current_actor
from procurement.web.listing import next_url, page_request, search_text, this_url
from procurement.web.transactions import read

SHOWN = 24
MOST_CHOSEN = 20
KINDS = {
    Kind.OIL: "Oils",
    Kind.LOTION: "Lotions",
    Kind.CREAM: "Creams",
    Kind.GEL: "Gels",
    Kind.BALM: "Balms",
    Kind.TOOL: "Tools",
    Kind.LINEN: "Linen",
    Kind.DISPOSABLE: "Disposables",
    Kind.RETAIL_SET: "Retail sets",
    Kind.SERVICE: "Services",
}

# In the order of the page, with their titles.
FACETS = {
    Facet.KIND: "Kind",
    Facet.AREA: "Body area",
    Facet.TECHNIQUE: "Technique",
    Facet.SKIN_FEEL: "Skin feel",
    Facet.SCENT: "Scent",
    Facet.BRAND: "Brand",
    Facet.SIZE: "Size",
}
USES = (Facet.AREA, Facet.TECHNIQUE)


@dataclass(frozen=True, slots=True)
class Card:
    """A product on the shelf."""

    row: ProductRow
    tag: PriceTag | None
    packs: int  # in the basket


@dataclass(frozen=True, slots=True)
class PackOffer:
    """A pack on a product's page."""

    pack: KnownPack
    size: Quantity
    tag: PriceTag | None
    packs: int


@bp.get("/")
def home() -> str:
    return _shelf(is_home=True)


@bp.get("/catalogue")
def catalogue() -> str:
    return _shelf(is_home=False)


def _shelf(*, is_home: bool) -> str:
    actor, basket, wanted = current_actor(), current_basket(), _wanted()
    with read() as session:
        found = search(session, wanted, _paging())
        offered = facets(session, found.wanted)
        packs = {row.pack_id for row in found.page.items if row.pack_id}
        book = price_book_for(session, packs | set(basket), actor)
        kept = basket_rows(session, basket) if basket else []
    lines = lines_of(kept, book)
    cards = [
        Card(row, _tag(book, row, basket), basket.get(row.pack_id or 0, 0))
        for row in found.page.items
    ]
    return render_template(
        "portal/shelf.html",
        cards=cards,
        found=found,
        wanted=wanted,
        facets=_said(offered),
        title=_title(wanted, offered),
        is_home=is_home and not wanted.is_narrowed,
        sees_prices=book is not None,
        may_ask=actor.may(Permission.BUY),
        company=current_company(),
        lines=lines,
        total=total_of(lines),
        message_url=message_url(),
        next_url=next_url(found.page),
        back=this_url(),
    )


def _wanted() -> ProductFilter:
    wanted = ProductFilter(text=search_text(), status=ProductStatus.ACTIVE)
    for facet in Facet:
        wanted = wanted.choosing(facet, request.args.getlist(facet)[:MOST_CHOSEN])
    return wanted


def _paging() -> PageRequest:
    paging = page_request()
    return paging if request.args.get("limit") else replace(paging, limit=SHOWN)


def _tag(book: PriceBook | None, row: ProductRow, basket: dict[int, int]) -> PriceTag | None:
    if row.pack_size is None or row.pack_name is None:
        return None
    pack = PackSize(row.pack_name, row.pack_size.steps)
    packs = basket.get(row.pack_id or 0, 0)
    return tag_for(book, row.pack_id, pack, row.pack_size, packs=packs)


def _said(offered: Facets) -> list[tuple[str, str, list[tuple[str, str, int, bool]]]]:
    """Title, name and options of each facet, as its template takes them."""
    return [
        (title, facet.value, [(o.value, _words(facet, o), o.count, o.chosen) for o in found])
        for facet, title in FACETS.items()
        if (found := offered.of(facet))
    ]


def _words(facet: Facet, option: FacetOption) -> str:
    if facet is Facet.KIND:
        return KINDS[Kind(option.value)]
    return option.name[:1].upper() + option.name[1:]


def _title(wanted: ProductFilter, offered: Facets) -> str:
    """What the shelf shows, in words."""
    kinds = [KINDS[Kind(o.value)] for o in offered.of(Facet.KIND) if o.chosen]
    uses = [o.name for facet in USES for o in offered.of(facet) if o.chosen]
    words = " and ".join([", ".join(kinds[:-1]), kinds[-1]] if len(kinds) > 1 else kinds)
    if wanted.text:
        words = f"{words or 'Products'} for “{wanted.text}”"
    if uses:
        words = f"{words or 'Everything'} for {' and '.join(uses)}"
    return words or "Everything for the treatment room"


@bp.get("/catalogue/<path:sku>")
def product(sku: str) -> str:
    actor, basket = current_actor(), current_basket()
    with read() as session:
        page = product_page(session, sku, offered=True)
        rules = safety_rules(session)
        book = price_book_for(session, {pack.id for pack in page.packs}, actor)
    sizes = {pack.code: PackSize(pack.name, pack.size_steps) for pack in page.packs}
    offers = [
        PackOffer(
            pack,
            page.size(pack),
            tag_for(
                book,
                pack.id,
                sizes[pack.code],
                page.size(pack),
                packs=basket.get(pack.id, 0),
                others=[size for code, size in sizes.items() if code != pack.code],
            ),
            basket.get(pack.id, 0),
        )
        for pack in page.packs
    ]
    return render_template(
        "portal/product.html",
        page=page,
        product=page.product,
        kind=KINDS[page.product.kind],
        offers=offers,
        allergens=allergens_in(page.product.composition, rules),
        variants=[v for v in page.variants if v.status is ProductStatus.ACTIVE],
        sees_prices=book is not None,
        company=current_company(),
        back=url_for(".product", sku=sku),
        message_url=message_url(product=sku),
    )

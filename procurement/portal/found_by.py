"""What search engines are told: which pages there are, what a product is (schema.org); never a buyer's price."""

from typing import Any
from xml.sax.saxutils import escape

from flask import url_for
from werkzeug.wrappers import Response

from procurement.catalogue.queries.offered import (
    OFFERED_IN_ONE_FILE,
    families_offered,
    offered_count,
    skus_offered,
)
from procurement.catalogue.queries.pages import ProductPage
from procurement.catalogue.terms import Kind
from procurement.kernel.errors import NotFound
from procurement.planning.rules.badges import Badge, Stock
from procurement.portal.door import bp
from procurement.portal.prices import PriceTag
from procurement.web.addresses import public_url
from procurement.web.filters import picture_jpeg
from procurement.web.transactions import read

_XML = "application/xml; charset=utf-8"
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
# https://schema.org/ItemAvailability
_AVAILABILITY = {
    Stock.IN: "InStock",
    Stock.LOW: "LimitedAvailability",
    Stock.DUE: "BackOrder",
    Stock.TO_ORDER: "BackOrder",
    Stock.NONE: "OutOfStock",
}


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    """All pages, or an index of files where they are more than one file holds (sitemaps.org: 50,000)."""
    with read() as session:
        total = offered_count(session)
        if total <= OFFERED_IN_ONE_FILE:
            skus, families = skus_offered(session, 0), families_offered(session)
            return _addresses([*_places(), *map(_family, families), *map(_product, skus)])
    files = -(-total // OFFERED_IN_ONE_FILE)
    inner = "".join(
        f"<sitemap><loc>{escape(public_url(url_for('.sitemap_part', part=part)))}</loc></sitemap>"
        for part in range(files + 1)
    )
    return Response(
        f'<?xml version="1.0" encoding="UTF-8"?><sitemapindex {_SPACE}>{inner}</sitemapindex>',
        content_type=_XML,
    )


@bp.get("/sitemap-<int:part>.xml")
def sitemap_part(part: int) -> Response:
    """Part 0 holds the places and families, the others so many products each."""
    with read() as session:
        if part == 0:
            return _addresses([*_places(), *map(_family, families_offered(session))])
        skus = skus_offered(session, part - 1) if part < 100_000 else []
    if not skus:
        raise NotFound("There is no such part.")
    return _addresses([_product(sku) for sku in skus])


def _places() -> list[str]:
    kinds = [url_for(".catalogue", kind=kind.value) for kind in Kind]
    return [url_for(".home"), url_for(".catalogue"), *kinds]


def _family(code: str) -> str:
    return url_for(".family", code=code)


def _product(sku: str) -> str:
    return url_for(".product", sku=sku)


def _addresses(paths: list[str]) -> Response:
    inner = "".join(f"<url><loc>{escape(public_url(path))}</loc></url>" for path in paths)
    return Response(
        f'<?xml version="1.0" encoding="UTF-8"?><urlset {_SPACE}>{inner}</urlset>',
        content_type=_XML,
    )


def product_data(
    page: ProductPage, badge: Badge | None, tags: list[tuple[str, PriceTag | None]]
) -> dict[str, Any]:
    """A product for schema.org. `tags` are packs with the price every visitor sees; none where they see none."""
    product = page.product
    gtin = product.sales_pack.gtin if product.sales_pack else None
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.name,
        "sku": product.sku,
        "url": public_url(_product(product.sku)),
    }
    more = {
        "description": product.description,
        "gtin14": gtin,
        "category": product.category,
        "material": product.material,
        "brand": {"@type": "Brand", "name": product.brand} if product.brand else None,
        "image": [picture_jpeg(one.sha256) for one in page.pictures],
    }
    found |= {name: value for name, value in more.items() if value}
    offers = [_offer(product.sku, name, tag, badge) for name, tag in tags if tag]
    return found | ({"offers": offers} if offers else {})


def _offer(sku: str, pack: str, tag: PriceTag, badge: Badge | None) -> dict[str, Any]:
    offer = {
        "@type": "Offer",
        "name": pack,
        "price": tag.price.amount,
        "priceCurrency": tag.price.currency,
        "url": public_url(_product(sku)),
    }
    if badge:
        offer["availability"] = f"https://schema.org/{_AVAILABILITY[badge.stock]}"
    return offer


def crumbs_data(crumbs: list[tuple[str, str]]) -> dict[str, Any]:
    """The way to a page, as search engines show it: name and path of each step."""
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": public_url(path)}
            for place, (name, path) in enumerate(crumbs, start=1)
        ],
    }

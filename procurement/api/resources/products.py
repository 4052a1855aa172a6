"""`/products`: what is catalogued. Buyers see what is still offered; costs and suppliers are elsewhere."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.fields import named
from procurement.api.schemas.catalogue import ProductBody, ProductQuery, ProductShape
from procurement.api.schemas.values import listing
from procurement.catalogue.operations.products import create_product
from procurement.catalogue.queries.listing import ProductFilter, product, products
from procurement.catalogue.terms import ProductStatus
from procurement.kernel.actor import Actor
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission

api = Api("products", "/products")

_SALES_PACK = {
    "gtin": "sales_pack.gtin",
    "size": "sales_pack.size",
    "pack_size": "sales_pack.size",
    "pack_code": "sales_pack.code",
}


def seen_by(actor: Actor, wanted: ProductStatus | None = None) -> ProductStatus | None:
    """Which products somebody may see: staff all, a buyer those that are still offered."""
    actor.require_any(Permission.SEE_CATALOGUE, Permission.BUY)
    return wanted if actor.may(Permission.SEE_CATALOGUE) else ProductStatus.ACTIVE


@api.get("", query=ProductQuery, gives=ProductShape, many=True, summary="Products, by SKU")
def list_products(call: Call[Any]) -> Answer:
    asked = call.query
    status = seen_by(call.actor, asked.status)
    wanted = ProductFilter(
        asked.text, asked.kind, status, asked.family, asked.body_area, asked.technique
    )
    page = products(call.session, wanted, PageRequest.parse(asked.limit, asked.cursor))
    return Answer(listing(page, ProductShape.of))


@api.get("/<path:sku>", gives=ProductShape, summary="One product with its packs")
def show(call: Call[Any], sku: str) -> Answer:
    return Answer(ProductShape.of(product(call.session, sku, status=seen_by(call.actor))))


@api.post("", takes=ProductBody, gives=ProductShape, status=201, summary="Create a product")
def create(call: Call[ProductBody]) -> Answer:
    body = call.body
    packs = [body.sales_pack.draft(body.sku)] if body.sales_pack else []
    with named(_SALES_PACK):
        create_product(call.session, body.draft(), packs, actor=call.actor, at=call.at)
    shape = ProductShape.of(product(call.session, body.sku))
    return Answer(shape, location=address("products", body.sku))

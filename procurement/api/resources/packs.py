"""`/packs`: the named quantities in which products are bought and sold."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.fields import named
from procurement.api.resources.products import seen_by
from procurement.api.schemas.catalogue import PackBody, PackQuery, PackShape
from procurement.api.schemas.values import listing
from procurement.catalogue.operations.products import create_pack
from procurement.catalogue.queries.listing import packs, product
from procurement.kernel.paging import PageRequest

api = Api("packs", "/packs")


@api.get("", query=PackQuery, gives=PackShape, many=True, summary="Packs, of one product or all")
def list_packs(call: Call[Any]) -> Answer:
    asked = call.query
    page = packs(
        call.session,
        PageRequest.parse(asked.limit, asked.cursor),
        product=asked.product,
        gtin=asked.gtin.zfill(14) if asked.gtin else None,
        status=seen_by(call.actor),
    )
    return Answer(listing(page, PackShape.of))


@api.post("", takes=PackBody, gives=PackShape, status=201, summary="Give a product another pack")
def create(call: Call[PackBody]) -> Answer:
    body = call.body
    with named({"pack_size": "size", "pack_code": "code", "sku": "product"}):
        create_pack(call.session, body.draft(), actor=call.actor, at=call.at)
    owner = product(call.session, body.product)
    shape = PackShape.known(owner, owner.packs[body.code])
    return Answer(shape, location=address("packs", product=body.product))

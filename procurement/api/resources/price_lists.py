"""`/price-lists`: all of them for staff; for buyers the one they buy by."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.customers import (
    PriceListBody,
    PriceListQuery,
    PriceListRowShape,
    PriceListShape,
    PricesQuery,
)
from procurement.api.schemas.values import listing
from procurement.kernel.paging import MAX_LIMIT, PageRequest
from procurement.sales.operations.price_lists import create_price_list
from procurement.sales.queries.price_lists import price_list_page, price_lists, prices_of

api = Api("price_lists", "/price-lists")


@api.get(
    "", query=PriceListQuery, gives=PriceListRowShape, many=True, summary="Price lists, by code"
)
def list_price_lists(call: Call[Any]) -> Answer:
    asked = call.query
    paging = PageRequest.parse(asked.limit, asked.cursor)
    page = price_lists(call.session, paging, actor=call.actor, text=asked.text)
    return Answer(listing(page, PriceListRowShape.of))


@api.get("/<path:code>", query=PricesQuery, gives=PriceListShape, summary="One list and its prices")
def show(call: Call[Any], code: str) -> Answer:
    asked = call.query
    paging = PageRequest.parse(asked.limit, asked.cursor)
    return Answer(_shape(call, code, paging, asked.text))


@api.post("", takes=PriceListBody, gives=PriceListShape, status=201, summary="Make a price list")
def create(call: Call[PriceListBody]) -> Answer:
    made = create_price_list(call.session, call.body.command(), actor=call.actor, at=call.at)
    shape = _shape(call, made.code, PageRequest(MAX_LIMIT))
    return Answer(shape, location=address("price-lists", made.code))


def _shape(call: Call[Any], code: str, paging: PageRequest, text: str = "") -> PriceListShape:
    page = price_list_page(call.session, code, actor=call.actor)
    prices = prices_of(call.session, code, paging, actor=call.actor, text=text)
    return PriceListShape.page(page, prices)

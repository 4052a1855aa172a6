"""`/stock`: on hand, reserved, available; now or as at a past moment."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.stock import StockQuery, StockShape
from procurement.api.schemas.values import listing, moment_in
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.settings.queries import get_company
from procurement.stock.queries.on_hand import StockFilter, stock, stock_as_at

api = Api("stock", "/stock")


@api.get("", query=StockQuery, gives=StockShape, many=True, summary="What is where")
def list_stock(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    asked = call.query
    wanted = StockFilter(asked.product, asked.location, asked.lot)
    paging = PageRequest.parse(asked.limit, asked.cursor)
    if asked.at is None:
        page = stock(call.session, wanted, at=call.at, paging=paging)
    else:
        moment = moment_in(asked.at, get_company(call.session).time_zone, field="at")
        page = stock_as_at(call.session, wanted, moment=moment, paging=paging)
    return Answer(listing(page, StockShape.of))

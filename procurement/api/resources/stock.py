"""`/stock`: on hand, reserved, available; now or as at a past moment."""

from datetime import date, datetime
from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.stock import StockQuery, StockShape
from procurement.api.schemas.values import listing, require_reasonable
from procurement.kernel.clock import end_of_day
from procurement.kernel.errors import Invalid
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
        moment = _moment(asked.at, get_company(call.session).time_zone)
        page = stock_as_at(call.session, wanted, moment=moment, paging=paging)
    return Answer(listing(page, StockShape.of))


def _moment(text: str, zone: str) -> datetime:
    """A moment with its zone, or a date: the end of that day in the company's zone."""
    try:
        if len(text) == len("2026-11-23"):
            day = date.fromisoformat(text)
            require_reasonable(day)
            return end_of_day(day, zone)
        moment = datetime.fromisoformat(text.replace(" ", "+"))
        require_reasonable(moment)
    except (ValueError, OverflowError) as error:
        raise Invalid("A date (YYYY-MM-DD) or a moment with its zone.", field="at") from error
    if moment.tzinfo is None:
        raise Invalid("The moment says no zone; end it with Z.", field="at")
    return moment

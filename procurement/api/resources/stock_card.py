"""`/stock-card`: every movement of a product, a lot or a room's product, and what it left."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.card import CardQuery, CardShape
from procurement.api.schemas.values import moment_in
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.settings.queries import get_company
from procurement.stock.queries.card import CardFilter, stock_card

api = Api("stock_card", "/stock-card")


@api.get("", query=CardQuery, gives=CardShape, summary="The stock card, the latest first")
def show(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    asked, zone = call.query, get_company(call.session).time_zone
    wanted = CardFilter(
        asked.product,
        asked.lot,
        asked.location,
        moment_in(asked.since, zone, field="from", begins=True) if asked.since else None,
        moment_in(asked.at, zone, field="at") if asked.at else None,
    )
    paging = PageRequest.parse(asked.limit, asked.cursor)
    return Answer(CardShape.of(stock_card(call.session, wanted, paging)))

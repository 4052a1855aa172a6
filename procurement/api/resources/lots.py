"""`/lots`."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.stock import LotQuery, LotShape
from procurement.api.schemas.values import listing
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.stock.queries.history import lots

api = Api("lots", "/lots")


@api.get("", query=LotQuery, gives=LotShape, many=True, summary="Lots, of one product or all")
def list_lots(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    paging = PageRequest.parse(call.query.limit, call.query.cursor)
    return Answer(listing(lots(call.session, call.query.product, paging), LotShape.of))

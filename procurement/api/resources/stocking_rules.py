"""`/stocking-rules`."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.stock import StockingRuleBody, StockingRuleQuery, StockingRuleShape
from procurement.api.schemas.values import QuantityOut, listing
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.stock.operations.stocking import SetStockingRule, set_stocking_rules
from procurement.stock.queries.stocking import stocking_rules

api = Api("stocking_rules", "/stocking-rules")


@api.get(
    "",
    query=StockingRuleQuery,
    gives=StockingRuleShape,
    many=True,
    summary="The levels that were set",
)
def list_rules(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    asked = call.query
    paging = PageRequest.parse(asked.limit, asked.cursor)
    page = stocking_rules(call.session, paging, location=asked.location, product=asked.product)
    return Answer(listing(page, StockingRuleShape.of))


@api.put(
    "", takes=StockingRuleBody, gives=StockingRuleShape, summary="Set par level and reorder point"
)
def put(call: Call[StockingRuleBody]) -> Answer:
    body = call.body
    par_level, reorder_point = body.par_level.value(), body.reorder_point.value()
    command = SetStockingRule(body.location, body.product, par_level, reorder_point)
    set_stocking_rules(call.session, [command], actor=call.actor)
    return Answer(
        StockingRuleShape(
            location=body.location,
            product=body.product,
            par_level=QuantityOut.of(par_level),
            reorder_point=QuantityOut.of(reorder_point),
        )
    )

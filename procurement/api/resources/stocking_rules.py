"""`/stocking-rules`."""

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.stock import StockingRuleBody, StockingRuleShape
from procurement.api.schemas.values import QuantityOut
from procurement.stock.operations.stocking import SetStockingRule, set_stocking_rules

api = Api("stocking_rules", "/stocking-rules")


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

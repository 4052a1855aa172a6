"""`/linen`: what goes round in a house, and how much should. It travels as a transfer `via` a laundry."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.circulating import LinenQuery, LinenRuleBody, LinenShape
from procurement.api.schemas.values import listing
from procurement.kernel.paging import Page
from procurement.kernel.permissions import Permission
from procurement.stock.operations.linen import SetLinenRule, set_linen_rule
from procurement.stock.queries.linen import linen

api = Api("linen", "/linen")


@api.get(
    "", query=LinenQuery, gives=LinenShape, many=True, summary="Linen of a site, beside its par"
)
def list_linen(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    rows = linen(call.session, call.query.site)
    return Answer(listing(Page(tuple(rows), None), LinenShape.of))


@api.put("/rules", takes=LinenRuleBody, gives=LinenShape, summary="Set how much should go round")
def put(call: Call[LinenRuleBody]) -> Answer:
    body = call.body
    command = SetLinenRule(body.site, body.product, body.turns_a_day, body.pieces_a_turn, body.days)
    set_linen_rule(call.session, command, actor=call.actor)
    call.session.flush()  # it is read again for the answer
    rows = linen(call.session, body.site)
    return Answer(next(LinenShape.of(row) for row in rows if row.product == body.product))

"""`/cost-centres`: what orders are booked to."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.cost_centres import CostCentreBody, CostCentreShape, CostCentreValues
from procurement.api.schemas.values import ListQuery, listing
from procurement.kernel.errors import NotFound
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.cost_centres import change_cost_centre, create_cost_centre
from procurement.purchasing.queries.cost_centres import cost_centre_list, cost_centres

api = Api("cost_centres", "/cost-centres")


@api.get("", query=ListQuery, gives=CostCentreShape, many=True, summary="Cost centres, by code")
def list_centres(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    paging = PageRequest.parse(call.query.limit, call.query.cursor)
    return Answer(listing(cost_centre_list(call.session, paging), CostCentreShape.of))


@api.get("/<code>", gives=CostCentreShape, summary="One cost centre")
def show(call: Call[Any], code: str) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    return _answer(call, code)


@api.post("", takes=CostCentreBody, gives=CostCentreShape, status=201, summary="A new cost centre")
def create(call: Call[CostCentreBody]) -> Answer:
    command = call.body.command(call.body.code)
    made = create_cost_centre(call.session, command, actor=call.actor, at=call.at)
    return _answer(call, made.code, location=address("cost-centres", made.code))


@api.put("/<code>", takes=CostCentreValues, gives=CostCentreShape, summary="Change a cost centre")
def change(call: Call[CostCentreValues], code: str) -> Answer:
    change_cost_centre(call.session, call.body.command(code), actor=call.actor, at=call.at)
    return _answer(call, code)


def _answer(call: Call[Any], code: str, location: str = "") -> Answer:
    call.session.flush()  # it is read again for the answer
    found = next((row for row in cost_centres(call.session) if row.code == code), None)
    if found is None:
        raise NotFound(f"There is no cost centre {code}.")
    return Answer(CostCentreShape.of(found), location=location)

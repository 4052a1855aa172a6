"""`/plans`: the cheapest right orders for what is needed, decided about, planned again and drafted."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.planning import DraftedShape
from procurement.api.schemas.plans import (
    ForbidBody,
    LeaveOutBody,
    LimitsBody,
    PinBody,
    PlanBody,
    PlanRowShape,
    PlanShape,
    UndoBody,
)
from procurement.api.schemas.values import ListQuery, Nothing, listing
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.planning.operations.plans.drafting import draft_plan
from procurement.planning.operations.plans.making import (
    cancel_plan,
    decide,
    make_plan,
    replan,
    undo_decision,
)
from procurement.planning.queries.purchase_plans import plan_page, purchase_plans

api = Api("purchase_plans", "/plans")


@api.get("", query=ListQuery, gives=PlanRowShape, many=True, summary="Plans, the latest first")
def list_plans(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    paging = PageRequest.parse(call.query.limit, call.query.cursor)
    return Answer(listing(purchase_plans(call.session, paging), PlanRowShape.of))


@api.get("/<number>", gives=PlanShape, summary="A plan with its orders, and why")
def show(call: Call[Any], number: str) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    return _plan(call, number)


@api.post(
    "",
    takes=PlanBody,
    gives=PlanShape,
    status=201,
    summary="Plan what is needed; a large plan is computed afterwards (status computing)",
)
def create(call: Call[PlanBody]) -> Answer:
    plan = make_plan(call.session, call.body.command(), actor=call.actor, at=call.at)
    call.session.flush()  # its decisions and orders are looked up by its key
    shape = PlanShape.page(plan_page(call.session, plan.number))
    return Answer(shape, location=address("plans", plan.number))


@api.post(
    "/<number>/cancel",
    takes=Nothing,
    gives=PlanShape,
    summary="Compute it no more; 409 when it is not being computed",
)
def cancel(call: Call[Nothing], number: str) -> Answer:
    cancel_plan(call.session, number, actor=call.actor, at=call.at)
    return _plan(call, number)


@api.post("/<number>/pin", takes=PinBody, gives=PlanShape, summary="Buy it here, in this pack")
def pin(call: Call[PinBody], number: str) -> Answer:
    decide(call.session, call.body.command(number), actor=call.actor, at=call.at)
    return _plan(call, number)


@api.post("/<number>/forbid", takes=ForbidBody, gives=PlanShape, summary="Not from this supplier")
def forbid(call: Call[ForbidBody], number: str) -> Answer:
    decide(call.session, call.body.command(number), actor=call.actor, at=call.at)
    return _plan(call, number)


@api.post("/<number>/leave-out", takes=LeaveOutBody, gives=PlanShape, summary="Do not buy it now")
def leave_out(call: Call[LeaveOutBody], number: str) -> Answer:
    decide(call.session, call.body.command(number), actor=call.actor, at=call.at)
    return _plan(call, number)


@api.post("/<number>/undo", takes=UndoBody, gives=PlanShape, summary="Take a decision back")
def undo(call: Call[UndoBody], number: str) -> Answer:
    key = call.body.decision
    undo_decision(call.session, number, key, actor=call.actor, at=call.at)
    return _plan(call, number)


@api.post(
    "/<number>/replan",
    takes=LimitsBody,
    gives=PlanShape,
    summary="Plan again with the needs and prices of now",
)
def plan_again(call: Call[LimitsBody], number: str) -> Answer:
    limits = call.body.limits() if call.body.model_fields_set else None
    replan(call.session, number, limits, actor=call.actor, at=call.at)
    return _plan(call, number)


@api.post(
    "/<number>/draft-orders",
    takes=Nothing,
    gives=DraftedShape,
    summary="Draft its orders; 409 when something else is needed by now",
)
def draft(call: Call[Nothing], number: str) -> Answer:
    return Answer(DraftedShape.of(draft_plan(call.session, number, actor=call.actor, at=call.at)))


def _plan(call: Call[Any], number: str) -> Answer:
    call.session.flush()  # a new decision is shown with its key
    return Answer(PlanShape.page(plan_page(call.session, number)))

"""`/order-templates` and `/standing-orders`: orders that come again, by hand or by themselves."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.purchasing import OrderShape
from procurement.api.schemas.templates import (
    StandingBody,
    StandingShape,
    TemplateBody,
    TemplateRowShape,
    TemplateShape,
)
from procurement.api.schemas.values import ListQuery, Nothing, listing
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.standing import (
    begin_standing,
    end_standing,
    pause_standing,
)
from procurement.purchasing.operations.templating import (
    draft_from_template,
    retire_template,
    save_template,
)
from procurement.purchasing.queries.orders import order_page
from procurement.purchasing.queries.templates import (
    standing_list,
    standing_row,
    template_list,
    template_page,
)

api = Api("order_templates", "/order-templates")
standing = Api("standing_orders", "/standing-orders")


@api.get(
    "",
    query=ListQuery,
    gives=TemplateRowShape,
    many=True,
    summary="Templates, those in use first, by name",
)
def list_templates(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    paging = PageRequest.parse(call.query.limit, call.query.cursor)
    return Answer(listing(template_list(call.session, paging), TemplateRowShape.of))


@api.get("/<number>", gives=TemplateShape, summary="One template at today's prices")
def show(call: Call[Any], number: str) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    return _template(call, number)


@api.post("", takes=TemplateBody, gives=TemplateShape, status=201, summary="Keep an order's lines")
def create(call: Call[TemplateBody]) -> Answer:
    body = call.body
    kept = save_template(call.session, body.order, body.name, actor=call.actor, at=call.at)
    return _template(call, kept.number, location=address("order-templates", kept.number))


@api.post(
    "/<number>/draft", takes=Nothing, gives=OrderShape, status=201, summary="Draft an order from it"
)
def draft(call: Call[Nothing], number: str) -> Answer:
    order = draft_from_template(call.session, number, actor=call.actor, at=call.at)
    call.session.flush()  # it is read again for the answer
    shape = OrderShape.of(order_page(call.session, order.number))
    return Answer(shape, location=address("purchase-orders", order.number))


@api.post("/<number>/retire", takes=Nothing, gives=TemplateShape, summary="Draft it no more")
def retire(call: Call[Nothing], number: str) -> Answer:
    retire_template(call.session, number, actor=call.actor, at=call.at)
    return _template(call, number)


@standing.get(
    "",
    query=ListQuery,
    gives=StandingShape,
    many=True,
    summary="Standing orders, the next one first",
)
def list_standing(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    paging = PageRequest.parse(call.query.limit, call.query.cursor)
    return Answer(listing(standing_list(call.session, paging), StandingShape.of))


@standing.get("/<number>", gives=StandingShape, summary="One standing order")
def show_standing(call: Call[Any], number: str) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    return _standing(call, number)


@standing.post(
    "",
    takes=StandingBody,
    gives=StandingShape,
    status=201,
    summary="Draft a template by itself in a rhythm",
)
def begin(call: Call[StandingBody]) -> Answer:
    begun = begin_standing(call.session, call.body.command(), actor=call.actor, at=call.at)
    return _standing(call, begun.number, location=address("standing-orders", begun.number))


@standing.post("/<number>/pause", takes=Nothing, gives=StandingShape, summary="Let it rest")
def pause(call: Call[Nothing], number: str) -> Answer:
    pause_standing(call.session, number, paused=True, actor=call.actor, at=call.at)
    return _standing(call, number)


@standing.post("/<number>/resume", takes=Nothing, gives=StandingShape, summary="Go on with it")
def resume(call: Call[Nothing], number: str) -> Answer:
    pause_standing(call.session, number, paused=False, actor=call.actor, at=call.at)
    return _standing(call, number)


@standing.post("/<number>/end", takes=Nothing, gives=StandingShape, summary="End it")
def end(call: Call[Nothing], number: str) -> Answer:
    end_standing(call.session, number, actor=call.actor, at=call.at)
    return _standing(call, number)


def _template(call: Call[Any], number: str, location: str = "") -> Answer:
    call.session.flush()  # it is read again for the answer
    return Answer(TemplateShape.of(template_page(call.session, number)), location=location)


def _standing(call: Call[Any], number: str, location: str = "") -> Answer:
    call.session.flush()  # it is read again for the answer
    return Answer(StandingShape.of(standing_row(call.session, number)), location=location)

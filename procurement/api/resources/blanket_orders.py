"""`/blanket-orders`: so many packs at a price over a time, called off by purchase orders."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.blankets import (
    BlanketBody,
    BlanketRowShape,
    BlanketShape,
    CallOffBody,
    ChangeBlanketBody,
)
from procurement.api.schemas.purchasing import OrderShape
from procurement.api.schemas.values import ListQuery, Nothing, listing
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.agreed_changes import change_blanket
from procurement.purchasing.operations.blankets import agree_blanket, call_off, close_blanket
from procurement.purchasing.queries.blankets import blanket_list, blanket_page
from procurement.purchasing.queries.orders import order_page

api = Api("blanket_orders", "/blanket-orders")


@api.get(
    "",
    query=ListQuery,
    gives=BlanketRowShape,
    many=True,
    summary="Blanket orders, the open ones first, by their last day",
)
def list_blankets(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    paging = PageRequest.parse(call.query.limit, call.query.cursor)
    return Answer(listing(blanket_list(call.session, paging), BlanketRowShape.of))


@api.get("/<number>", gives=BlanketShape, summary="One blanket order and what is left of it")
def show(call: Call[Any], number: str) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    return _answer(call, number)


@api.post(
    "", takes=BlanketBody, gives=BlanketShape, status=201, summary="Write down what was agreed"
)
def create(call: Call[BlanketBody]) -> Answer:
    made = agree_blanket(call.session, call.body.command(), actor=call.actor, at=call.at)
    return _answer(call, made.number, location=address("blanket-orders", made.number))


@api.post(
    "/<number>/call-off",
    takes=CallOffBody,
    gives=OrderShape,
    status=201,
    summary="Draft an order at the agreed prices; placed, it draws on it",
)
def call_some_off(call: Call[CallOffBody], number: str) -> Answer:
    order = call_off(call.session, call.body.command(number), actor=call.actor, at=call.at)
    call.session.flush()  # it is read again for the answer
    shape = OrderShape.of(order_page(call.session, order.number))
    return Answer(shape, location=address("purchase-orders", order.number))


@api.post(
    "/<number>/change",
    takes=ChangeBlanketBody,
    gives=BlanketShape,
    summary="Agree other packs, prices or days: a revision of it",
)
def change(call: Call[ChangeBlanketBody], number: str) -> Answer:
    change_blanket(call.session, call.body.command(number), actor=call.actor, at=call.at)
    return _answer(call, number)


@api.post("/<number>/close", takes=Nothing, gives=BlanketShape, summary="Call nothing more off")
def close(call: Call[Nothing], number: str) -> Answer:
    close_blanket(call.session, number, actor=call.actor, at=call.at)
    return _answer(call, number)


def _answer(call: Call[Any], number: str, location: str = "") -> Answer:
    call.session.flush()  # it is read again for the answer
    return Answer(BlanketShape.of(blanket_page(call.session, number)), location=location)

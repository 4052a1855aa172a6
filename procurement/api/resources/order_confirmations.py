"""`/purchase-orders`: what the supplier answers, and sending the order once more."""

from typing import Any

from procurement.api.endpoint import Answer, Call
from procurement.api.resources.order_revisions import api
from procurement.api.schemas.confirmations import (
    ConfirmationBody,
    ConfirmationShape,
    OrderResponseBody,
    SendAgainBody,
    SentShape,
)
from procurement.api.schemas.values import Nothing
from procurement.exchange.ubl.answering import take_order_response
from procurement.kernel.errors import NotFound
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.confirming import confirm_order
from procurement.purchasing.operations.papers import SendOrder, end_links, send_order_again
from procurement.purchasing.queries.confirmations import confirmations_of
from procurement.purchasing.queries.orders import require_order
from procurement.web.addresses import public_root

__all__ = ["api"]


@api.get(
    "/<number>/confirmations",
    gives=ConfirmationShape,
    many=True,
    summary="What the supplier answered, the latest first",
)
def confirmations(call: Call[Any], number: str) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    require_order(call.session, number)
    rows = confirmations_of(call.session, number)
    items = [ConfirmationShape.of(row).model_dump(mode="json") for row in rows]
    return Answer({"items": items, "next": None})


@api.post(
    "/<number>/confirmations",
    takes=ConfirmationBody,
    gives=ConfirmationShape,
    status=201,
    summary="Write down what the supplier answered",
)
def confirm(call: Call[ConfirmationBody], number: str) -> Answer:
    made = confirm_order(call.session, number, call.body.says(), actor=call.actor, at=call.at)
    return _made(call, number, made.id)


@api.post(
    "/<number>/order-responses",
    takes=OrderResponseBody,
    gives=ConfirmationShape,
    status=201,
    summary="Take the supplier's UBL OrderResponse",
)
def respond(call: Call[OrderResponseBody], number: str) -> Answer:
    data = call.body.document.encode()
    made = take_order_response(call.session, number, data, actor=call.actor, at=call.at)
    return _made(call, number, made.id)


@api.post("/<number>/send", takes=SendAgainBody, gives=SentShape, summary="Mail it once more")
def send(call: Call[SendAgainBody], number: str) -> Answer:
    command = SendOrder(
        number=number,
        public_url=public_root(),
        recipient=call.body.recipient,
        message=call.body.message,
    )
    order = send_order_again(call.session, command, actor=call.actor, at=call.at)
    return Answer(SentShape(order=order.number))


@api.post("/<number>/end-links", gives=SentShape, takes=Nothing, summary="Take its links back")
def end(call: Call[Nothing], number: str) -> Answer:
    order = end_links(call.session, number, actor=call.actor, at=call.at)
    return Answer(SentShape(order=order.number))


def _made(call: Call[Any], number: str, made: int) -> Answer:
    for row in confirmations_of(call.session, number):
        if row.id == made:
            return Answer(ConfirmationShape.of(row))
    raise NotFound("There is no such answer.")

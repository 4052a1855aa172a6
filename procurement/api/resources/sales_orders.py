"""`/sales-orders`: drafted from an accepted quote or without one, confirmed, reserved, closed; their papers."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.sales_orders import (
    AnotherLotBody,
    CloseOrderBody,
    ConfirmBody,
    SalesOrderBody,
    SalesOrderChangeBody,
    SalesOrderQuery,
    SalesOrderRowShape,
    SalesOrderShape,
)
from procurement.api.schemas.values import Nothing, listing
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.sales.operations.confirming import (
    cancel_sales_order,
    close_order_short,
    confirm_order,
)
from procurement.sales.operations.promising import reserve_order
from procurement.sales.operations.relotting import take_another_lot
from procurement.sales.operations.sales_orders import (
    change_sales_order,
    draft_sales_order,
    order_from_quote,
)
from procurement.sales.queries.order_papers import confirmation_paper, proforma_paper
from procurement.sales.queries.sales_orders import (
    SalesOrderFilter,
    sales_order_page,
    sales_orders,
)

api = Api("sales_orders", "/sales-orders")


@api.get(
    "", query=SalesOrderQuery, gives=SalesOrderRowShape, many=True, summary="Orders, newest first"
)
def list_orders(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_SALES)
    asked = call.query
    wanted = SalesOrderFilter(
        statuses=frozenset({asked.status}) if asked.status else None,
        customer=asked.customer,
        quote=asked.quote,
        text=asked.text,
    )
    paging = PageRequest.parse(asked.limit, asked.cursor)
    page = sales_orders(call.session, wanted, paging, actor=call.actor)
    return Answer(listing(page, SalesOrderRowShape.of))


@api.get("/<number>", gives=SalesOrderShape, summary="One order with its lines")
def show(call: Call[Any], number: str) -> Answer:
    return _answer(call, number)


@api.post(
    "",
    takes=SalesOrderBody,
    gives=SalesOrderShape,
    status=201,
    summary="Draft an order, from an accepted quote or without one",
)
def create(call: Call[SalesOrderBody]) -> Answer:
    command = call.body.from_quote()
    if command is not None:
        made = order_from_quote(call.session, command, actor=call.actor, at=call.at)
    else:
        made = draft_sales_order(call.session, call.body.plain(), actor=call.actor, at=call.at)
    return _answer(call, made.number, location=address("sales-orders", made.number))


@api.put("/<number>", takes=SalesOrderChangeBody, gives=SalesOrderShape, summary="Change a draft")
def change(call: Call[SalesOrderChangeBody], number: str) -> Answer:
    change_sales_order(call.session, call.body.command(number), actor=call.actor, at=call.at)
    return _answer(call, number)


@api.post(
    "/<number>/confirm",
    takes=ConfirmBody,
    gives=SalesOrderShape,
    summary="Confirm it; what is there is reserved by use-by, the rest is backordered",
)
def confirm(call: Call[ConfirmBody], number: str) -> Answer:
    confirm_order(
        call.session,
        number,
        version=call.body.version,
        send=call.body.send,
        beyond_credit=call.body.beyond_credit,
        actor=call.actor,
        at=call.at,
    )
    return _answer(call, number)


@api.post(
    "/<number>/reserve",
    takes=Nothing,
    gives=SalesOrderShape,
    summary="Reserve what is there by now",
)
def reserve(call: Call[Nothing], number: str) -> Answer:
    reserve_order(call.session, number, actor=call.actor, at=call.at)
    return _answer(call, number)


@api.post(
    "/<number>/another-lot",
    takes=AnotherLotBody,
    gives=SalesOrderShape,
    summary="Promise another lot than was picked out, and say why",
)
def another_lot(call: Call[AnotherLotBody], number: str) -> Answer:
    take_another_lot(call.session, call.body.command(number), actor=call.actor, at=call.at)
    return _answer(call, number)


@api.post("/<number>/cancel", takes=Nothing, gives=SalesOrderShape, summary="Cancel it")
def cancel(call: Call[Nothing], number: str) -> Answer:
    cancel_sales_order(call.session, number, actor=call.actor, at=call.at)
    return _answer(call, number)


@api.post(
    "/<number>/close-short",
    takes=CloseOrderBody,
    gives=SalesOrderShape,
    summary="The rest, of the order or of a line, is not shipped any more",
)
def close(call: Call[CloseOrderBody], number: str) -> Answer:
    close_order_short(
        call.session, number, position=call.body.position, actor=call.actor, at=call.at
    )
    return _answer(call, number)


@api.get("/<number>/pdf", media_type="application/pdf", summary="The order confirmation")
def pdf(call: Call[Any], number: str) -> Answer:
    paper = confirmation_paper(call.session, number, actor=call.actor)
    return Answer(content=paper.content, media_type=paper.media_type, file_name=paper.file_name)


@api.get("/<number>/proforma", media_type="application/pdf", summary="A proforma invoice")
def proforma(call: Call[Any], number: str) -> Answer:
    paper = proforma_paper(call.session, number, actor=call.actor, at=call.at)
    return Answer(content=paper.content, media_type=paper.media_type, file_name=paper.file_name)


def _answer(call: Call[Any], number: str, location: str = "") -> Answer:
    call.actor.require(Permission.SEE_SALES)
    call.session.flush()  # it is read again for the answer
    page = sales_order_page(call.session, number, actor=call.actor)
    return Answer(SalesOrderShape.of(page), location=location)

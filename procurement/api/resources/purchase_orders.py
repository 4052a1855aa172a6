"""`/purchase-orders`: drafted, approved, placed, received, closed short or cancelled."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.purchasing import (
    CloseShortBody,
    OrderBody,
    OrderQuery,
    OrderRowShape,
    OrderShape,
    SendBackBody,
)
from procurement.api.schemas.receipts import ReceiptBody, ReceiptShape
from procurement.api.schemas.values import Nothing, listing
from procurement.documents.ubl_order import order_to_ubl
from procurement.exchange.order_x import order_to_order_x
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.deciding import (
    approve_order,
    cancel_order,
    close_short,
    place_order,
    send_back_order,
)
from procurement.purchasing.operations.ordering import draft_order
from procurement.purchasing.operations.receiving import ReceiveGoods, receive_goods
from procurement.purchasing.queries.orders import OrderFilter, order_page, orders
from procurement.purchasing.queries.papers import order_paper
from procurement.purchasing.queries.receipts import receipt_page
from procurement.purchasing.queries.trade import issued_order
from procurement.web.addresses import public_root

api = Api("purchase_orders", "/purchase-orders")


@api.get("", query=OrderQuery, gives=OrderRowShape, many=True, summary="Orders, the latest first")
def list_orders(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    asked = call.query
    statuses = frozenset({asked.status}) if asked.status else None
    wanted = OrderFilter(statuses, asked.supplier, asked.site, asked.text)
    page = orders(call.session, wanted, PageRequest.parse(asked.limit, asked.cursor))
    return Answer(listing(page, OrderRowShape.of))


@api.get("/<number>", gives=OrderShape, summary="One order with its lines")
def show(call: Call[Any], number: str) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    return _order(call, number)


@api.post("", takes=OrderBody, gives=OrderShape, status=201, summary="Draft an order")
def create(call: Call[OrderBody]) -> Answer:
    order = draft_order(call.session, call.body.command(), actor=call.actor, at=call.at)
    shape = OrderShape.of(order_page(call.session, order.number))
    return Answer(shape, location=address("purchase-orders", order.number))


@api.post("/<number>/approve", takes=Nothing, gives=OrderShape, summary="Agree to a draft")
def approve(call: Call[Nothing], number: str) -> Answer:
    approve_order(call.session, number, actor=call.actor, at=call.at)
    return _order(call, number)


@api.post(
    "/<number>/send-back", takes=SendBackBody, gives=OrderShape, summary="Do not agree, and say why"
)
def send_back(call: Call[SendBackBody], number: str) -> Answer:
    send_back_order(call.session, number, why=call.body.why, actor=call.actor, at=call.at)
    return _order(call, number)


@api.post("/<number>/place", takes=Nothing, gives=OrderShape, summary="Send it to the supplier")
def place(call: Call[Nothing], number: str) -> Answer:
    place_order(call.session, number, actor=call.actor, at=call.at, public_url=public_root())
    return _order(call, number)


@api.post("/<number>/cancel", takes=Nothing, gives=OrderShape, summary="Cancel before goods came")
def cancel(call: Call[Nothing], number: str) -> Answer:
    cancel_order(call.session, number, actor=call.actor, at=call.at)
    return _order(call, number)


@api.post(
    "/<number>/close-short",
    takes=CloseShortBody,
    gives=OrderShape,
    summary="The rest will not come",
)
def close(call: Call[CloseShortBody], number: str) -> Answer:
    close_short(call.session, number, position=call.body.position, actor=call.actor, at=call.at)
    return _order(call, number)


@api.post(
    "/<number>/receipts",
    takes=ReceiptBody,
    gives=ReceiptShape,
    status=201,
    summary="Receive a delivery, whole or in part",
)
def receive(call: Call[ReceiptBody], number: str) -> Answer:
    body = call.body
    command = ReceiveGoods(
        order_number=number,
        into=body.into,
        lines=tuple(line.line() for line in body.lines),
        delivery_note=body.delivery_note,
        idempotency_key=call.key,
    )
    receipt = receive_goods(call.session, command, actor=call.actor, at=call.at)
    shape = ReceiptShape.of(receipt_page(call.session, receipt.number))
    return Answer(shape, location=address("goods-receipts", receipt.number))


@api.get(
    "/<number>/pdf", media_type="application/pdf", summary="The order on paper, as it was placed"
)
def pdf(call: Call[Any], number: str) -> Answer:
    paper = order_paper(call.session, number, actor=call.actor)
    return Answer(content=paper.content, media_type=paper.media_type, file_name=paper.file_name)


@api.get(
    "/<number>/ubl",
    media_type="application/xml",
    summary="The placed order as UBL 2.1 for Peppol BIS Ordering 3",
)
def ubl(call: Call[Any], number: str) -> Answer:
    content = issued_order(call.session, number, actor=call.actor)
    return Answer(
        content=order_to_ubl(content), media_type="application/xml", file_name=f"{number}-ubl.xml"
    )


@api.get(
    "/<number>/order-x",
    media_type="application/xml",
    summary="The placed order as Order-X, the same as inside its PDF",
)
def order_x_xml(call: Call[Any], number: str) -> Answer:
    content = issued_order(call.session, number, actor=call.actor)
    return Answer(
        content=order_to_order_x(content), media_type="application/xml", file_name="order-x.xml"
    )


def _order(call: Call[Any], number: str) -> Answer:
    return Answer(OrderShape.of(order_page(call.session, number)))

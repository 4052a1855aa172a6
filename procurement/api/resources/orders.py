"""`/orders`: a buyer's own. Staff have `/sales-orders`."""

import uuid
from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.orders import (
    OwnOrderRowShape,
    OwnOrderShape,
    PlaceOrderBody,
    WholeShipmentShape,
)
from procurement.api.schemas.shipments import WhyBody
from procurement.api.schemas.values import ListQuery, Nothing, listing
from procurement.files.queries import Paper
from procurement.kernel.paging import PageRequest
from procurement.sales.operations.agreeing import agree, refuse
from procurement.sales.operations.placing import place_order
from procurement.sales.queries.agreements import open_agreements
from procurement.sales.queries.own_orders import (
    own_confirmation,
    own_delivery_note,
    own_order_page,
    own_orders,
    own_proforma,
    own_shipment_page,
)

api = Api("orders", "/orders")


@api.get(
    "", query=ListQuery, gives=OwnOrderRowShape, many=True, summary="Your orders, newest first"
)
def list_orders(call: Call[Any]) -> Answer:
    paging = PageRequest.parse(call.query.limit, call.query.cursor)
    page = own_orders(call.session, paging, actor=call.actor)
    return Answer(listing(page, OwnOrderRowShape.of))


@api.post(
    "",
    takes=PlaceOrderBody,
    gives=OwnOrderShape,
    status=201,
    summary="Order some products, or what is in your basket, at your prices of today",
)
def place(call: Call[PlaceOrderBody]) -> Answer:
    key = call.key or uuid.uuid4().hex
    made = place_order(call.session, call.body.command(key), actor=call.actor, at=call.at)
    return _answer(call, made.number, location=address("orders", made.number))


@api.get("/<number>", gives=OwnOrderShape, summary="One of your orders with its lines")
def show(call: Call[Any], number: str) -> Answer:
    return _answer(call, number)


@api.post(
    "/<number>/agree",
    takes=Nothing,
    gives=OwnOrderShape,
    summary="A colleague's order beyond their limit is placed",
)
def agree_to(call: Call[Nothing], number: str) -> Answer:
    agree(call.session, number, actor=call.actor, at=call.at)
    return _answer(call, number)


@api.post(
    "/<number>/refuse",
    takes=WhyBody,
    gives=OwnOrderShape,
    summary="A colleague's order beyond their limit is not placed; they read why",
)
def refuse_to(call: Call[WhyBody], number: str) -> Answer:
    refuse(call.session, number, call.body.why, actor=call.actor, at=call.at)
    return _answer(call, number)


@api.get(
    "/<number>/pdf", media_type="application/pdf", summary="Our confirmation, once there is one"
)
def pdf(call: Call[Any], number: str) -> Answer:
    return _paper(own_confirmation(call.session, number, actor=call.actor))


@api.get("/<number>/proforma", media_type="application/pdf", summary="A proforma invoice")
def proforma(call: Call[Any], number: str) -> Answer:
    return _paper(own_proforma(call.session, number, actor=call.actor))


@api.get(
    "/<number>/shipments/<shipment>",
    gives=WholeShipmentShape,
    summary="A shipment lot by lot; its lines are what a return is asked for by",
)
def shipment(call: Call[Any], number: str, shipment: str) -> Answer:
    page = own_shipment_page(call.session, number, shipment, actor=call.actor)
    return Answer(WholeShipmentShape.of(page))


@api.get(
    "/<number>/shipments/<shipment>/pdf",
    media_type="application/pdf",
    summary="The delivery note of a shipment",
)
def delivery_note(call: Call[Any], number: str, shipment: str) -> Answer:
    return _paper(own_delivery_note(call.session, number, shipment, actor=call.actor))


def _paper(paper: Paper) -> Answer:
    return Answer(content=paper.content, media_type=paper.media_type, file_name=paper.file_name)


def _answer(call: Call[Any], number: str, location: str = "") -> Answer:
    call.session.flush()  # it is read again for the answer
    page = own_order_page(call.session, number, actor=call.actor)
    asked = open_agreements(call.session, actor=call.actor) if page.waits_for_us else ()
    waits = next((one for one in asked if one.number == number), None)
    return Answer(OwnOrderShape.of(page, waits), location=location)

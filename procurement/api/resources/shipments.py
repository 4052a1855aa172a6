"""`/shipments` and `/customer-returns`: what left for customers lot by lot, and what came back of it."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.shipments import (
    CustomerReturnBody,
    CustomerReturnQuery,
    CustomerReturnRowShape,
    CustomerReturnShape,
    ShipmentBody,
    ShipmentQuery,
    ShipmentRowShape,
    ShipmentShape,
    WhyBody,
)
from procurement.api.schemas.values import listing
from procurement.kernel.paging import PageRequest
from procurement.sales.operations.shipping import reverse_shipment, ship_goods
from procurement.sales.operations.taking_back import reverse_customer_return, take_back
from procurement.sales.queries.credit_notes import credit_note_paper
from procurement.sales.queries.customer_returns import customer_return_page, customer_returns
from procurement.sales.queries.order_papers import delivery_note_paper
from procurement.sales.queries.shipments import ShipmentFilter, shipment_page, shipments

api = Api("shipments", "/shipments")
returns = Api("customer_returns", "/customer-returns")


@api.get(
    "",
    query=ShipmentQuery,
    gives=ShipmentRowShape,
    many=True,
    summary="Shipments, the latest first",
)
def list_shipments(call: Call[Any]) -> Answer:
    asked = call.query
    wanted = ShipmentFilter(asked.sales_order, asked.customer)
    paging = PageRequest.parse(asked.limit, asked.cursor)
    page = shipments(call.session, wanted, paging, actor=call.actor)
    return Answer(listing(page, ShipmentRowShape.of))


@api.get("/<number>", gives=ShipmentShape, summary="One shipment with its lots")
def show(call: Call[Any], number: str) -> Answer:
    return _shipment(call, number)


@api.post("", takes=ShipmentBody, gives=ShipmentShape, status=201, summary="Ship what is reserved")
def create(call: Call[ShipmentBody]) -> Answer:
    made = ship_goods(call.session, call.body.command(call.key), actor=call.actor, at=call.at)
    return _shipment(call, made.number, location=address("shipments", made.number))


@api.post(
    "/<number>/reverse",
    takes=WhyBody,
    gives=ShipmentShape,
    summary="It did not leave; its goods stand where they stood",
)
def reverse(call: Call[WhyBody], number: str) -> Answer:
    reverse_shipment(call.session, number, why=call.body.why, actor=call.actor, at=call.at)
    return _shipment(call, number)


@api.get(
    "/<number>/pdf",
    media_type="application/pdf",
    summary="The delivery note, with every lot and its date",
)
def pdf(call: Call[Any], number: str) -> Answer:
    paper = delivery_note_paper(call.session, number, actor=call.actor)
    return Answer(content=paper.content, media_type=paper.media_type, file_name=paper.file_name)


@returns.get(
    "",
    query=CustomerReturnQuery,
    gives=CustomerReturnRowShape,
    many=True,
    summary="Returns, the latest first",
)
def list_returns(call: Call[Any]) -> Answer:
    asked = call.query
    paging = PageRequest.parse(asked.limit, asked.cursor)
    page = customer_returns(call.session, paging, actor=call.actor, customer=asked.customer)
    return Answer(listing(page, CustomerReturnRowShape.of))


@returns.get("/<number>", gives=CustomerReturnShape, summary="One return with its lots")
def show_return(call: Call[Any], number: str) -> Answer:
    return _return(call, number)


@returns.post(
    "",
    takes=CustomerReturnBody,
    gives=CustomerReturnShape,
    status=201,
    summary="Take goods of a shipment back",
)
def create_return(call: Call[CustomerReturnBody]) -> Answer:
    made = take_back(call.session, call.body.command(call.key), actor=call.actor, at=call.at)
    return _return(call, made.number, location=address("customer-returns", made.number))


@returns.get(
    "/<number>/credit-note", media_type="application/pdf", summary="What it comes to, on paper"
)
def credit_note(call: Call[Any], number: str) -> Answer:
    paper = credit_note_paper(call.session, number, actor=call.actor)
    return Answer(content=paper.content, media_type=paper.media_type, file_name=paper.file_name)


@returns.post(
    "/<number>/reverse",
    takes=WhyBody,
    gives=CustomerReturnShape,
    summary="It did not come back after all",
)
def reverse_return(call: Call[WhyBody], number: str) -> Answer:
    reverse_customer_return(call.session, number, why=call.body.why, actor=call.actor, at=call.at)
    return _return(call, number)


def _shipment(call: Call[Any], number: str, location: str = "") -> Answer:
    call.session.flush()  # it is read again for the answer
    page = shipment_page(call.session, number, actor=call.actor)
    return Answer(ShipmentShape.whole(page), location=location)


def _return(call: Call[Any], number: str, location: str = "") -> Answer:
    call.session.flush()  # it is read again for the answer
    page = customer_return_page(call.session, number, actor=call.actor)
    return Answer(CustomerReturnShape.whole(page), location=location)

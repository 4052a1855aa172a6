"""`/enquiries`: anybody may leave a message; who works in sales reads them."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.sales import (
    EnquiryBody,
    EnquiryQuery,
    EnquiryRowShape,
    EnquiryShape,
    ReceivedShape,
)
from procurement.api.schemas.values import listing
from procurement.kernel.paging import PageRequest
from procurement.sales.operations.enquiries import leave_message
from procurement.sales.queries.enquiries import enquiries, enquiry_page

api = Api("enquiries", "/enquiries")


@api.get(
    "", query=EnquiryQuery, gives=EnquiryRowShape, many=True, summary="Enquiries, newest first"
)
def list_enquiries(call: Call[Any]) -> Answer:
    asked = call.query
    page = enquiries(
        call.session,
        PageRequest.parse(asked.limit, asked.cursor),
        actor=call.actor,
        status=asked.status,
        text=asked.text,
        customer=asked.customer,
    )
    return Answer(listing(page, EnquiryRowShape.of))


@api.get("/<number>", gives=EnquiryShape, summary="One enquiry")
def show(call: Call[Any], number: str) -> Answer:
    return Answer(EnquiryShape.page(enquiry_page(call.session, number, actor=call.actor)))


@api.post(
    "",
    takes=EnquiryBody,
    gives=ReceivedShape,
    status=201,
    public=True,
    summary="Leave a message; no token needed",
)
def create(call: Call[EnquiryBody]) -> Answer:
    made = leave_message(call.session, call.body.command(), actor=call.actor, at=call.at)
    shape = ReceivedShape(number=made.number, status=made.status, received_at=made.received_at)
    return Answer(shape, location=address("enquiries", made.number))

"""`/enquiries`: anybody may leave a message; who works in sales reads them."""

from typing import Any

from flask import current_app

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.enquiries import (
    AnswerBody,
    AssignBody,
    EnquiryBody,
    EnquiryQuery,
    EnquiryRowShape,
    EnquiryShape,
    LoseBody,
    QuoteEnquiryBody,
    ReceivedShape,
)
from procurement.api.schemas.values import Nothing, listing
from procurement.kernel.paging import PageRequest
from procurement.sales.operations.enquiries import leave_message
from procurement.sales.operations.inbox import (
    answer_enquiry,
    assign_enquiry,
    lose_enquiry,
    quote_enquiry,
    reopen_enquiry,
)
from procurement.sales.queries.enquiries import enquiry_page
from procurement.sales.queries.inbox import EnquiryFilter, enquiries

api = Api("enquiries", "/enquiries")


@api.get(
    "", query=EnquiryQuery, gives=EnquiryRowShape, many=True, summary="Enquiries, newest first"
)
def list_enquiries(call: Call[Any]) -> Answer:
    asked = call.query
    page = enquiries(
        call.session,
        PageRequest.parse(asked.limit, asked.cursor),
        EnquiryFilter(asked.status, asked.text, asked.customer, asked.view),
        actor=call.actor,
    )
    return Answer(listing(page, EnquiryRowShape.of))


@api.get("/<number>", gives=EnquiryShape, summary="One enquiry")
def show(call: Call[Any], number: str) -> Answer:
    return _shape(call, number)


@api.post(
    "/<number>/assign",
    takes=AssignBody,
    gives=EnquiryShape,
    summary="Give it to somebody, or nobody",
)
def assign(call: Call[AssignBody], number: str) -> Answer:
    person = call.body.assigned_to or None
    assign_enquiry(call.session, number, person, actor=call.actor, at=call.at)
    return _shape(call, number)


@api.post("/<number>/answer", takes=AnswerBody, gives=EnquiryShape, summary="Write back by mail")
def answer(call: Call[AnswerBody], number: str) -> Answer:
    answer_enquiry(
        call.session,
        number,
        call.body.answer,
        actor=call.actor,
        at=call.at,
        public_url=str(current_app.extensions["config"].public_url),
    )
    return _shape(call, number)


@api.post("/<number>/lose", takes=LoseBody, gives=EnquiryShape, summary="Give it up, and why")
def lose(call: Call[LoseBody], number: str) -> Answer:
    asked = call.body
    lose_enquiry(call.session, number, asked.reason, asked.note, actor=call.actor, at=call.at)
    return _shape(call, number)


@api.post(
    "/<number>/reopen", takes=Nothing, gives=EnquiryShape, summary="Take up again what was given up"
)
def reopen(call: Call[Nothing], number: str) -> Answer:
    reopen_enquiry(call.session, number, actor=call.actor, at=call.at)
    return _shape(call, number)


@api.post(
    "/<number>/quote",
    takes=QuoteEnquiryBody,
    gives=EnquiryShape,
    summary="Draft a quote of it, once",
)
def quote(call: Call[QuoteEnquiryBody], number: str) -> Answer:
    customer = call.body.customer
    quote_enquiry(call.session, number, actor=call.actor, at=call.at, customer=customer)
    return _shape(call, number)


def _shape(call: Call[Any], number: str) -> Answer:
    call.session.flush()  # the answer reads what was just written
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

"""`/return-requests`: a buyer asks to send goods back; our people take them in or say why not."""

import re
import uuid
from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.return_requests import (
    ReturnRequestBody,
    ReturnRequestQuery,
    ReturnRequestRowShape,
    ReturnRequestShape,
    TakeRequestedBody,
)
from procurement.api.schemas.shipments import WhyBody
from procurement.api.schemas.values import listing
from procurement.kernel.paging import PageRequest
from procurement.sales.operations.return_requests import (
    ask_return,
    refuse_request,
    take_requested,
)
from procurement.sales.queries.return_requests import (
    request_photo,
    return_request_page,
    return_requests,
)

api = Api("return_requests", "/return-requests")


@api.get(
    "",
    query=ReturnRequestQuery,
    gives=ReturnRequestRowShape,
    many=True,
    summary="What customers ask to send back, the latest first; a buyer's own company's",
)
def list_requests(call: Call[Any]) -> Answer:
    asked = call.query
    paging = PageRequest.parse(asked.limit, asked.cursor)
    page = return_requests(call.session, paging, status=asked.status, actor=call.actor)
    return Answer(listing(page, ReturnRequestRowShape.of))


@api.get("/<number>", gives=ReturnRequestShape, summary="One request with its lots")
def show(call: Call[Any], number: str) -> Answer:
    return _shape(call, number)


@api.get(
    "/<number>/photos/<position>", media_type="image/webp", summary="A picture of what is wrong"
)
def photo(call: Call[Any], number: str, position: str) -> Answer:
    place = int(position) if re.fullmatch("[1-9]", position, re.ASCII) else 0
    content = request_photo(call.session, number, place, actor=call.actor)
    return Answer(content=content, media_type="image/webp", file_name=f"{number}-{place}.webp")


@api.post(
    "",
    takes=ReturnRequestBody,
    gives=ReturnRequestShape,
    status=201,
    summary="Ask to send goods of one of your shipments back",
)
def create(call: Call[ReturnRequestBody]) -> Answer:
    command = call.body.command(call.key or uuid.uuid4().hex)
    made = ask_return(call.session, command, actor=call.actor, at=call.at)
    return _shape(call, made.number, location=address("return-requests", made.number))


@api.post(
    "/<number>/take",
    takes=TakeRequestedBody,
    gives=ReturnRequestShape,
    summary="The goods are here; taken back as they were asked for",
)
def take(call: Call[TakeRequestedBody], number: str) -> Answer:
    take_requested(call.session, number, call.body.into, actor=call.actor, at=call.at)
    return _shape(call, number)


@api.post(
    "/<number>/refuse",
    takes=WhyBody,
    gives=ReturnRequestShape,
    summary="They are not taken back; the customer reads why",
)
def refuse(call: Call[WhyBody], number: str) -> Answer:
    refuse_request(call.session, number, call.body.why, actor=call.actor, at=call.at)
    return _shape(call, number)


def _shape(call: Call[Any], number: str, location: str = "") -> Answer:
    call.session.flush()  # it is read again for the answer
    page = return_request_page(call.session, number, actor=call.actor)
    return Answer(ReturnRequestShape.whole(page), location=location)

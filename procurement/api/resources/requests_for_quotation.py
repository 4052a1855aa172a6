"""`/requests-for-quotation`: several suppliers are asked, their answers compared, lines awarded."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.quotations import (
    AnswerBody,
    AwardBody,
    RequestBody,
    RequestQuery,
    RequestRowShape,
    RequestShape,
)
from procurement.api.schemas.values import Nothing, listing
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.awarding import award_request
from procurement.purchasing.operations.bidding import answer_for
from procurement.purchasing.operations.requesting import (
    end_request,
    save_request,
    send_request,
)
from procurement.purchasing.queries.quotations import RequestFilter, request_page, requests
from procurement.web.addresses import public_root

api = Api("requests_for_quotation", "/requests-for-quotation")


@api.get(
    "",
    query=RequestQuery,
    gives=RequestRowShape,
    many=True,
    summary="Requests, the latest first",
)
def list_requests(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    asked = call.query
    wanted = RequestFilter(frozenset({asked.status}) if asked.status else None, asked.text)
    page = requests(call.session, wanted, PageRequest.parse(asked.limit, asked.cursor))
    return Answer(listing(page, RequestRowShape.of))


@api.get("/<number>", gives=RequestShape, summary="One request with its answers side by side")
def show(call: Call[Any], number: str) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    return _request(call, number)


@api.post("", takes=RequestBody, gives=RequestShape, status=201, summary="Draft a request")
def create(call: Call[RequestBody]) -> Answer:
    saved = save_request(call.session, call.body.command(), actor=call.actor, at=call.at)
    shape = RequestShape.of(request_page(call.session, saved.number, at=call.at))
    return Answer(shape, location=address("requests-for-quotation", saved.number))


@api.post(
    "/<number>/send",
    takes=Nothing,
    gives=RequestShape,
    summary="Mail it to every supplier with a private link",
)
def send(call: Call[Nothing], number: str) -> Answer:
    send_request(call.session, number, public_url=public_root(), actor=call.actor, at=call.at)
    return _request(call, number)


@api.post(
    "/<number>/answers",
    takes=AnswerBody,
    gives=RequestShape,
    summary="Type a supplier's answer; the one before is replaced",
)
def answer(call: Call[AnswerBody], number: str) -> Answer:
    body = call.body
    answer_for(call.session, number, body.supplier, body.answer(), actor=call.actor, at=call.at)
    return _request(call, number)


@api.post(
    "/<number>/award",
    takes=AwardBody,
    gives=RequestShape,
    summary="Award by line; each winner gets its draft order",
)
def award(call: Call[AwardBody], number: str) -> Answer:
    award_request(call.session, call.body.command(number), actor=call.actor, at=call.at)
    return _request(call, number)


@api.post(
    "/<number>/close", takes=Nothing, gives=RequestShape, summary="Cancel a draft, close a sent one"
)
def close(call: Call[Nothing], number: str) -> Answer:
    end_request(call.session, number, actor=call.actor, at=call.at)
    return _request(call, number)


def _request(call: Call[Any], number: str) -> Answer:
    return Answer(RequestShape.of(request_page(call.session, number, at=call.at)))

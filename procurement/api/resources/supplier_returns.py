"""`/supplier-returns`: goods sent back to who delivered them."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.claims import (
    ReturnBody,
    ReturnQuery,
    ReturnReversalBody,
    ReturnRowShape,
    ReturnShape,
)
from procurement.api.schemas.values import listing
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.returning import return_goods, reverse_return
from procurement.purchasing.queries.returns import return_page, return_paper, supplier_returns

api = Api("supplier_returns", "/supplier-returns")


@api.get(
    "", query=ReturnQuery, gives=ReturnRowShape, many=True, summary="Returns, the latest first"
)
def list_returns(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    asked = call.query
    paging = PageRequest.parse(asked.limit, asked.cursor)
    return Answer(
        listing(supplier_returns(call.session, paging, supplier=asked.supplier), ReturnRowShape.of)
    )


@api.get("/<number>", gives=ReturnShape, summary="One return with its lots")
def show(call: Call[Any], number: str) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    return _answer(call, number)


@api.post("", takes=ReturnBody, gives=ReturnShape, status=201, summary="Send goods back")
def create(call: Call[ReturnBody]) -> Answer:
    made = return_goods(call.session, call.body.command(call.key), actor=call.actor, at=call.at)
    return _answer(call, made.number, location=address("supplier-returns", made.number))


@api.post(
    "/<number>/reverse",
    takes=ReturnReversalBody,
    gives=ReturnShape,
    summary="Take a return back; its goods stand where they stood",
)
def reverse(call: Call[ReturnReversalBody], number: str) -> Answer:
    reverse_return(call.session, number, why=call.body.why, actor=call.actor, at=call.at)
    return _answer(call, number)


@api.get(
    "/<number>/pdf", media_type="application/pdf", summary="The delivery note that goes with it"
)
def pdf(call: Call[Any], number: str) -> Answer:
    paper = return_paper(call.session, number, actor=call.actor)
    return Answer(content=paper.content, media_type=paper.media_type, file_name=paper.file_name)


def _answer(call: Call[Any], number: str, location: str = "") -> Answer:
    call.session.flush()  # it is read again for the answer
    return Answer(ReturnShape.whole(return_page(call.session, number)), location=location)

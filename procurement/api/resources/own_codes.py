"""`/own-codes`: what a buyer's company calls our packs in its own system."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.own_codes import ForgetCodeBody, OwnCodesBody, OwnCodeShape
from procurement.api.schemas.values import ListQuery, listing
from procurement.kernel.paging import PageRequest
from procurement.sales.operations.own_codes import forget_own_code, keep_own_codes
from procurement.sales.queries.own_codes import own_codes

api = Api("own_codes", "/own-codes")


@api.get("", query=ListQuery, gives=OwnCodeShape, many=True, summary="Your own codes")
def list_codes(call: Call[Any]) -> Answer:
    paging = PageRequest.parse(call.query.limit, call.query.cursor)
    return _answer(call, paging)


@api.post(
    "",
    takes=OwnCodesBody,
    gives=OwnCodeShape,
    many=True,
    summary="Keep these; others stay as they are",
)
def keep(call: Call[OwnCodesBody]) -> Answer:
    keep_own_codes(call.session, call.body.inputs(), actor=call.actor, at=call.at)
    return _answer(call, PageRequest())


@api.post(
    "/forget", takes=ForgetCodeBody, gives=OwnCodeShape, many=True, summary="Forget one of them"
)
def forget(call: Call[ForgetCodeBody]) -> Answer:
    forget_own_code(call.session, call.body.code, actor=call.actor, at=call.at)
    call.session.flush()  # the answer is read again
    return _answer(call, PageRequest())


def _answer(call: Call[Any], paging: PageRequest) -> Answer:
    return Answer(listing(own_codes(call.session, paging, actor=call.actor), OwnCodeShape.of))

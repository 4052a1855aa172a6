"""`/claims`: what a delivery lacked, asked of its supplier."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.claims import (
    ClaimAnswerBody,
    ClaimBody,
    ClaimChangeBody,
    ClaimQuery,
    ClaimRowShape,
    ClaimShape,
)
from procurement.api.schemas.values import Nothing, listing
from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.claiming import (
    ChangeClaim,
    ClaimAnswer,
    answer_claim,
    change_claim,
    make_claim,
    send_claim,
    settle_claim,
    withdraw_claim,
)
from procurement.purchasing.queries.claims import claim_page, claim_paper, claims
from procurement.purchasing.terms import Remedy

api = Api("claims", "/claims")


@api.get("", query=ClaimQuery, gives=ClaimRowShape, many=True, summary="Claims, the latest first")
def list_claims(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    asked = call.query
    page = claims(
        call.session,
        PageRequest.parse(asked.limit, asked.cursor),
        supplier=asked.supplier,
        statuses=[asked.status] if asked.status else None,
        receipt=asked.goods_receipt,
    )
    return Answer(listing(page, ClaimRowShape.of))


@api.get("/<number>", gives=ClaimShape, summary="One claim with its lines")
def show(call: Call[Any], number: str) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    return _answer(call, number)


@api.post("", takes=ClaimBody, gives=ClaimShape, status=201, summary="Claim what was not right")
def create(call: Call[ClaimBody]) -> Answer:
    made = make_claim(call.session, call.body.command(call.key), actor=call.actor, at=call.at)
    return _answer(call, made.number, location=address("claims", made.number))


@api.post(
    "/<number>/change",
    takes=ClaimChangeBody,
    gives=ClaimShape,
    summary="Change what an open claim asks",
)
def change(call: Call[ClaimChangeBody], number: str) -> Answer:
    body = call.body
    bad = [key for key in body.asked if not (key.isascii() and key.isdigit() and len(key) < 9)]
    if bad:
        raise Invalid.of([FieldError("asked", f"{number} has no line {bad[0][:20]}.")])
    command = ChangeClaim(
        note=body.note,
        deadline=body.deadline,
        asked={int(position): amount.money() for position, amount in body.asked.items()},
    )
    change_claim(call.session, number, command, actor=call.actor, at=call.at)
    return _answer(call, number)


@api.post("/<number>/send", takes=Nothing, gives=ClaimShape, summary="Send it, or send it again")
def send(call: Call[Nothing], number: str) -> Answer:
    send_claim(call.session, number, actor=call.actor, at=call.at)
    return _answer(call, number)


@api.post(
    "/<number>/answer",
    takes=ClaimAnswerBody,
    gives=ClaimShape,
    summary="Note what the supplier agreed to, or that they said no",
)
def answer(call: Call[ClaimAnswerBody], number: str) -> Answer:
    body = call.body
    command = ClaimAnswer(
        remedy=None if body.answer == "rejected" else Remedy(body.answer),
        amount=body.amount.money() if body.amount else None,
        text=body.text,
    )
    answer_claim(call.session, number, command, actor=call.actor, at=call.at)
    return _answer(call, number)


@api.post("/<number>/settle", takes=Nothing, gives=ClaimShape, summary="What was agreed has come")
def settle(call: Call[Nothing], number: str) -> Answer:
    settle_claim(call.session, number, actor=call.actor, at=call.at)
    return _answer(call, number)


@api.post("/<number>/withdraw", takes=Nothing, gives=ClaimShape, summary="Ask nothing any more")
def withdraw(call: Call[Nothing], number: str) -> Answer:
    withdraw_claim(call.session, number, actor=call.actor, at=call.at)
    return _answer(call, number)


@api.get("/<number>/pdf", media_type="application/pdf", summary="The claim as it was sent")
def pdf(call: Call[Any], number: str) -> Answer:
    paper = claim_paper(call.session, number, actor=call.actor)
    return Answer(content=paper.content, media_type=paper.media_type, file_name=paper.file_name)


def _answer(call: Call[Any], number: str, location: str = "") -> Answer:
    call.session.flush()  # it is read again for the answer
    return Answer(ClaimShape.whole(claim_page(call.session, number)), location=location)

"""`/quotes/{number}/approval`: asking, agreeing, sending back; `/quote-approval-rules`: what waits for whom."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.resources.quotes import api
from procurement.api.schemas.quote_approvals import (
    ApprovalShape,
    AskApprovalBody,
    QuoteRuleBody,
    QuoteRuleShape,
    ReturnBody,
)
from procurement.api.schemas.values import Nothing
from procurement.kernel.permissions import Permission
from procurement.sales.operations.approval_rules import add_quote_rule
from procurement.sales.operations.approving import approve_quote, ask_for_approval, send_quote_back
from procurement.sales.queries.approvals import quote_approval, quote_approval_rules

rules = Api("quote_approval_rules", "/quote-approval-rules")


@api.get(
    "/<number>/approval", gives=ApprovalShape, summary="Whether it waits for somebody, and why"
)
def show_approval(call: Call[Any], number: str) -> Answer:
    return _state(call, number)


@api.post(
    "/<number>/ask-approval",
    takes=AskApprovalBody,
    gives=ApprovalShape,
    summary="Ask for the approval of the draft as it stands",
)
def ask(call: Call[AskApprovalBody], number: str) -> Answer:
    ask_for_approval(call.session, number, call.body.note, actor=call.actor, at=call.at)
    return _state(call, number)


@api.post("/<number>/approve", takes=Nothing, gives=ApprovalShape, summary="Agree to what waits")
def approve(call: Call[Nothing], number: str) -> Answer:
    approve_quote(call.session, number, actor=call.actor, at=call.at)
    return _state(call, number)


@api.post(
    "/<number>/send-back",
    takes=ReturnBody,
    gives=ApprovalShape,
    summary="Do not agree, and say why",
)
def send_back(call: Call[ReturnBody], number: str) -> Answer:
    send_quote_back(call.session, number, call.body.why, actor=call.actor, at=call.at)
    return _state(call, number)


@rules.get("", gives=QuoteRuleShape, many=True, summary="Which quotes wait for approval")
def list_rules(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_SALES)
    call.actor.require(Permission.SEE_MARGIN)
    found = quote_approval_rules(call.session)
    return Answer({"items": [QuoteRuleShape.of(rule) for rule in found], "next": None})


@rules.post("", takes=QuoteRuleBody, gives=QuoteRuleShape, status=201, summary="Add such a rule")
def add_rule(call: Call[QuoteRuleBody]) -> Answer:
    made = add_quote_rule(call.session, call.body.command(), actor=call.actor, at=call.at)
    found = quote_approval_rules(call.session)
    shape = next(QuoteRuleShape.of(rule) for rule in found if rule.id == made.id)
    return Answer(shape, location=address("quote-approval-rules"))


def _state(call: Call[Any], number: str) -> Answer:
    state = quote_approval(call.session, number, actor=call.actor, at=call.at)
    return Answer(ApprovalShape.of(state))

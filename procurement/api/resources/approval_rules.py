"""`/approval-rules`: who agrees to which orders."""

from typing import Any

from procurement.accounts.queries import account_by_email
from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.approval_rules import ApprovalRuleBody, ApprovalRuleShape
from procurement.api.schemas.values import ListQuery, Nothing, listing
from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.purchasing.errors import RuleUnknown
from procurement.purchasing.operations.approval_rules import (
    add_approval_rule,
    remove_approval_rule,
)
from procurement.purchasing.queries.approvals import approval_rule, rule_list

api = Api("approval_rules", "/approval-rules")


@api.get(
    "",
    query=ListQuery,
    gives=ApprovalRuleShape,
    many=True,
    summary="Approval rules: the general ones first, then site by site, the lowest first",
)
def list_rules(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    paging = PageRequest.parse(call.query.limit, call.query.cursor)
    return Answer(listing(rule_list(call.session, paging), ApprovalRuleShape.of))


@api.get("/<rule>", gives=ApprovalRuleShape, summary="One approval rule")
def show(call: Call[Any], rule: str) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    return Answer(ApprovalRuleShape.of(approval_rule(call.session, _key(rule))))


@api.post(
    "",
    takes=ApprovalRuleBody,
    gives=ApprovalRuleShape,
    status=201,
    summary="One more rule; orders approved already stay so",
)
def create(call: Call[ApprovalRuleBody]) -> Answer:
    call.actor.require(Permission.EDIT_SETTINGS)
    command = call.body.command(_people(call))
    made = add_approval_rule(call.session, command, actor=call.actor, at=call.at)
    call.session.flush()  # it is read again for the answer
    shape = ApprovalRuleShape.of(approval_rule(call.session, made.id))
    return Answer(shape, location=address("approval-rules", str(made.id)))


@api.post(
    "/<rule>/remove",
    takes=Nothing,
    gives=ApprovalRuleShape,
    summary="Take a rule away; orders approved under it stay approved",
)
def remove(call: Call[Nothing], rule: str) -> Answer:
    call.actor.require(Permission.EDIT_SETTINGS)
    shape = ApprovalRuleShape.of(approval_rule(call.session, _key(rule)))
    remove_approval_rule(call.session, _key(rule), actor=call.actor, at=call.at)
    return Answer(shape)


def _key(written: str) -> int:
    if not (written.isascii() and written.isdigit() and len(written) < 10):
        raise RuleUnknown("There is no such rule.")
    return int(written)


def _people(call: Call[ApprovalRuleBody]) -> tuple[int, ...]:
    """The keys of those named by their mail addresses."""
    found, errors = [], []
    for index, email in enumerate(call.body.people):
        account = account_by_email(call.session, email)
        if account is None or not account.is_staff:
            errors.append(FieldError(f"people.{index}", "Nobody who works here has this address."))
        else:
            found.append(account.id)
    if errors:
        raise Invalid.of(errors)
    return tuple(found)

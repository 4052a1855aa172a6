"""`/budgets`: what may be spent in a month, quarter or year, and how far it has come."""

from typing import Any

from procurement.accounts.queries import account_by_email
from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.budgets import BudgetBody, BudgetShape, BudgetValues
from procurement.api.schemas.values import ListQuery, listing
from procurement.kernel.errors import Invalid
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.budgeting import change_budget, create_budget
from procurement.purchasing.queries.budgets import budget_list, budget_row

api = Api("budgets", "/budgets")


@api.get(
    "",
    query=ListQuery,
    gives=BudgetShape,
    many=True,
    summary="Budgets, by name, each with its present period",
)
def list_budgets(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    paging = PageRequest.parse(call.query.limit, call.query.cursor)
    return Answer(listing(budget_list(call.session, paging, at=call.at), BudgetShape.of))


@api.get("/<code>", gives=BudgetShape, summary="One budget")
def show(call: Call[Any], code: str) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    return _answer(call, code)


@api.post("", takes=BudgetBody, gives=BudgetShape, status=201, summary="Set a budget")
def create(call: Call[BudgetBody]) -> Answer:
    body = call.body
    command = body.command(body.code, _owner(call, body.owner))
    budget = create_budget(call.session, command, actor=call.actor, at=call.at)
    return _answer(call, budget.code, location=f"/budgets/{budget.code}")


@api.put("/<code>", takes=BudgetValues, gives=BudgetShape, summary="Change a budget")
def change(call: Call[BudgetValues], code: str) -> Answer:
    command = call.body.command(code, _owner(call, call.body.owner))
    change_budget(call.session, command, actor=call.actor, at=call.at)
    return _answer(call, code)


def _owner(call: Call[Any], email: str) -> int:
    call.actor.require(Permission.EDIT_SETTINGS)
    account = account_by_email(call.session, email)
    if account is None or not account.is_staff:
        raise Invalid("The owner is somebody who works here.", field="owner")
    return account.id


def _answer(call: Call[Any], code: str, location: str = "") -> Answer:
    call.session.flush()  # it is read again for the answer
    return Answer(BudgetShape.of(budget_row(call.session, code, at=call.at)), location=location)

"""`/prices`: what something costs somebody, and why. `/price-rules` and `/customer-groups`: what makes it so."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.prices import (
    GroupBody,
    GroupShape,
    PriceAnswerShape,
    PriceQuery,
    PriceRuleBody,
    PriceRuleShape,
)
from procurement.api.schemas.values import Nothing
from procurement.kernel.clock import today_in
from procurement.kernel.errors import NotFound
from procurement.sales.operations.groups import SaveGroup, save_group
from procurement.sales.operations.price_rules import (
    change_price_rule,
    create_price_rule,
    remove_price_rule,
)
from procurement.sales.queries.groups import customer_groups
from procurement.sales.queries.price_rules import price_rule, price_rules
from procurement.sales.queries.why import price_answer
from procurement.settings.queries import get_company

api = Api("prices", "/prices")
rules = Api("price_rules", "/price-rules")
groups = Api("customer_groups", "/customer-groups")


@api.get("", query=PriceQuery, gives=PriceAnswerShape, summary="A price, and why")
def show(call: Call[Any]) -> Answer:
    on = call.query.on or today_in(get_company(call.session).time_zone, call.at)
    answer = price_answer(call.session, call.query.asked(), on, actor=call.actor)
    return Answer(PriceAnswerShape.of(answer))


@rules.get("", gives=PriceRuleShape, many=True, summary="Price rules, in the order they are tried")
def list_rules(call: Call[Any]) -> Answer:
    found = price_rules(call.session, actor=call.actor)
    return Answer({"items": [PriceRuleShape.of(row) for row in found], "next": None})


@rules.post("", takes=PriceRuleBody, gives=PriceRuleShape, status=201, summary="Make a price rule")
def create_rule(call: Call[PriceRuleBody]) -> Answer:
    made = create_price_rule(call.session, call.body.command(), actor=call.actor, at=call.at)
    shape = PriceRuleShape.of(price_rule(call.session, made.id, actor=call.actor))
    return Answer(shape, location=address("price-rules", str(made.id)))


@rules.get("/<rule_id>", gives=PriceRuleShape, summary="One price rule")
def show_rule(call: Call[Any], rule_id: str) -> Answer:
    return Answer(PriceRuleShape.of(price_rule(call.session, _key(rule_id), actor=call.actor)))


@rules.put("/<rule_id>", takes=PriceRuleBody, gives=PriceRuleShape, summary="Replace a price rule")
def change_rule(call: Call[PriceRuleBody], rule_id: str) -> Answer:
    key = _key(rule_id)
    change_price_rule(call.session, key, call.body.command(), actor=call.actor, at=call.at)
    return Answer(PriceRuleShape.of(price_rule(call.session, key, actor=call.actor)))


@rules.post("/<rule_id>/remove", takes=Nothing, summary="Take a price rule away")
def remove_rule(call: Call[Nothing], rule_id: str) -> Answer:
    remove_price_rule(call.session, _key(rule_id), actor=call.actor, at=call.at)
    return Answer({})


@groups.get("", gives=GroupShape, many=True, summary="Customer groups, by name")
def list_groups(call: Call[Any]) -> Answer:
    found = customer_groups(call.session, actor=call.actor)
    return Answer({"items": [GroupShape.of(row) for row in found], "next": None})


@groups.post(
    "", takes=GroupBody, gives=GroupShape, status=201, summary="Make a customer group, or rename it"
)
def save(call: Call[GroupBody]) -> Answer:
    command = SaveGroup(call.body.code, call.body.name)
    made = save_group(call.session, command, actor=call.actor, at=call.at)
    rows = customer_groups(call.session, actor=call.actor)
    shape = next(GroupShape.of(row) for row in rows if row.code == made.code)
    return Answer(shape, location=address("customer-groups"))


def _key(rule_id: str) -> int:
    if not (rule_id.isascii() and rule_id.isdecimal() and len(rule_id) < 19):
        raise NotFound("There is no such price rule.")
    return int(rule_id)

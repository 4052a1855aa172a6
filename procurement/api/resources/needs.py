"""`/needs`: what is short, and drafting what is needed."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.planning import (
    DraftedShape,
    DraftOrdersBody,
    NeedQuery,
    NeedShape,
    SnoozeBody,
    SnoozedShape,
    WakeBody,
)
from procurement.api.schemas.values import listing
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.planning.operations.drafting import DraftOrders, draft_orders
from procurement.planning.operations.snoozing import snooze_need, wake_need
from procurement.planning.queries.needs import needs

api = Api("needs", "/needs")


@api.get("", query=NeedQuery, gives=NeedShape, many=True, summary="What to top up and buy, and why")
def list_needs(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    asked = call.query
    paging = PageRequest.parse(asked.limit, asked.cursor)
    after = paging.key(str, str) or ("", "")
    found = needs(call.session, at=call.at, site=asked.site)
    wanted = found.snoozed if asked.snoozed == "true" else found.open
    rest = [need for need in wanted if (need.location, need.product) > after]
    page = paging.page(rest[: paging.limit + 1], lambda need: (need.location, need.product))
    return Answer(listing(page, NeedShape.of))


@api.post(
    "/draft-orders",
    takes=DraftOrdersBody,
    gives=DraftedShape,
    summary="Draft what is needed and not drafted yet",
)
def draft(call: Call[DraftOrdersBody]) -> Answer:
    command = DraftOrders(call.body.site)
    drafted = draft_orders(call.session, command, actor=call.actor, at=call.at)
    return Answer(DraftedShape.of(drafted))


@api.post("/snooze", takes=SnoozeBody, gives=SnoozedShape, summary="Leave a need alone for a while")
def snooze(call: Call[SnoozeBody]) -> Answer:
    snooze_need(call.session, call.body.to_command(), actor=call.actor, at=call.at)
    return Answer(
        SnoozedShape(location=call.body.location, product=call.body.product, snoozed=True)
    )


@api.post("/wake", takes=WakeBody, gives=SnoozedShape, summary="Bring a need back")
def wake(call: Call[WakeBody]) -> Answer:
    wake_need(call.session, call.body.location, call.body.product, actor=call.actor, at=call.at)
    return Answer(
        SnoozedShape(location=call.body.location, product=call.body.product, snoozed=False)
    )

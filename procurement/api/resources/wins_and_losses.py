"""`/wins-and-losses`: what came of the quotes issued in a period."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.outcomes import OutcomeQuery, WinLossShape
from procurement.sales.queries.outcomes import OutcomeFilter, win_and_loss

api = Api("wins-and-losses", "/wins-and-losses")


@api.get("", query=OutcomeQuery, gives=WinLossShape, summary="What came of the quotes issued")
def show(call: Call[Any]) -> Answer:
    asked = call.query
    wanted = OutcomeFilter(asked.since, asked.until, asked.currency, asked.person)
    told = win_and_loss(call.session, wanted, actor=call.actor, at=call.at)
    return Answer(WinLossShape.of(told))

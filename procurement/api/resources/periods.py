"""`/periods`: which days are closed."""

from datetime import date
from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.card import PeriodBody, PeriodShape
from procurement.api.schemas.values import Nothing
from procurement.kernel.db import Session
from procurement.kernel.errors import NotFound
from procurement.kernel.permissions import Permission
from procurement.stock.operations.periods import close_books, reopen_books
from procurement.stock.queries.periods import closings

api = Api("periods", "/periods")


@api.get("", gives=PeriodShape, many=True, summary="Closings of the books, the latest first")
def list_periods(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    return Answer({"items": _shapes(call.session), "next": None})


@api.post("", takes=PeriodBody, gives=PeriodShape, status=201, summary="Close the books")
def close(call: Call[PeriodBody]) -> Answer:
    close_books(call.session, call.body.last_day, actor=call.actor, at=call.at)
    call.session.flush()  # the answer is read back
    return Answer(_shapes(call.session)[0], location="/periods")


@api.post("/<day>/reopen", takes=Nothing, gives=PeriodShape, summary="Take the last closing back")
def reopen(call: Call[Nothing], day: str) -> Answer:
    try:
        last_day = date.fromisoformat(day)
    except ValueError as error:
        raise NotFound("The books were not closed on such a day.") from error
    taken_back = _shapes(call.session)[:1]
    reopen_books(call.session, last_day, actor=call.actor, at=call.at)
    return Answer(taken_back[0])


def _shapes(session: Session) -> list[PeriodShape]:
    return [PeriodShape.model_validate(row, from_attributes=True) for row in closings(session)]

"""`/write-offs`: what broke, spoilt, was lost or passed its date, and why."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.containers import WriteOffBody, WriteOffShape
from procurement.api.schemas.values import ListQuery, listing
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.stock.operations.posting import PostStock, StockMove, post_stock
from procurement.stock.queries.history import posting, postings
from procurement.stock.terms import Reason

api = Api("write-offs", "/write-offs")


@api.get(
    "", query=ListQuery, gives=WriteOffShape, many=True, summary="Write-offs, the latest first"
)
def list_write_offs(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    paging = PageRequest.parse(call.query.limit, call.query.cursor)
    page = postings(call.session, paging, reason=Reason.WRITE_OFF)
    return Answer(listing(page, WriteOffShape.row))


@api.post("", takes=WriteOffBody, gives=WriteOffShape, status=201, summary="Write stock off")
def create(call: Call[WriteOffBody]) -> Answer:
    body = call.body
    command = PostStock(
        Reason.WRITE_OFF,
        tuple(
            StockMove(move.product, move.source, "ADJUSTMENT", move.quantity.value(), move.lot)
            for move in body.moves
        ),
        body.occurred_at,
        body.note,
        cause=body.cause,
    )
    posted = post_stock(call.session, command, actor=call.actor, at=call.at)
    shape = WriteOffShape.row(posting(call.session, posted.ref))
    return Answer(shape, location=f"/postings/{posted.ref}")

"""`/postings`: the events of the ledger; what people post by hand, and taking it back."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.stock import (
    PostingBody,
    PostingQuery,
    PostingRowShape,
    PostingShape,
    ReversalBody,
)
from procurement.api.schemas.values import listing
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.stock.operations.posting import (
    PostStock,
    StockMove,
    post_stock,
    reverse_posting,
)
from procurement.stock.queries.history import posting, postings
from procurement.stock.queries.on_hand import products_of
from procurement.stock.terms import Posted, Reason

api = Api("postings", "/postings")


@api.get(
    "", query=PostingQuery, gives=PostingRowShape, many=True, summary="Postings, the latest first"
)
def list_postings(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    asked = call.query
    paging = PageRequest.parse(asked.limit, asked.cursor)
    page = postings(call.session, paging, reason=asked.reason, document=asked.document)
    return Answer(listing(page, PostingRowShape.row))


@api.get("/<ref>", gives=PostingRowShape, summary="One posting")
def show(call: Call[Any], ref: str) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    return Answer(PostingRowShape.row(posting(call.session, ref)))


@api.post("", takes=PostingBody, gives=PostingShape, status=201, summary="Post stock")
def create(call: Call[PostingBody]) -> Answer:
    body = call.body
    command = PostStock(
        Reason(body.reason),
        tuple(
            StockMove(
                move.product,
                move.source,
                move.destination,
                move.quantity.value(),
                move.lot,
                move.expires_on,
                move.unit_cost.price() if move.unit_cost else None,
            )
            for move in body.moves
        ),
        body.occurred_at,
        body.note,
        cause=body.cause,
    )
    return _answer(call, post_stock(call.session, command, actor=call.actor, at=call.at))


@api.post(
    "/<ref>/reverse",
    takes=ReversalBody,
    gives=PostingShape,
    status=201,
    summary="Take a posting back",
)
def reverse(call: Call[ReversalBody], ref: str) -> Answer:
    posted = reverse_posting(call.session, ref, call.body.why, actor=call.actor, at=call.at)
    return _answer(call, posted)


def _answer(call: Call[Any], posted: Posted) -> Answer:
    products = products_of(call.session, {move.product_id for move in posted.moves})
    return Answer(PostingShape.of(posted, products), location=f"/postings/{posted.ref}")

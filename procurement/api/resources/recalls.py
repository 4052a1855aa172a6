"""`/recalls`: lots called back, every place where they stand, and what became of them there."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.recalls import (
    RecallBody,
    RecallQuery,
    RecallRowShape,
    RecallShape,
    SettleBody,
)
from procurement.api.schemas.values import Nothing, listing
from procurement.documents.recall import render_recall
from procurement.kernel.errors import NotFound
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.sending_back import SettleItem, settle_recall_item
from procurement.purchasing.queries.return_origins import returns_of_postings
from procurement.stock.operations.recalls import (
    StartRecall,
    close_recall,
    look_again,
    start_recall,
)
from procurement.stock.queries.recall_papers import recall_content
from procurement.stock.queries.recalls import recall_page, recalls
from procurement.stock.terms import RecallOutcome

api = Api("recalls", "/recalls")


@api.get(
    "", query=RecallQuery, gives=RecallRowShape, many=True, summary="Recalls, the latest first"
)
def list_recalls(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    asked = call.query
    paging = PageRequest.parse(asked.limit, asked.cursor)
    is_open = None if asked.status is None else asked.status == "open"
    return Answer(listing(recalls(call.session, paging, is_open=is_open), RecallRowShape.of))


@api.get("/<number>", gives=RecallShape, summary="One recall with all it found")
def show(call: Call[Any], number: str) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    return _answer(call, number)


@api.post("", takes=RecallBody, gives=RecallShape, status=201, summary="Start a recall or a drill")
def create(call: Call[RecallBody]) -> Answer:
    body = call.body
    command = StartRecall(body.product, tuple(body.lots), body.reason, body.drill)
    started = start_recall(call.session, command, actor=call.actor, at=call.at)
    return _answer(call, started.number, location=f"/recalls/{started.number}")


@api.post(
    "/<number>/items/<position>/settle",
    takes=SettleBody,
    gives=RecallShape,
    summary="Say what became of the goods at one place",
)
def settle(call: Call[SettleBody], number: str, position: str) -> Answer:
    command = SettleItem(
        recall=number,
        position=_position(number, position),
        outcome=RecallOutcome(call.body.outcome),
        note=call.body.note,
        supplier=call.body.supplier,
    )
    settle_recall_item(call.session, command, actor=call.actor, at=call.at)
    return _answer(call, number)


@api.post(
    "/<number>/look-again",
    takes=Nothing,
    gives=RecallShape,
    summary="List places where something of it turned up since",
)
def look(call: Call[Nothing], number: str) -> Answer:
    look_again(call.session, number, actor=call.actor, at=call.at)
    return _answer(call, number)


@api.post("/<number>/close", takes=Nothing, gives=RecallShape, summary="All of it is accounted for")
def close(call: Call[Nothing], number: str) -> Answer:
    close_recall(call.session, number, actor=call.actor, at=call.at)
    return _answer(call, number)


@api.get("/<number>/pdf", media_type="application/pdf", summary="The recall on paper")
def pdf(call: Call[Any], number: str) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    paper = render_recall(recall_content(call.session, number))
    return Answer(content=paper, media_type="application/pdf", file_name=f"{number}.pdf")


def _position(number: str, written: str) -> int:
    if not (written.isascii() and written.isdigit() and len(written) < 9):
        raise NotFound(f"{number} has no line {written}.")
    return int(written)


def _answer(call: Call[Any], number: str, location: str = "") -> Answer:
    call.session.flush()  # it is read again for the answer
    page = recall_page(call.session, number)
    refs = [item.posting for item in page.items if item.posting]
    return Answer(
        RecallShape.whole(page, returns_of_postings(call.session, refs)), location=location
    )

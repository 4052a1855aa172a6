"""`/transfers`: drafted or asked for, picked, carried in one step, or sent and taken in, in part or whole."""

from collections.abc import Callable
from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.transfers import (
    ArrivalBody,
    TransferBody,
    TransferQuery,
    TransferRowShape,
    TransferShape,
)
from procurement.api.schemas.values import Nothing, listing
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.stock.operations.arrivals import arrive_transfer, send_transfer
from procurement.stock.operations.transfers import (
    cancel_transfer,
    complete_transfer,
    draft_transfer,
    pick_transfer,
    request_transfer,
)
from procurement.stock.queries.transfers import TransferFilter, transfer_page, transfers
from procurement.stock.terms import TransferStatus

api = Api("transfers", "/transfers")


@api.get(
    "",
    query=TransferQuery,
    gives=TransferRowShape,
    many=True,
    summary="Transfers, the latest first",
)
def list_transfers(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    asked = call.query
    statuses = frozenset({TransferStatus(asked.status)}) if asked.status else frozenset()
    wanted = TransferFilter(statuses, asked.location, asked.to_site)
    page = transfers(call.session, PageRequest.parse(asked.limit, asked.cursor), wanted)
    return Answer(listing(page, TransferRowShape.head))


@api.get("/<number>", gives=TransferShape, summary="One transfer")
def show(call: Call[Any], number: str) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    return Answer(TransferShape.of(transfer_page(call.session, number)))


@api.post(
    "",
    takes=TransferBody,
    gives=TransferShape,
    status=201,
    summary="Draft a transfer, or ask for one",
)
def create(call: Call[TransferBody]) -> Answer:
    step = request_transfer if call.body.request else draft_transfer
    transfer = step(call.session, call.body.command(), actor=call.actor, at=call.at)
    return _answer(call, transfer.number, location=f"/transfers/{transfer.number}")


@api.post("/<number>/pick", takes=Nothing, gives=TransferShape, summary="Reserve what is asked for")
def pick(call: Call[Any], number: str) -> Answer:
    return _done(call, number, pick_transfer)


@api.post("/<number>/send", takes=Nothing, gives=TransferShape, summary="It leaves its shelf")
def send(call: Call[Any], number: str) -> Answer:
    return _done(call, number, send_transfer)


@api.post(
    "/<number>/arrive", takes=ArrivalBody, gives=TransferShape, summary="Take in what has come"
)
def arrive(call: Call[ArrivalBody], number: str) -> Answer:
    arrive_transfer(call.session, call.body.command(number), actor=call.actor, at=call.at)
    return _answer(call, number)


@api.post(
    "/<number>/complete", takes=Nothing, gives=TransferShape, summary="It was carried, in one step"
)
def complete(call: Call[Any], number: str) -> Answer:
    return _done(call, number, complete_transfer)


@api.post("/<number>/cancel", takes=Nothing, gives=TransferShape, summary="It will not be carried")
def cancel(call: Call[Any], number: str) -> Answer:
    return _done(call, number, cancel_transfer)


def _done(call: Call[Any], number: str, step: Callable[..., object]) -> Answer:
    step(call.session, number, actor=call.actor, at=call.at)
    return _answer(call, number)


def _answer(call: Call[Any], number: str, location: str = "") -> Answer:
    call.session.flush()  # it is read again for the answer
    return Answer(TransferShape.of(transfer_page(call.session, number)), location=location)

"""`/containers`: opened bottles, jugs and jars; each step answers what it posted, to be taken back as one."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.containers import (
    ContainerQuery,
    ContainerShape,
    DecantBody,
    DiscardBody,
    DoneShape,
    FinishBody,
    MoveContainerBody,
    OpenBody,
    OpeningDayBody,
    ReadingBody,
    TakeBackBody,
    UseBody,
)
from procurement.api.schemas.values import listing
from procurement.kernel.errors import Invalid
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity, Unit
from procurement.stock.operations.containers.decanting import decant
from procurement.stock.operations.containers.finishing import (
    DiscardContainer,
    FinishContainer,
    discard_container,
    finish_and_open_next,
    finish_container,
)
from procurement.stock.operations.containers.moving import MoveContainer, move_container
from procurement.stock.operations.containers.opening import (
    OpenContainer,
    correct_opening_day,
    open_container,
)
from procurement.stock.operations.containers.undoing import take_back
from procurement.stock.operations.containers.using import ReadContainer, read_container, use_dose
from procurement.stock.queries.container_list import ContainerFilter, container, containers
from procurement.stock.queries.containers import container_name
from procurement.stock.terms import Done

api = Api("containers", "/containers")


@api.get("", query=ContainerQuery, gives=ContainerShape, many=True, summary="Opened containers")
def list_containers(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    asked = call.query
    wanted = ContainerFilter(
        product=asked.product,
        location=asked.location,
        site=asked.site,
        finished=None if asked.finished is None else asked.finished == "yes",
    )
    paging = PageRequest.parse(asked.limit, asked.cursor)
    page = containers(call.session, wanted, at=call.at, paging=paging)
    return Answer(listing(page, ContainerShape.of))


@api.get("/<number>", gives=ContainerShape, summary="One opened container")
def show(call: Call[Any], number: str) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    return Answer(ContainerShape.of(container(call.session, number, at=call.at)))


@api.post(
    "", takes=OpenBody, gives=DoneShape, status=201, summary="Open a container on a room's shelf"
)
def create(call: Call[OpenBody]) -> Answer:
    body = call.body
    command = OpenContainer(
        body.location,
        body.product,
        body.lot,
        body.pack,
        body.quantity.value() if body.quantity else None,
        body.opened_on,
        note=body.note,
    )
    done = open_container(call.session, command, actor=call.actor, at=call.at)
    return _answer(call, done, location=f"/containers/{done.containers[0]}")


@api.post("/<number>/use", takes=UseBody, gives=DoneShape, summary="Use some in a treatment")
def use(call: Call[UseBody], number: str) -> Answer:
    reading = call.body.reading()
    if reading is None:
        return _answer(call, use_dose(call.session, number, actor=call.actor, at=call.at))
    _same_unit(call, number, call.body.quantity_said(), "quantity")
    command = ReadContainer(number, reading)
    return _answer(call, read_container(call.session, command, actor=call.actor, at=call.at))


@api.post("/<number>/readings", takes=ReadingBody, gives=DoneShape, summary="Say what is left")
def read(call: Call[ReadingBody], number: str) -> Answer:
    body = call.body
    _same_unit(call, number, body.quantity_said(), "left")
    if body.weight is not None and body.weight.value().unit is not Unit.G:
        raise Invalid("A weight is said in g.", field="weight")
    command = ReadContainer(number, body.reading(), body.correction)
    return _answer(call, read_container(call.session, command, actor=call.actor, at=call.at))


@api.post(
    "/<number>/finish",
    takes=FinishBody,
    gives=DoneShape,
    summary="It is empty; open the next if asked",
)
def finish(call: Call[FinishBody], number: str) -> Answer:
    step = finish_and_open_next if call.body.open_next else finish_container
    command = FinishContainer(number, call.body.rest, note=call.body.note)
    return _answer(call, step(call.session, command, actor=call.actor, at=call.at))


@api.post("/<number>/discard", takes=DiscardBody, gives=DoneShape, summary="Throw it away")
def discard(call: Call[DiscardBody], number: str) -> Answer:
    body = call.body
    quantity = body.quantity.value() if body.quantity else None
    command = DiscardContainer(number, body.cause, quantity, note=body.note)
    return _answer(call, discard_container(call.session, command, actor=call.actor, at=call.at))


@api.post(
    "/<number>/move", takes=MoveContainerBody, gives=DoneShape, summary="Carry it to another room"
)
def move(call: Call[MoveContainerBody], number: str) -> Answer:
    command = MoveContainer(number, call.body.to)
    return _answer(call, move_container(call.session, command, actor=call.actor, at=call.at))


@api.post(
    "/<number>/opening-day",
    takes=OpeningDayBody,
    gives=ContainerShape,
    summary="It was opened earlier than said",
)
def opening_day(call: Call[OpeningDayBody], number: str) -> Answer:
    day = call.body.opened_on
    correct_opening_day(call.session, number, day, actor=call.actor, at=call.at)
    call.session.flush()  # it is read again for the answer
    return Answer(ContainerShape.of(container(call.session, number, at=call.at)))


@api.post("/<number>/decant", takes=DecantBody, gives=DoneShape, summary="Fill bottles from it")
def pour(call: Call[DecantBody], number: str) -> Answer:
    command = call.body.command(number)
    return _answer(call, decant(call.session, command, actor=call.actor, at=call.at))


@api.post(
    "/<number>/take-back", takes=TakeBackBody, gives=ContainerShape, summary="Take a step back"
)
def undo(call: Call[TakeBackBody], number: str) -> Answer:
    body = call.body
    container_name(call.session, number)
    take_back(call.session, body.postings, actor=call.actor, at=call.at, why=body.why)
    return Answer(ContainerShape.of(container(call.session, number, at=call.at)))


def _same_unit(call: Call[Any], number: str, said: Quantity | None, field: str) -> None:
    unit = container_name(call.session, number).unit
    if said is not None and said.unit is not unit:
        raise Invalid(f"This is counted in {unit}.", field=field)


def _answer(call: Call[Any], done: Done, location: str = "") -> Answer:
    shape = DoneShape(
        containers=[
            ContainerShape.of(container(call.session, number, at=call.at))
            for number in done.containers
        ],
        postings=[posted.ref for posted in done.postings],
    )
    return Answer(shape, location=location)

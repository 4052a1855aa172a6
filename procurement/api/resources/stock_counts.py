"""`/stock-counts`: start, count, decide, post; the same steps as the pages and the counting phone."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.counts import (
    CausesBody,
    CountLineShape,
    CountQuery,
    CountShape,
    CountSheetShape,
    DecideBody,
    EnteredShape,
    EntriesBody,
    EntriesShape,
    LeaveOutBody,
    PostCountBody,
    StartCountBody,
)
from procurement.api.schemas.values import Nothing, listing
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.stock.operations.counting.closing import (
    PostCount,
    cancel_count,
    post_count,
    submit_count,
)
from procurement.stock.operations.counting.deciding import (
    DecideLine,
    count_rest_as_zero,
    decide_line,
    leave_out,
    say_causes,
)
from procurement.stock.operations.counting.entering import enter_counted
from procurement.stock.operations.counting.starting import StartCount, start_count
from procurement.stock.queries.counting.counts import count_of, counts
from procurement.stock.queries.counting.review import count_lines
from procurement.stock.terms import CountStatus

api = Api("stock-counts", "/stock-counts")


@api.get("", query=CountQuery, gives=CountShape, many=True, summary="Stock counts, newest first")
def list_counts(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    asked = call.query
    paging = PageRequest.parse(asked.limit, asked.cursor)
    page = counts(call.session, paging, status=asked.status, location=asked.location)
    return Answer(listing(page, CountShape.of))


@api.get("/<number>", gives=CountSheetShape, summary="One count with its sheet and differences")
def show(call: Call[Any], number: str) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    return _sheet(call, number)


@api.post(
    "", takes=StartCountBody, gives=CountSheetShape, status=201, summary="Start counting a location"
)
def create(call: Call[StartCountBody]) -> Answer:
    body = call.body
    command = StartCount(body.location, body.blind, body.due_only)
    number = start_count(call.session, command, actor=call.actor, at=call.at).number
    answer = _sheet(call, number)
    return Answer(answer.body, location=address("stock-counts", number))


@api.post(
    "/<number>/entries",
    takes=EntriesBody,
    gives=EntriesShape,
    summary="Say what was counted; each entry is stored once",
)
def enter(call: Call[EntriesBody], number: str) -> Answer:
    command = call.body.command(number)
    answers = enter_counted(call.session, command, actor=call.actor, at=call.at)
    count = CountShape.of(count_of(call.session, number))
    return Answer(EntriesShape(count=count, results=[EnteredShape.of(one) for one in answers]))


@api.post(
    "/<number>/decide",
    takes=DecideBody,
    gives=CountSheetShape,
    summary="Take one of the figures of a line, or their sum",
)
def decide(call: Call[DecideBody], number: str) -> Answer:
    body = call.body
    seen = tuple(str(one) for one in body.seen)
    take = str(body.take) if body.take else None
    command = DecideLine(number, body.line, body.choice, seen, take)
    decide_line(call.session, command, actor=call.actor, at=call.at)
    return _sheet(call, number)


@api.post(
    "/<number>/leave-out",
    takes=LeaveOutBody,
    gives=CountSheetShape,
    summary="Do not post the difference of a line",
)
def leave(call: Call[LeaveOutBody], number: str) -> Answer:
    body = call.body
    leave_out(call.session, number, body.line, out=body.left_out, actor=call.actor, at=call.at)
    return _sheet(call, number)


@api.post(
    "/<number>/causes", takes=CausesBody, gives=CountSheetShape, summary="Say why lines differ"
)
def causes(call: Call[CausesBody], number: str) -> Answer:
    said = {one.line: one.cause for one in call.body.causes}
    say_causes(call.session, number, said, actor=call.actor, at=call.at)
    return _sheet(call, number)


@api.post(
    "/<number>/rest-is-zero",
    takes=Nothing,
    gives=CountSheetShape,
    summary="Nothing is there of what nobody counted",
)
def zero(call: Call[Nothing], number: str) -> Answer:
    count_rest_as_zero(call.session, number, actor=call.actor, at=call.at)
    return _sheet(call, number)


@api.post("/<number>/submit", takes=Nothing, gives=CountShape, summary="Hand it in for review")
def submit(call: Call[Nothing], number: str) -> Answer:
    submit_count(call.session, number, actor=call.actor, at=call.at)
    return _head(call, number)


@api.post(
    "/<number>/post", takes=PostCountBody, gives=CountShape, summary="Put the differences right"
)
def post(call: Call[PostCountBody], number: str) -> Answer:
    command = PostCount(number, call.body.entries_seen)
    post_count(call.session, command, actor=call.actor, at=call.at)
    return _head(call, number)


@api.post("/<number>/cancel", takes=Nothing, gives=CountShape, summary="Cancel it; nothing moves")
def cancel(call: Call[Nothing], number: str) -> Answer:
    cancel_count(call.session, number, actor=call.actor, at=call.at)
    return _head(call, number)


def _head(call: Call[Any], number: str) -> Answer:
    call.session.flush()  # it is read again for the answer
    return Answer(CountShape.of(count_of(call.session, number)))


def _sheet(call: Call[Any], number: str) -> Answer:
    call.session.flush()  # it is read again for the answer
    count = count_of(call.session, number)
    tells = not count.blind or count.status is not CountStatus.OPEN
    sees_cost = any(map(call.actor.may, (Permission.ADJUST_STOCK, Permission.SEE_PURCHASING)))
    lines = [
        CountLineShape.of(line, tells=tells, sees_cost=sees_cost)
        for line in count_lines(call.session, count)
    ]
    return Answer(CountSheetShape(**CountShape.of(count).model_dump(), sheet=lines))

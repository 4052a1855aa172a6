"""`/tools`: numbered, issued and brought back, cleaned, written off."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.circulating import (
    CleanToolBody,
    MoveToolBody,
    RetireToolBody,
    TagBody,
    ToolEventShape,
    ToolPageShape,
    ToolQuery,
    ToolShape,
)
from procurement.api.schemas.values import listing
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.stock.operations.tools import clean_tool, move_tool, retire_tool, tag_tool
from procurement.stock.queries.tools import ToolEvent, tool_page, tools_by_number
from procurement.stock.terms import Cause

api = Api("tools", "/tools")


@api.get("", query=ToolQuery, gives=ToolShape, many=True, summary="Tools in use, by number")
def list_tools(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    asked = call.query
    paging = PageRequest.parse(asked.limit, asked.cursor)
    page = tools_by_number(
        call.session, paging, at=call.at, site=asked.site, location=asked.location
    )
    return Answer(listing(page, ToolShape.of))


@api.get("/<number>", gives=ToolPageShape, summary="One tool and what happened to it")
def show(call: Call[Any], number: str) -> Answer:
    call.actor.require(Permission.SEE_STOCK)
    return _answer(call, number)


@api.post("", takes=TagBody, gives=ToolPageShape, status=201, summary="Give a tool a number")
def create(call: Call[TagBody]) -> Answer:
    tool = tag_tool(call.session, call.body.command(), actor=call.actor, at=call.at)
    return _answer(call, tool.number, location=f"/tools/{tool.number}")


@api.post(
    "/<number>/move", takes=MoveToolBody, gives=ToolPageShape, summary="Issue it or bring it back"
)
def move(call: Call[MoveToolBody], number: str) -> Answer:
    move_tool(call.session, number, call.body.to, actor=call.actor, at=call.at)
    return _answer(call, number)


@api.post("/<number>/clean", takes=CleanToolBody, gives=ToolPageShape, summary="It was cleaned")
def clean(call: Call[CleanToolBody], number: str) -> Answer:
    clean_tool(call.session, number, actor=call.actor, at=call.at, note=call.body.note)
    return _answer(call, number)


@api.post(
    "/<number>/retire",
    takes=RetireToolBody,
    gives=ToolPageShape,
    summary="It is worn out, broken or lost",
)
def retire(call: Call[RetireToolBody], number: str) -> Answer:
    cause = Cause(call.body.cause)
    retire_tool(call.session, number, cause, actor=call.actor, at=call.at, note=call.body.note)
    return _answer(call, number)


def _answer(call: Call[Any], number: str, location: str = "") -> Answer:
    call.session.flush()  # it is read again for the answer
    page = tool_page(call.session, number, at=call.at)
    told = ToolShape.of(page.tool).model_dump()
    shape = ToolPageShape(**told, from_lot=page.from_lot, events=[_event(e) for e in page.events])
    return Answer(shape, location=location)


def _event(event: ToolEvent) -> ToolEventShape:
    moved = "written_off" if event.cause else "moved"
    return ToolEventShape(
        at=event.at,
        who=event.who,
        what=moved if event.ref else "cleaned",  # type: ignore[arg-type] # one of the three words
        to=event.to,
        cause=event.cause,
    )

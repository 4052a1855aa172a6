"""`/applications`: anybody may apply for a trade account; who keeps customers decides."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.applications import (
    ApplicationBody,
    ApplicationQuery,
    ApplicationReceivedShape,
    ApplicationRowShape,
    ApplicationShape,
    ApproveBody,
    RefuseBody,
)
from procurement.api.schemas.values import listing
from procurement.kernel.paging import PageRequest
from procurement.sales.operations.applications import (
    apply_for_account,
    approve_application,
    refuse_application,
)
from procurement.sales.queries.applications import application_page, applications
from procurement.web.links import password_link

api = Api("applications", "/applications")


@api.get(
    "",
    query=ApplicationQuery,
    gives=ApplicationRowShape,
    many=True,
    summary="Applications for a trade account, newest first",
)
def list_applications(call: Call[Any]) -> Answer:
    asked = call.query
    page = applications(
        call.session,
        PageRequest.parse(asked.limit, asked.cursor),
        status=asked.status,
        actor=call.actor,
    )
    return Answer(listing(page, ApplicationRowShape.of))


@api.get("/<number>", gives=ApplicationShape, summary="One application")
def show(call: Call[Any], number: str) -> Answer:
    return _shape(call, number)


@api.post(
    "",
    takes=ApplicationBody,
    gives=ApplicationReceivedShape,
    status=201,
    public=True,
    summary="Apply for a trade account; no token needed",
)
def create(call: Call[ApplicationBody]) -> Answer:
    made = apply_for_account(call.session, call.body.command(), actor=call.actor, at=call.at)
    shape = ApplicationReceivedShape(
        number=made.number, status=made.status, received_at=made.received_at
    )
    return Answer(shape, location=address("applications", made.number))


@api.post(
    "/<number>/approve",
    takes=ApproveBody,
    gives=ApplicationShape,
    summary="Make a customer and its buyer of it",
)
def approve(call: Call[ApproveBody], number: str) -> Answer:
    command = call.body.command(number)
    approve_application(call.session, command, link_of=password_link, actor=call.actor, at=call.at)
    return _shape(call, number)


@api.post(
    "/<number>/refuse", takes=RefuseBody, gives=ApplicationShape, summary="Refuse it, and say why"
)
def refuse(call: Call[RefuseBody], number: str) -> Answer:
    refuse_application(call.session, number, call.body.reason, actor=call.actor, at=call.at)
    return _shape(call, number)


def _shape(call: Call[Any], number: str) -> Answer:
    call.session.flush()  # the answer reads what was just written
    return Answer(ApplicationShape.page(application_page(call.session, number, actor=call.actor)))

"""`/customers`: all of them for staff, their own for buyers."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.customer_history import MergeBody, NoteBody, TimelineShape
from procurement.api.schemas.customers import (
    CustomerBody,
    CustomerQuery,
    CustomerRowShape,
    CustomerShape,
)
from procurement.api.schemas.exemptions import ExemptionBody, ExemptionShape
from procurement.api.schemas.values import ListQuery, listing
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.sales.operations.customers import create_customer
from procurement.sales.operations.exemptions import keep_exemption
from procurement.sales.operations.merging import merge_customers
from procurement.sales.operations.noting import log_note
from procurement.sales.queries.customers import CustomerFilter, code_today, customer_page, customers
from procurement.sales.queries.taxing import exemptions_of
from procurement.sales.queries.timeline import timeline

api = Api("customers", "/customers")


@api.get("", query=CustomerQuery, gives=CustomerRowShape, many=True, summary="Customers, by name")
def list_customers(call: Call[Any]) -> Answer:
    asked = call.query
    wanted = CustomerFilter(asked.text, asked.kind)
    paging = PageRequest.parse(asked.limit, asked.cursor)
    page = customers(call.session, wanted, paging, actor=call.actor)
    return Answer(listing(page, CustomerRowShape.of))


@api.get("/<path:code>", gives=CustomerShape, summary="One customer")
def show(call: Call[Any], code: str) -> Answer:
    call.actor.require_any(Permission.SEE_SALES, Permission.BUY)
    if call.actor.may(Permission.SEE_SALES):
        code = code_today(call.session, code) or code  # a merged one's leads to the other
    return Answer(CustomerShape.page(customer_page(call.session, code, actor=call.actor)))


@api.get(
    "/<path:code>/timeline",
    query=ListQuery,
    gives=TimelineShape,
    many=True,
    summary="Everything sent and said, newest first",
)
def show_timeline(call: Call[Any], code: str) -> Answer:
    paging = PageRequest.parse(call.query.limit, call.query.cursor)
    return Answer(listing(timeline(call.session, code, paging, actor=call.actor), TimelineShape.of))


@api.post(
    "/<path:code>/notes", takes=NoteBody, status=201, summary="Note a call, a visit, anything"
)
def note(call: Call[NoteBody], code: str) -> Answer:
    log_note(call.session, code, call.body.kind, call.body.body, actor=call.actor, at=call.at)
    return Answer({}, location=address("customers", code, "timeline"))


@api.post(
    "/<path:code>/merge",
    takes=MergeBody,
    gives=CustomerShape,
    summary="Take over everything of another customer, whose code leads here afterwards",
)
def merge(call: Call[MergeBody], code: str) -> Answer:
    merge_customers(call.session, code, call.body.other, actor=call.actor, at=call.at)
    return Answer(CustomerShape.page(customer_page(call.session, code, actor=call.actor)))


@api.get("/<path:code>/certificates", gives=ExemptionShape, many=True, summary="Tax certificates")
def list_certificates(call: Call[Any], code: str) -> Answer:
    customer_page(call.session, code, actor=call.actor)
    rows = exemptions_of(call.session, code, actor=call.actor)
    return Answer({"items": [ExemptionShape.of(row) for row in rows], "next": None})


@api.post(
    "/<path:code>/certificates",
    takes=ExemptionBody,
    gives=ExemptionShape,
    status=201,
    summary="Keep a resale or exemption certificate",
)
def keep_certificate(call: Call[ExemptionBody], code: str) -> Answer:
    made = keep_exemption(call.session, call.body.command(code), actor=call.actor, at=call.at)
    rows = exemptions_of(call.session, code, actor=call.actor)
    shape = next(ExemptionShape.of(row) for row in rows if row.id == made.id)
    return Answer(shape, location=address("customers", code, "certificates"))


@api.post("", takes=CustomerBody, gives=CustomerShape, status=201, summary="Take in a customer")
def create(call: Call[CustomerBody]) -> Answer:
    made = create_customer(call.session, call.body.command(), actor=call.actor, at=call.at)
    shape = CustomerShape.page(customer_page(call.session, made.code, actor=call.actor))
    return Answer(shape, location=address("customers", made.code))

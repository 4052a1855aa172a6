"""`/customers`: all of them for staff, their own for buyers."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.customer_history import MergeBody, NoteBody, TimelineShape
from procurement.api.schemas.customers import (
    CustomerBody,
    CustomerChangeBody,
    CustomerQuery,
    CustomerRowShape,
    CustomerShape,
    VatCheckBody,
)
from procurement.api.schemas.exemptions import ExemptionBody, ExemptionShape, PaperBody
from procurement.api.schemas.values import ListQuery, listing
from procurement.kernel.errors import NotFound
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.sales.operations.customers import (
    change_customer,
    create_customer,
    note_vat_check,
)
from procurement.sales.operations.exemptions import (
    keep_exemption,
    put_file,
    remove_exemption,
    verify_exemption,
)
from procurement.sales.operations.merging import merge_customers
from procurement.sales.operations.noting import log_note
from procurement.sales.queries.customers import CustomerFilter, code_today, customer_page, customers
from procurement.sales.queries.taxing import exemption_file, exemptions_of
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
    place = address("customers", code, "certificates", str(made.id))
    return Answer(_certificate(call, code, made.id), location=place)


@api.get("/<path:code>/certificates/<key>", gives=ExemptionShape, summary="A tax certificate")
def show_certificate(call: Call[Any], code: str, key: str) -> Answer:
    return Answer(_certificate(call, code, _key(key)))


@api.get(
    "/<path:code>/certificates/<key>/file",
    media_type="application/pdf",
    summary="Its paper",
)
def show_paper(call: Call[Any], code: str, key: str) -> Answer:
    paper = exemption_file(call.session, code, _key(key), actor=call.actor)
    return Answer(
        content=paper.content,
        media_type=paper.media_type,
        file_name=paper.file_name,
        disposition="attachment",
    )


@api.put(
    "/<path:code>/certificates/<key>/file",
    takes=PaperBody,
    gives=ExemptionShape,
    summary="Keep its paper; it has to be looked at again",
)
def keep_paper(call: Call[PaperBody], code: str, key: str) -> Answer:
    body = call.body
    put_file(
        call.session, code, _key(key), body.content(), body.file_name, actor=call.actor, at=call.at
    )
    return Answer(_certificate(call, code, _key(key)))


@api.post(
    "/<path:code>/certificates/<key>/verify",
    gives=ExemptionShape,
    summary="Somebody has looked at it: it counts",
)
def verify_certificate(call: Call[Any], code: str, key: str) -> Answer:
    verify_exemption(call.session, code, _key(key), actor=call.actor, at=call.at)
    return Answer(_certificate(call, code, _key(key)))


@api.post("/<path:code>/certificates/<key>/remove", summary="Take a certificate away")
def remove_certificate(call: Call[Any], code: str, key: str) -> Answer:
    remove_exemption(call.session, code, _key(key), actor=call.actor, at=call.at)
    return Answer({})


def _key(written: str) -> int:
    if not (written.isascii() and written.isdigit() and len(written) < 19):
        raise NotFound("There is no such certificate.")
    return int(written)


def _certificate(call: Call[Any], code: str, key: int) -> ExemptionShape:
    rows = exemptions_of(call.session, code, actor=call.actor)
    found = next((row for row in rows if row.id == key), None)
    if found is None:
        raise NotFound("There is no such certificate.")
    return ExemptionShape.of(found)


@api.put("/<path:code>", takes=CustomerChangeBody, gives=CustomerShape, summary="Replace it whole")
def change(call: Call[CustomerChangeBody], code: str) -> Answer:
    change_customer(call.session, code, call.body.command(), actor=call.actor, at=call.at)
    return _read_back(call, code)


@api.post(
    "/<path:code>/vat-check",
    takes=VatCheckBody,
    gives=CustomerShape,
    summary="Note that somebody asked whether its VAT number is in force",
)
def check_vat(call: Call[VatCheckBody], code: str) -> Answer:
    note_vat_check(call.session, code, call.body.on, actor=call.actor, at=call.at)
    return _read_back(call, code)


def _read_back(call: Call[Any], code: str) -> Answer:
    call.session.flush()  # the answer is read from the rows
    call.session.expire_all()
    return Answer(CustomerShape.page(customer_page(call.session, code, actor=call.actor)))


@api.post("", takes=CustomerBody, gives=CustomerShape, status=201, summary="Take in a customer")
def create(call: Call[CustomerBody]) -> Answer:
    made = create_customer(call.session, call.body.command(), actor=call.actor, at=call.at)
    shape = CustomerShape.page(customer_page(call.session, made.code, actor=call.actor))
    return Answer(shape, location=address("customers", made.code))

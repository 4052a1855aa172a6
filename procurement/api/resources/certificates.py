"""`/certificates` and `/order-calendars`: papers of suppliers that run out, and the days on which they take orders."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.certificates import (
    CalendarBody,
    CalendarShape,
    CertificateBody,
    CertificateQuery,
    CertificateShape,
    CertificateVersionsShape,
    VersionBody,
)
from procurement.api.schemas.values import listing
from procurement.kernel.paging import PageRequest, slice_of
from procurement.kernel.permissions import Permission
from procurement.settings.queries import get_company
from procurement.sourcing.operations.calendars import save_calendar
from procurement.sourcing.operations.certificates import KeepCertificate, keep_certificate
from procurement.sourcing.queries import supplier_page
from procurement.sourcing.queries.certificates import (
    certificate_file,
    certificate_versions,
    certificates,
)

api = Api("certificates", "/certificates")
calendars = Api("order_calendars", "/order-calendars")


@api.get(
    "",
    query=CertificateQuery,
    gives=CertificateShape,
    many=True,
    summary="Certificates that count now, by number",
)
def list_certificates(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    asked = call.query
    rows = certificates(
        call.session,
        at=call.at,
        supplier=asked.supplier,
        product=asked.product,
        kind=asked.kind,
        states=(asked.state,) if asked.state else (),
    )
    paging = PageRequest.parse(asked.limit, asked.cursor)
    return Answer(listing(slice_of(rows, paging, lambda row: row.number), CertificateShape.of))


@api.get("/<number>", gives=CertificateVersionsShape, summary="A certificate with its versions")
def show(call: Call[Any], number: str) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    return _versions(call, number)


@api.get("/<number>/file", media_type="application/pdf", summary="Its paper")
def file(call: Call[Any], number: str) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    paper = certificate_file(call.session, number)
    return Answer(
        content=paper.content,
        media_type=paper.media_type,
        file_name=paper.file_name,
        disposition="attachment",
    )


@api.post("", takes=CertificateBody, gives=CertificateVersionsShape, status=201, summary="Keep one")
def create(call: Call[CertificateBody]) -> Answer:
    kept = keep_certificate(call.session, call.body.command(), actor=call.actor, at=call.at)
    return _versions(call, kept.number, location=address("certificates", kept.number))


@api.post(
    "/<number>/versions",
    takes=VersionBody,
    gives=CertificateVersionsShape,
    status=201,
    summary="Keep its next version",
)
def replace(call: Call[VersionBody], number: str) -> Answer:
    command = KeepCertificate(replaces=number, **call.body.details())
    kept = keep_certificate(call.session, command, actor=call.actor, at=call.at)
    return _versions(call, kept.number, location=address("certificates", kept.number))


@calendars.get("/<path:supplier>", gives=CalendarShape, summary="When a supplier takes orders")
def calendar(call: Call[Any], supplier: str) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    return _calendar(call, supplier)


@calendars.put(
    "/<path:supplier>",
    takes=CalendarBody,
    gives=CalendarShape,
    summary="Write down when a supplier takes orders, or forget it",
)
def keep_calendar(call: Call[CalendarBody], supplier: str) -> Answer:
    save_calendar(call.session, call.body.command(supplier), actor=call.actor, at=call.at)
    call.session.flush()  # it is read again for the answer
    call.session.expire_all()
    return _calendar(call, supplier)


def _versions(call: Call[Any], number: str, *, location: str = "") -> Answer:
    call.session.flush()  # they are read again for the answer
    rows = certificate_versions(call.session, number, at=call.at)
    shape = CertificateVersionsShape(versions=[CertificateShape.of(row) for row in rows])
    return Answer(shape, location=location)


def _calendar(call: Call[Any], supplier: str) -> Answer:
    page = supplier_page(call.session, supplier)
    zone = get_company(call.session).time_zone
    return Answer(CalendarShape.of(page.code, page.calendar, zone))

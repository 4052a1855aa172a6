"""`/purchase-orders/{number}/attachments`: files beside an order."""

from typing import Any

from procurement.api.endpoint import Answer, Call
from procurement.api.resources.order_confirmations import api
from procurement.api.schemas.order_files import FileBody, FileShape, FilesShape
from procurement.api.schemas.values import Nothing
from procurement.kernel.errors import NotFound
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.attaching import attach_file, remove_attachment
from procurement.purchasing.queries.attachments import attached_file, attachments_of
from procurement.purchasing.queries.orders import require_order

__all__ = ["api"]


@api.get("/<number>/attachments", gives=FilesShape, summary="The files beside an order")
def list_files(call: Call[Any], number: str) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    require_order(call.session, number)
    return _files(call, number)


@api.post(
    "/<number>/attachments",
    takes=FileBody,
    gives=FilesShape,
    status=201,
    summary="Attach a file, for ourselves or sent with the order",
)
def attach(call: Call[FileBody], number: str) -> Answer:
    body = call.body
    attach_file(
        call.session,
        number,
        body.content(),
        body.name,
        for_supplier=body.for_supplier,
        actor=call.actor,
        at=call.at,
    )
    return _files(call, number)


@api.get(
    "/<number>/attachments/<position>",
    media_type="application/octet-stream",
    summary="One file, as it was attached",
)
def save(call: Call[Any], number: str, position: str) -> Answer:
    paper = attached_file(call.session, number, _whole(number, position), actor=call.actor)
    return Answer(
        content=paper.content,
        media_type="application/octet-stream",
        file_name=paper.file_name,
        disposition="attachment",
    )


@api.post(
    "/<number>/attachments/<position>/remove",
    takes=Nothing,
    gives=FilesShape,
    summary="Take a file away from a draft",
)
def remove(call: Call[Nothing], number: str, position: str) -> Answer:
    where = _whole(number, position)
    remove_attachment(call.session, number, where, actor=call.actor, at=call.at)
    return _files(call, number)


def _whole(number: str, written: str) -> int:
    if not (written.isascii() and written.isdigit() and len(written) < 6):
        raise NotFound(f"{number} has no file {written}.")
    return int(written)


def _files(call: Call[Any], number: str) -> Answer:
    call.session.flush()  # they are read again for the answer
    rows = attachments_of(call.session, number)
    return Answer(FilesShape(items=[FileShape.of(row) for row in rows]))

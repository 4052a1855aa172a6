"""`/invoice-exports`: what was shipped and came back, handed on once to whoever writes the invoices."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.invoice_exports import InvoiceExportRowShape, InvoiceExportShape
from procurement.api.schemas.values import ListQuery, Nothing, listing
from procurement.exchange.invoice_export import export_csv, export_invoices, export_zip
from procurement.kernel.paging import PageRequest
from procurement.sales.queries.exports import export_page, exports

api = Api("invoice_exports", "/invoice-exports")


@api.get(
    "",
    query=ListQuery,
    gives=InvoiceExportRowShape,
    many=True,
    summary="Batches, the latest first",
)
def list_exports(call: Call[Any]) -> Answer:
    paging = PageRequest.parse(call.query.limit, call.query.cursor)
    page = exports(call.session, paging, actor=call.actor)
    return Answer(listing(page, InvoiceExportRowShape.of))


@api.get("/<number>", gives=InvoiceExportShape, summary="One batch with its documents")
def show(call: Call[Any], number: str) -> Answer:
    return Answer(InvoiceExportShape.whole(export_page(call.session, number, actor=call.actor)))


@api.post(
    "",
    takes=Nothing,
    gives=InvoiceExportShape,
    status=201,
    summary="Make a batch of all that is in none",
)
def create(call: Call[Nothing]) -> Answer:
    made = export_invoices(call.session, actor=call.actor, at=call.at, key=call.key)
    page = export_page(call.session, made.number, actor=call.actor)
    location = address("invoice-exports", made.number)
    return Answer(InvoiceExportShape.whole(page), location=location)


@api.get("/<number>/csv", media_type="text/csv", summary="Its lines; what came back is below zero")
def csv(call: Call[Any], number: str) -> Answer:
    content = export_csv(call.session, number, actor=call.actor)
    return Answer(
        content=content,
        media_type="text/csv",
        file_name=f"{number}.csv",
        disposition="attachment",
    )


@api.get(
    "/<number>/ubl",
    media_type="application/zip",
    summary="Its UBL 2.1 invoices and credit notes, zipped",
)
def ubl(call: Call[Any], number: str) -> Answer:
    content = export_zip(call.session, number, actor=call.actor)
    return Answer(
        content=content,
        media_type="application/zip",
        file_name=f"{number}.zip",
        disposition="attachment",
    )

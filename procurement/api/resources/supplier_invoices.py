"""`/supplier-invoices`: recorded, matched with order and receipt, approved to pay, disputed or cancelled."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.invoices import (
    ApproveInvoiceBody,
    InvoiceBody,
    InvoiceQuery,
    InvoiceRowShape,
    InvoiceShape,
    ReasonBody,
)
from procurement.api.schemas.values import listing
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.invoicing import record_invoice
from procurement.purchasing.operations.settling import (
    approve_invoice,
    cancel_invoice,
    dispute_invoice,
)
from procurement.purchasing.queries.invoices import (
    InvoiceFilter,
    invoice_page,
    invoice_paper,
    invoices,
)

api = Api("supplier_invoices", "/supplier-invoices")


@api.get(
    "",
    query=InvoiceQuery,
    gives=InvoiceRowShape,
    many=True,
    summary="Invoices and credit notes, the latest first",
)
def list_invoices(call: Call[Any]) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    asked = call.query
    wanted = InvoiceFilter(
        statuses=frozenset({asked.status}) if asked.status else None,
        supplier=asked.supplier,
        order=asked.purchase_order,
        text=asked.text,
        due_until=asked.due_until,
    )
    page = invoices(call.session, wanted, PageRequest.parse(asked.limit, asked.cursor))
    return Answer(listing(page, InvoiceRowShape.of))


@api.get("/<number>", gives=InvoiceShape, summary="One invoice with every difference")
def show(call: Call[Any], number: str) -> Answer:
    call.actor.require(Permission.SEE_PURCHASING)
    return _invoice(call, number)


@api.post(
    "",
    takes=InvoiceBody,
    gives=InvoiceShape,
    status=201,
    summary="Record an invoice or a credit note and match it",
)
def create(call: Call[InvoiceBody]) -> Answer:
    command = call.body.command(call.key)
    invoice = record_invoice(call.session, command, actor=call.actor, at=call.at)
    shape = InvoiceShape.of(invoice_page(call.session, invoice.number))
    return Answer(shape, location=address("supplier-invoices", invoice.number))


@api.post(
    "/<number>/approve",
    takes=ApproveInvoiceBody,
    gives=InvoiceShape,
    summary="Let it be paid, or a credit note be set off",
)
def approve(call: Call[ApproveInvoiceBody], number: str) -> Answer:
    approve_invoice(call.session, number, reason=call.body.reason, actor=call.actor, at=call.at)
    return _invoice(call, number)


@api.post(
    "/<number>/dispute", takes=ReasonBody, gives=InvoiceShape, summary="Wait for the supplier"
)
def dispute(call: Call[ReasonBody], number: str) -> Answer:
    dispute_invoice(call.session, number, reason=call.body.reason, actor=call.actor, at=call.at)
    return _invoice(call, number)


@api.post(
    "/<number>/cancel", takes=ReasonBody, gives=InvoiceShape, summary="It was recorded in error"
)
def cancel(call: Call[ReasonBody], number: str) -> Answer:
    cancel_invoice(call.session, number, reason=call.body.reason, actor=call.actor, at=call.at)
    return _invoice(call, number)


@api.get("/<number>/paper", media_type="application/pdf", summary="The invoice as it came")
def paper(call: Call[Any], number: str) -> Answer:
    kept = invoice_paper(call.session, number, actor=call.actor)
    return Answer(content=kept.content, media_type=kept.media_type, file_name=kept.file_name)


def _invoice(call: Call[Any], number: str) -> Answer:
    return Answer(InvoiceShape.of(invoice_page(call.session, number)))

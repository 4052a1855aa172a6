"""An invoice that came as a file fills its form in; nothing is recorded before somebody presses."""

import uuid
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from procurement.backoffice.purchasing.invoice_form import (
    InvoiceForm,
    bp,
    credit_rows,
    offer_returns,
    page_of,
    row_of,
)
from procurement.backoffice.purchasing.invoice_upload import FileForm, uploads
from procurement.exchange.invoice_terms import InvoiceOnFile
from procurement.exchange.invoices import (
    InvoicePrefill,
    prefill_credit_note,
    prefill_invoice,
    read_invoice,
)
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.purchasing.queries.invoiceable import invoiceable_lines
from procurement.purchasing.queries.invoices import invoice_called, invoice_page
from procurement.purchasing.queries.orders import order_page
from procurement.purchasing.terms.invoices import InvoicePage
from procurement.sourcing.queries import supplier_page
from procurement.sourcing.terms import SupplierPage
from procurement.web.identity import current_actor
from procurement.web.transactions import read

__all__ = ["bp"]  # the invoices' door, with the page below


@bp.post("/new/<supplier>/from-file")
def from_file(supplier: str) -> Response:
    """UBL, or a PDF with the invoice inside (Factur-X, ZUGFeRD): the form with what it says, and what to look at.

    A credit note opens the form of the invoice that it names.
    """
    current_actor().require(Permission.RECORD_INVOICES)
    order = request.form.get("order") or None
    with read() as session:
        found = supplier_page(session, supplier)
        if order and order_page(session, order).supplier != found.code:
            raise NotFound(f"{order} is no order of {found.name}.")
    upload = FileForm.from_request()
    if not upload.validate():
        return _unread(found, order, [str(error) for error in upload.file.errors])
    try:
        invoice = read_invoice(upload.file.data)
        if invoice.is_credit:
            return _credit_note(found, invoice, upload)
        with read() as session:
            told = prefill_invoice(session, invoice, found, order=order)
            rows = _rows(session, told, found.code, order)
    except Invalid as error:
        return _unread(found, order, [error.message])
    kept = uploads().keep(upload.file.file_name, upload.file.data)
    form = InvoiceForm(currency=found.currency, data=_typed(told, kept.key) | {"lines": rows})
    return page_of(form, found.code, status=200, told=told, order=order or "")


@bp.post("/<number>/credit/from-file")
def credit_from_file(number: str) -> Response:
    """The form of a credit note with what a file says: of this invoice."""
    current_actor().require(Permission.RECORD_INVOICES)
    with read() as session:
        credited = invoice_page(session, number)
        found = supplier_page(session, credited.supplier)
    upload = FileForm.from_request()
    if not upload.validate():
        return _not_filled(found, credited, [str(error) for error in upload.file.errors])
    try:
        return _filled_credit(found, credited, read_invoice(upload.file.data), upload)
    except Invalid as error:
        return _not_filled(found, credited, [error.message])


def _credit_note(supplier: SupplierPage, note: InvoiceOnFile, upload: FileForm) -> Response:
    """A credit note came where an invoice was expected: the form of the invoice that it names."""
    with read() as session:
        number = invoice_called(session, supplier.code, note.credits) if note.credits else None
        credited = invoice_page(session, number) if number else None
    if credited is None:
        named = f" for {note.credits[:60]}, which is not recorded here" if note.credits else ""
        raise Invalid(f"This is a credit note{named}: record it at the invoice that it credits.")
    return _filled_credit(supplier, credited, note, upload)


def _filled_credit(
    supplier: SupplierPage, credited: InvoicePage, note: InvoiceOnFile, upload: FileForm
) -> Response:
    with read() as session:
        told = prefill_credit_note(session, note, supplier, credited)
    rows = [
        {
            "order": line.order,
            "position": line.position,
            "packs": line.packs,
            "unit_price": line.price,
            "tax_percent": line.tax,
            "about": line.about.value,
        }
        for line in told.lines
    ]
    named = {(line.order, line.position) for line in told.lines}
    rest = [row for row in credit_rows(credited) if (row["order"], row["position"]) not in named]
    kept = uploads().keep(upload.file.file_name, upload.file.data)
    data = _typed(told, kept.key) | {
        "lines": rows + rest,
        "answers_return": told.answers_return or "",
    }
    form = InvoiceForm(currency=credited.currency, data=data)
    offer_returns(form, credited.supplier)
    return page_of(form, credited.supplier, credited, status=200, told=told)


def _not_filled(supplier: SupplierPage, credited: InvoicePage, said: list[str]) -> Response:
    form = InvoiceForm(
        currency=supplier.currency,
        data={"key": uuid.uuid4().hex, "lines": credit_rows(credited)},
    )
    offer_returns(form, supplier.code)
    form.form_errors.extend(said)
    return page_of(form, supplier.code, credited)


def _unread(supplier: SupplierPage, order: str | None, said: list[str]) -> Response:
    """The form as it is without the file, and why that was not taken."""
    with read() as session:
        lines = invoiceable_lines(session, supplier.code, order=order)
    rows = [row_of(line, of_order=order is not None) for line in lines]
    form = InvoiceForm(currency=supplier.currency, data={"key": uuid.uuid4().hex, "lines": rows})
    form.form_errors.extend(said)
    return page_of(form, supplier.code, order=order or "")


def _typed(told: InvoicePrefill, kept: str) -> dict[str, Any]:
    return {
        "key": uuid.uuid4().hex,
        "kept": kept,
        "supplier_number": told.number,
        "invoiced_on": told.invoiced_on,
        "due_on": told.due_on,
        "freight": told.freight,
        "other": told.other,
        "other_words": told.other_words,
        "net": told.net,
        "tax": told.tax,
        "gross": told.gross,
    }


def _rows(
    session: ReadSession, told: InvoicePrefill, supplier: str, order: str | None
) -> list[dict[str, Any]]:
    """The file's lines, then what else could have been invoiced, at nothing."""
    known = {
        (line.order, line.position): line
        for number in sorted({line.order for line in told.lines} | ({order} if order else set()))
        for line in invoiceable_lines(session, supplier, order=number)
    }
    rows = []
    for line in told.lines:
        ordered = known.pop((line.order, line.position), None)
        rows.append(
            {
                "order": line.order,
                "position": line.position,
                "packs": line.packs,
                "unit_price": line.price or (ordered.price if ordered else None),
                "tax_percent": line.tax or (ordered.tax_rate if ordered else None),
            }
        )
    return rows + [row_of(line, of_order=False) | {"packs": 0} for line in known.values()]

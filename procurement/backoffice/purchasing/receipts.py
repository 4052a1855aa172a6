"""Receiving a delivery, line by line and lot by lot; the receipts there are, and taking one back."""

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.purchasing import section
from procurement.backoffice.purchasing.invoice_upload import uploads
from procurement.backoffice.purchasing.receipt_form import (
    ReceiptForm,
    offer_choices,
    photo_names,
    rows_of,
)
from procurement.backoffice.purchasing.receipt_scan import Filled, filled
from procurement.backoffice.stock.scanning import by_camera, remembering, scan_in, scanned
from procurement.documents.goods_receipt import render_goods_receipt
from procurement.exchange.delivery_notes import Prefill, prefill, read_delivery_note
from procurement.exchange.export import Cell
from procurement.files.operations.pictures import MOST_BYTES
from procurement.files.terms import PICTURE_TYPE
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.paging import PageRequest, all_rows
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.photos import attach_receipt_photo
from procurement.purchasing.operations.receiving import receive_goods
from procurement.purchasing.operations.reversing import reverse_receipt
from procurement.purchasing.queries.claims import claims
from procurement.purchasing.queries.orders import order_page
from procurement.purchasing.queries.papers import receipt_content
from procurement.purchasing.queries.photos import receipt_photo
from procurement.purchasing.queries.receipts import receipt_page, receipts
from procurement.purchasing.rules.claims import claims_of, delivered_line
from procurement.purchasing.rules.wording import FAULT_WORDS
from procurement.purchasing.terms import OrderPage, ReceiptPage, ReceiptRow
from procurement.web.fields import UploadField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import (
    attachment,
    export,
    export_urls,
    next_url,
    page_request,
    wanted_format,
)
from procurement.web.transactions import read, write

bp = section.door("goods_receipts", __name__, None)
_PHOTO_WIDTH = 1200
MOST_NOTE_BYTES = 5 * 1024 * 1024

HEADER = (
    "number",
    "order",
    "supplier",
    "supplier_name",
    "delivery_note",
    "received_at",
    "received_by",
    "lines",
    "packs",
    "refused",
    "reversed",
)


@bp.get("/goods-receipts")
def index() -> Response | str:
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: receipts(session, paging))
            return export("goods-receipts", HEADER, _cells(rows))
        page = receipts(session, page_request())
    return render_template(
        "backoffice/purchasing/receipts.html",
        page=page,
        next_url=next_url(page),
        files=export_urls(),
    )


@bp.get("/goods-receipts/<number>")
def show(number: str) -> str:
    with read() as session:
        receipt = receipt_page(session, number)
    return render_template(
        "backoffice/purchasing/receipt.html", receipt=receipt, form=PhotoForm(), **_claims(receipt)
    )


def _claims(receipt: ReceiptPage) -> dict[str, Any]:
    """What was claimed of it, and whether there is more."""
    with read() as session:
        made = claims(session, PageRequest(20), receipt=receipt.number).items
    return {
        "faults": FAULT_WORDS,
        "claims": made,
        "may_claim": section.may_claim() and receipt.reversed_at is None,
        "is_faulty": bool(claims_of([delivered_line(line) for line in receipt.lines])),
    }


class PhotoForm(BaseForm):
    photo = UploadField("A picture of it", most_bytes=MOST_BYTES)


@bp.post("/goods-receipts/<number>/lines/<int:position>/photos")
def add_photo(number: str, position: int) -> Response:
    form, url = PhotoForm.from_request(), url_for(".show", number=number)
    if not form.validate():
        said = " ".join(form.photo.errors)
        return redirect_with_flash(url, f"The picture was not kept. {said}", category="error")
    content, name, at = form.photo.data, form.photo.file_name, utc_now()
    return section.act(
        url,
        "The picture is kept with the line.",
        lambda session: attach_receipt_photo(
            session, number, position, content, name, actor=current_actor(), at=at
        ),
    )


@bp.get("/goods-receipts/<number>/photos/<sha256>.webp")
def show_photo(number: str, sha256: str) -> Response:
    """What was wrong with a delivery; for staff only."""
    with read() as session:
        content = receipt_photo(session, number, sha256, _PHOTO_WIDTH)
    response = Response(content, content_type=PICTURE_TYPE)
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


@bp.get("/goods-receipts/<number>/pdf")
def pdf(number: str) -> Response:
    with read() as session:
        content = receipt_content(session, number)
    paper = render_goods_receipt(content)
    return attachment(paper, f"{number}.pdf", "application/pdf", inline=True)


@bp.post("/goods-receipts/<number>/reverse")
def reverse(number: str) -> Response:
    why, at = request.form.get("why", ""), utc_now()
    return section.act(
        url_for(".show", number=number),
        f"{number} is taken back; the order expects the goods again.",
        lambda session: reverse_receipt(session, number, why=why, actor=current_actor(), at=at),
    )


@bp.get("/purchase-orders/<number>/receipts/new")
def new(number: str) -> Response:
    current_actor().require(Permission.RECEIVE_GOODS)
    with read() as session:
        order = order_page(session, number)
    return _page(_fresh(order), order)


def _fresh(order: OrderPage) -> ReceiptForm:
    data = {
        "into": order.deliver_to,
        "key": uuid.uuid4().hex,
        "lines": [
            {"position": line.position, "packs": line.outstanding}
            for line in order.lines
            if line.outstanding
        ],
    }
    return ReceiptForm(data=data)


@bp.post("/purchase-orders/<number>/receipts")
def create(number: str) -> Response:
    form = ReceiptForm.from_request()
    with read() as session:
        order = order_page(session, number)
        offer_choices(session, form, order)
    form.keep_photos(uploads())
    split = request.form.get("split", "")
    if split.isascii() and split.isdigit() and int(split[:6]) < len(form.lines.entries):
        return _page(_with_split(form, int(split[:6])), order, status=200)
    if (text := scan_in(request.form)) is not None:
        return _with_scan(form, text, order)
    if form.validate():
        try:
            with write() as session:
                receipt = receive_goods(
                    session,
                    form.to_command(number, uploads()),
                    actor=current_actor(),
                    at=utc_now(),
                )
        except (Conflict, Invalid) as error:
            form.blame(form.at_rows(error))
        else:
            url = url_for(".show", number=receipt.number)
            return redirect_with_flash(url, f"Received as {receipt.number}.")
    return _page(form, order)


class NoteForm(BaseForm):
    note = UploadField("UBL, CSV or XLSX file", most_bytes=MOST_NOTE_BYTES)


@bp.post("/purchase-orders/<number>/receipts/from-note")
def from_note(number: str) -> Response:
    """The form filled in from the supplier's file, with what differs; nothing is received yet."""
    current_actor().require(Permission.RECEIVE_GOODS)
    upload = NoteForm.from_request()
    with read() as session:
        order = order_page(session, number)
    form = _fresh(order)
    if not upload.validate():
        form.form_errors.extend(str(error) for error in upload.note.errors)
        return _page(form, order)
    try:
        note = read_delivery_note(upload.note.data)
    except Invalid as error:
        form.form_errors.append(error.message)
        return _page(form, order)
    with read() as session:
        found = prefill(session, note, order)
    form = _again(form, rows_of(found.lines, order), note=found.number)
    return _page(form, order, status=200, told=found)


def _with_scan(form: ReceiptForm, text: str, order: OrderPage) -> Response:
    """The form with what the label says filled in; nothing is received yet."""
    if not text:  # Enter in another field
        return _page(
            _again(form, [dict(entry.form.data) for entry in form.lines.entries]), order, status=200
        )
    camera = by_camera(request.form)
    found = scanned(text, kept=camera)
    filled_in = filled([dict(entry.form.data) for entry in form.lines.entries], found, order)
    again = _again(form, filled_in.rows, into=filled_in.into)
    page = _page(again, order, status=200, filled=filled_in)
    return remembering(page, found, typed=not camera)


def _with_split(form: ReceiptForm, index: int) -> ReceiptForm:
    """The form with a second row for the same line, for another lot; what was typed stays."""
    rows = [dict(entry.form.data) for entry in form.lines.entries]
    rows.insert(index + 1, {"position": rows[index]["position"], "packs": 0})
    return _again(form, rows)


def _again(
    form: ReceiptForm, rows: list[dict[str, Any]], *, into: str | None = None, note: str = ""
) -> ReceiptForm:
    data = {
        "into": into or form.into.data,
        "delivery_note": note or form.delivery_note.data,
        "key": form.key.data,
        "lines": rows,
    }
    return ReceiptForm(data=data)


def _page(
    form: ReceiptForm,
    order: OrderPage,
    *,
    status: int | None = None,
    filled: Filled | None = None,
    told: Prefill | None = None,
) -> Response:
    with read() as session:
        offer_choices(session, form, order)
    return render_form(
        "backoffice/purchasing/receipt_new.html",
        form,
        status=status,
        order=order,
        filled=filled,
        told=told,
        upload=NoteForm(),
        photo_names=photo_names(form, uploads()),
        lines={line.position: line for line in order.lines},
    )


def _cells(rows: Iterable[ReceiptRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.number,
            row.order,
            row.supplier,
            row.supplier_name,
            row.delivery_note,
            row.received_at,
            row.received_by,
            row.lines,
            row.packs,
            row.refused,
            "yes" if row.is_reversed else "no",
        )

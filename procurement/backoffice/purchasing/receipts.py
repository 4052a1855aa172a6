"""Receiving a delivery, line by line and lot by lot; the receipts there are, and taking one back."""

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import FormField, HiddenField, RadioField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined] # newer than its stubs

from procurement.backoffice.purchasing import section
from procurement.backoffice.purchasing.receipt_scan import Filled, filled
from procurement.backoffice.stock.scanning import remembering, scan_in, scanned
from procurement.documents.goods_receipt import render_goods_receipt
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.receiving import ReceiveGoods, receive_goods
from procurement.purchasing.operations.reversing import reverse_receipt
from procurement.purchasing.queries.orders import order_page
from procurement.purchasing.queries.papers import receipt_content
from procurement.purchasing.queries.receipts import receipt_page, receipts
from procurement.purchasing.rules.receiving import DeliveredLine
from procurement.purchasing.terms import Condition, OrderPage, ReceiptRow
from procurement.stock.queries.places import places
from procurement.stock.terms import LocationKind
from procurement.web.fields import ChoiceField, DateField, TextField, TickField, WholeNumberField
from procurement.web.forms import (
    BaseForm,
    LineForm,
    LineList,
    redirect_with_flash,
    render_form,
)
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
_TAKES_GOODS = (LocationKind.STOREROOM, LocationKind.TREATMENT_ROOM)


class DeliveredLineForm(LineForm):
    position = WholeNumberField("Line", least=1)
    packs = WholeNumberField("Packs", least=0)
    lot = TextField("Lot", required=False, most=64)
    expires_on = DateField("Use by", required=False)
    condition = RadioField(
        "Condition",
        choices=[SelectChoice(c.value, c.value.capitalize()) for c in Condition],
        default=Condition.GOOD.value,
    )
    close_short = TickField("The rest will not come")
    named = TickField("The label names the allergens (EU 2023/1545)")

    def to_line(self) -> DeliveredLine:
        return DeliveredLine(
            position=self.position.data,
            packs=self.packs.data,
            supplier_lot=self.lot.data or None,
            expires_on=self.expires_on.data,
            condition=Condition(self.condition.data),
            close_short=self.close_short.data,
            names_allergens=True if self.named.data else None,
        )

    @property
    def is_nothing(self) -> bool:
        """None of it came today and the rest is still expected: the line is left out."""
        return self.packs.data == 0 and not self.close_short.data


class ReceiptForm(BaseForm):
    into = ChoiceField("Put into")
    delivery_note = TextField("Delivery note", required=False)
    key = HiddenField()
    lines = LineList(FormField(DeliveredLineForm), spare=0, least=1)

    def to_command(self, number: str) -> ReceiveGoods:
        return ReceiveGoods(
            order_number=number,
            into=self.into.data,
            delivery_note=self.delivery_note.data,
            idempotency_key=f"form:{self.key.data[:64]}" if self.key.data else None,
            lines=tuple(
                entry.form.to_line() for entry in self.lines.entries if not entry.form.is_nothing
            ),
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
    return render_template("backoffice/purchasing/receipt.html", receipt=receipt)


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
    data = {
        "into": order.deliver_to,
        "key": uuid.uuid4().hex,
        "lines": [
            {"position": line.position, "packs": line.outstanding}
            for line in order.lines
            if line.outstanding
        ],
    }
    return _page(ReceiptForm(data=data), order)


@bp.post("/purchase-orders/<number>/receipts")
def create(number: str) -> Response:
    form = ReceiptForm.from_request()
    with read() as session:
        order = order_page(session, number)
        _offer_choices(session, form)
    split = request.form.get("split", "")
    if split.isascii() and split.isdigit() and int(split[:6]) < len(form.lines.entries):
        return _page(_with_split(form, int(split[:6])), order, status=200)
    if (text := scan_in(request.form)) is not None:
        return _with_scan(form, text, order)
    if form.validate():
        try:
            with write() as session:
                receipt = receive_goods(
                    session, form.to_command(number), actor=current_actor(), at=utc_now()
                )
        except (Conflict, Invalid) as error:
            form.blame(error)
        else:
            url = url_for(".show", number=receipt.number)
            return redirect_with_flash(url, f"Received as {receipt.number}.")
    return _page(form, order)


def _with_scan(form: ReceiptForm, text: str, order: OrderPage) -> Response:
    """The form with what the label says filled in; nothing is received yet."""
    if not text:  # Enter in another field
        return _page(
            _again(form, [dict(entry.form.data) for entry in form.lines.entries]), order, status=200
        )
    found = scanned(text)
    filled_in = filled([dict(entry.form.data) for entry in form.lines.entries], found, order)
    again = _again(form, filled_in.rows, into=filled_in.into)
    return remembering(_page(again, order, status=200, filled=filled_in), found)


def _with_split(form: ReceiptForm, index: int) -> ReceiptForm:
    """The form with a second row for the same line, for another lot; what was typed stays."""
    rows = [dict(entry.form.data) for entry in form.lines.entries]
    rows.insert(index + 1, {"position": rows[index]["position"], "packs": 0})
    return _again(form, rows)


def _again(
    form: ReceiptForm, rows: list[dict[str, Any]], *, into: str | None = None
) -> ReceiptForm:
    data = {
        "into": into or form.into.data,
        "delivery_note": form.delivery_note.data,
        "key": form.key.data,
        "lines": rows,
    }
    return ReceiptForm(data=data)


def _page(
    form: ReceiptForm, order: OrderPage, *, status: int | None = None, filled: Filled | None = None
) -> Response:
    with read() as session:
        _offer_choices(session, form)
    return render_form(
        "backoffice/purchasing/receipt_new.html",
        form,
        status=status,
        order=order,
        filled=filled,
        lines={line.position: line for line in order.lines},
    )


def _offer_choices(session: ReadSession, form: ReceiptForm) -> None:
    form.into.choices = [
        (place.code, f"{place.name}, {place.site}")
        for place in places(session)
        if place.kind in _TAKES_GOODS
    ]


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

"""Typing an invoice or a credit note from its paper; what was received and not invoiced is filled in."""

import uuid
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response
from wtforms import FormField, HiddenField

from procurement.backoffice.purchasing.invoice_upload import FileForm, paper_of
from procurement.backoffice.purchasing.invoices import bp
from procurement.exchange.invoices import InvoicePrefill
from procurement.kernel.clock import utc_now
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.kernel.money import TaxRate, UnitPrice
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.invoicing import (
    MOST_PAPER,
    NewInvoiceLine,
    RecordInvoice,
    ScannedPaper,
    record_invoice,
)
from procurement.purchasing.queries.invoiceable import invoiceable_lines, lines_of_invoice
from procurement.purchasing.queries.invoices import invoice_page
from procurement.purchasing.queries.orders import order_page
from procurement.purchasing.queries.receipts import receipt_page
from procurement.purchasing.queries.returns import supplier_returns
from procurement.purchasing.rules.invoices import PrintedTotals
from procurement.purchasing.terms import ReturnRow
from procurement.purchasing.terms.invoices import (
    InvoiceableLine,
    InvoicedFor,
    InvoicePage,
)
from procurement.sourcing.queries import supplier_choices, supplier_page
from procurement.web.fields import (
    ChoiceField,
    CodeField,
    DateField,
    MoneyField,
    PriceField,
    ProseField,
    TaxRateField,
    TextField,
    TickField,
    UploadField,
    WholeNumberField,
)
from procurement.web.forms import BaseForm, LineForm, LineList, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

_MOST_RETURNS = 100
__all__ = ["bp"]  # the invoices' door, with the pages below


class InvoiceLineForm(LineForm):
    order = TextField("Order", most=64)
    position = WholeNumberField("Line", least=1)
    packs = WholeNumberField("Packs", required=False)
    unit_price = PriceField("Price of a pack", required=False)
    tax_percent = TaxRateField("Tax", required=False)
    about = ChoiceField(
        "Credited",
        [(InvoicedFor.GOODS.value, "goods"), (InvoicedFor.PRICE.value, "price only")],
        required=False,
        default=InvoicedFor.GOODS.value,
    )

    def to_line(self, currency: str) -> NewInvoiceLine:
        tax: TaxRate | None = self.tax_percent.data
        price: UnitPrice | None = self.unit_price.data
        return NewInvoiceLine(
            order=self.order.data,
            position=self.position.data,
            packs=self.packs.data or 0,
            unit_price=UnitPrice(price.e4, currency) if price else None,
            tax_percent=tax.percent if tax else None,
            about=InvoicedFor(self.about.data or InvoicedFor.GOODS),
        )


class InvoiceForm(BaseForm):
    supplier_number = CodeField("Their number")
    invoiced_on = DateField("Dated")
    due_on = DateField("Due, else by their terms", required=False)
    freight = MoneyField("Freight", required=False)
    other = MoneyField("Other charges", required=False)
    other_words = TextField("What for", required=False)
    net = MoneyField("Net", required=False)
    tax = MoneyField("Tax", required=False)
    gross = MoneyField("Total with tax")
    misprinted = TickField(
        "The paper itself does not add up: keep its total and list the difference"
    )
    paper = UploadField(
        "The paper", most_bytes=MOST_PAPER, required=False, description="A PDF or XML."
    )
    note = ProseField("Note for ourselves", required=False)
    answers_return = ChoiceField("Answers our return", required=False)
    key = HiddenField()
    kept = HiddenField()  # the file that filled this in
    lines = LineList(FormField(InvoiceLineForm), spare=0, least=1)

    def __init__(self, *sent: Any, currency: str, **options: Any) -> None:
        self.currency = currency
        super().__init__(*sent, **options)

    def process(self, *sent: Any, **options: Any) -> None:
        """Amounts are read in the currency of the supplier."""
        for field in (self.freight, self.other, self.net, self.tax, self.gross):
            field.currency = self.currency
        super().process(*sent, **options)

    def to_command(
        self, supplier: str, credits_: str | None, paper: ScannedPaper | None
    ) -> RecordInvoice:
        return RecordInvoice(
            supplier=supplier,
            supplier_number=self.supplier_number.data,
            invoiced_on=self.invoiced_on.data,
            due_on=self.due_on.data,
            lines=tuple(
                entry.form.to_line(self.currency)
                for entry in self.lines.entries
                if entry.form.packs.data
            ),
            freight=self.freight.data,
            other=self.other.data,
            other_words=self.other_words.data,
            printed=PrintedTotals(self.net.data, self.tax.data, self.gross.data),
            misprinted=self.misprinted.data,
            note=self.note.data,
            paper=paper,
            credits=credits_,
            answers_return=self.answers_return.data or None,
            idempotency_key=f"form:{self.key.data[:64]}" if self.key.data else None,
        )

    def blame_rows(self, error: Conflict | Invalid) -> None:
        """Rows of which nothing was invoiced were left out of the command: its numbers are those of the rest."""
        kept = [i for i, entry in enumerate(self.lines.entries) if entry.form.packs.data]
        moved = []
        for one in error.errors:
            parts = one.field.split(".")
            if len(parts) > 1 and parts[0] == "lines" and int(parts[1]) < len(kept):
                parts[1] = str(kept[int(parts[1])])
            moved.append(type(one)(".".join(parts), one.message))
        self.blame(Invalid.of(moved) if moved else error)


@bp.get("/new")
def new() -> Response | str:
    """Of an order, of a delivery, or of all that is not invoiced by a supplier; without one, a choice of suppliers."""
    current_actor().require(Permission.RECORD_INVOICES)
    with read() as session:
        supplier, order, receipt = _asked(session)
        if supplier is None:
            choices = supplier_choices(session)
            return render_form(
                "backoffice/purchasing/invoice_new.html", BaseForm(), suppliers=choices
            )
        lines = invoiceable_lines(session, supplier, order=order, receipt=receipt)
        currency = supplier_page(session, supplier).currency
    rows = [row_of(line, of_order=order is not None) for line in lines]
    form = InvoiceForm(currency=currency, data={"key": uuid.uuid4().hex, "lines": rows})
    return page_of(form, supplier)


@bp.post("/new/<supplier>")
def create(supplier: str) -> Response:
    return _record(supplier, None)


@bp.get("/<number>/credit")
def credit(number: str) -> Response:
    current_actor().require(Permission.RECORD_INVOICES)
    with read() as session:
        invoice = invoice_page(session, number)
    form = InvoiceForm(
        currency=invoice.currency,
        data={"key": uuid.uuid4().hex, "lines": credit_rows(invoice)},
    )
    offer_returns(form, invoice.supplier)
    return page_of(form, invoice.supplier, invoice)


def credit_rows(invoice: InvoicePage) -> list[dict[str, Any]]:
    """What an invoice asks, of which nothing is taken back yet."""
    return [
        {
            "order": line.order,
            "position": line.order_position,
            "packs": 0,
            "unit_price": line.price,
            "tax_percent": line.tax_rate,
        }
        for line in invoice.lines
    ]


@bp.post("/<number>/credit")
def create_credit(number: str) -> Response:
    with read() as session:
        invoice = invoice_page(session, number)
    return _record(invoice.supplier, invoice)


def _record(supplier: str, credited: InvoicePage | None) -> Response:
    with read() as session:
        currency = supplier_page(session, supplier).currency
    form = InvoiceForm.from_request(currency=currency)
    offer_returns(form, supplier if credited else None)
    if form.validate():
        try:
            paper = _paper_of(form)
            command = form.to_command(supplier, credited.number if credited else None, paper)
            with write() as session:
                invoice = record_invoice(session, command, actor=current_actor(), at=utc_now())
        except (Conflict, Invalid) as error:
            form.blame_rows(error)
        else:
            return redirect_with_flash(
                url_for(".show", number=invoice.number), f"Recorded as {invoice.number}."
            )
    return page_of(form, supplier, credited)


def offer_returns(form: InvoiceForm, supplier: str | None) -> None:
    """Returns for which this supplier owes a credit note; none on an invoice."""
    found: tuple[ReturnRow, ...] = ()
    if supplier is not None:
        with read() as session:
            page = PageRequest(_MOST_RETURNS)
            found = supplier_returns(session, page, supplier=supplier, credit_due=True).items
    form.answers_return.choices = [("", "none")] + [
        (one.number, f"{one.number}, {one.credit}") for one in found
    ]


def _paper_of(form: InvoiceForm) -> ScannedPaper | None:
    """What was chosen, or the file that filled the form in."""
    if form.paper.data:
        return ScannedPaper(form.paper.data, form.paper.file_name)
    return paper_of(form.kept.data or "")


def page_of(
    form: InvoiceForm,
    supplier: str,
    credited: InvoicePage | None = None,
    *,
    status: int | None = None,
    told: InvoicePrefill | None = None,
    order: str = "",
) -> Response:
    """The form with the order lines its rows are about; `told` is what a file said."""
    with read() as session:
        found = supplier_page(session, supplier)
        if credited is not None:
            lines = lines_of_invoice(session, credited.number)
        else:
            lines = _lines_of(session, supplier, form)
    return render_form(
        "backoffice/purchasing/invoice_form.html",
        form,
        supplier=found,
        credited=credited,
        status=status,
        known={(line.order, line.position): line for line in lines},
        told=told,
        upload=FileForm(),
        order=order or request.args.get("order", ""),
    )


def _lines_of(session: ReadSession, supplier: str, form: InvoiceForm) -> list[InvoiceableLine]:
    """The order lines of the rows, by their orders: a page that comes back shows what it was typed on."""
    orders = {entry.form.order.data for entry in form.lines.entries if entry.form.order.data}
    found: list[InvoiceableLine] = []
    for order in sorted(orders)[:50]:
        found += invoiceable_lines(session, supplier, order=order)
    return found


def _asked(session: ReadSession) -> tuple[str | None, str | None, str | None]:
    """Supplier, order and delivery of the address."""
    order, receipt = request.args.get("order") or None, request.args.get("receipt") or None
    if receipt is not None:
        page = receipt_page(session, receipt)
        return page.supplier, page.order, receipt
    if order is not None:
        return order_page(session, order).supplier, order, None
    supplier = request.args.get("supplier") or None
    if supplier is not None and supplier not in dict(supplier_choices(session)):
        raise NotFound(f"There is no supplier {supplier}.")
    return supplier, None, None


def row_of(line: InvoiceableLine, *, of_order: bool) -> dict[str, Any]:
    """What was received and is not invoiced; of one order, else what was ordered: its invoice may come first."""
    left = max(0, line.packs - line.invoiced) if of_order else 0
    packs = line.open or left
    return {
        "order": line.order,
        "position": line.position,
        "packs": packs,
        "unit_price": line.price,
        "tax_percent": line.tax_rate,
    }

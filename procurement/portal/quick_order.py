"""Quick order: lines typed, pasted, read from a file or scanned, seen as a whole before anything is put anywhere."""

from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.catalogue.queries.narrowing import ProductFilter
from procurement.catalogue.queries.search import search
from procurement.catalogue.rules.wording import counted
from procurement.catalogue.terms import ProductStatus
from procurement.exchange.order_lists import MOST_BYTES, file_lines, pasted_lines
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, Forbidden, Invalid
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.portal.basket import keep_beside
from procurement.portal.door import bp
from procurement.portal.quick_lines import SPARE, QuickOrder, kept_back, priced, sent_lines
from procurement.sales.operations.enquiries import AskedProduct, RequestQuote, request_quote
from procurement.sales.operations.saved_lists import ListLineInput, create_list
from procurement.sales.rules.written import LONGEST, MOST_WRITTEN, WrittenLine, read_line
from procurement.web.fields import ProseField, UploadField
from procurement.web.filters import show_date, today
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import LONGEST_SEARCH
from procurement.web.transactions import read, write

MOST_OF_VISITOR = 200
LEAST = 2  # letters before anything is proposed


class QuickForm(BaseForm):
    """What comes beside the rows; those are read by `quick_lines`."""

    paste = ProseField(
        "Paste from a spreadsheet, a mail, anywhere",
        required=False,
        most=200_000,
        description="A code, barcode or whole name and how many packs, a line each: “ALM-500  12” or “2x ALM-500”.",
    )
    file = UploadField("Or a CSV or XLSX file", most_bytes=MOST_BYTES, required=False)

    @property
    def scan(self) -> str:
        """As the scanner sent it: its separator is no text that a field would keep."""
        return request.form.get("scan", "").strip(" \r\n")[:LONGEST]

    @property
    def added(self) -> list[WrittenLine]:
        """The lines of all three. Raises Invalid naming the field."""
        lines = []
        if self.paste.data:
            lines += pasted_lines(self.paste.data, today=today())
        if self.file.data:
            lines += _of_file(self.file.data)
        if self.scan:
            lines.append(read_line(self.scan, today=today()))
        return lines


def _of_file(data: bytes) -> list[WrittenLine]:
    try:
        lines = file_lines(data, today=today())
    except Invalid as error:
        raise Invalid(error.message, field="file") from error
    if not lines:
        raise Invalid("No line of this file says how many are wanted.", field="file")
    return lines


@bp.get("/quick-order")
def quick_order() -> Response:
    return _page(QuickForm(), QuickOrder())


@bp.post("/quick-order")
def read_quick_order() -> Response:
    """What was sent, understood; and put where the button says, as far as it is."""
    form, wanted = QuickForm.from_request(), request.form.get("do", "")
    written = sent_lines(request.form, request.form.get("drop", ""))
    if form.validate():
        try:
            written += form.added
            _require_few(written)
        except Invalid as error:
            form.blame(error)
    with read() as session:
        order = priced(session, written[:MOST_WRITTEN], actor=current_actor(), at=utc_now())
    if form.errors or wanted not in {"basket", "ask", "list"}:
        return _page(form, order)
    if form.paste.data or form.file.data or form.scan:
        return _page(form, order)  # what has just been read is looked at first
    try:
        if not order.good:
            raise Invalid("There is nothing to put anywhere yet.")
        return {"basket": _to_basket, "ask": _ask, "list": _keep}[wanted](order)
    except DomainError as error:
        form.form_errors.append(error.message)
        return _page(form, order)


def _require_few(written: list[WrittenLine]) -> None:
    most = MOST_WRITTEN if current_actor().may(Permission.BUY) else MOST_OF_VISITOR
    if len(written) > most:
        raise Invalid(f"At most {most:,} lines at a time, please.", field="paste")


def _to_basket(order: QuickOrder) -> Response:
    keep_beside(order.packs, current_actor())
    number = len(order.packs)
    said = f"{number:,} {'product is' if number == 1 else 'products are'} in your basket, beside what was there."
    if not order.bad:
        return redirect_with_flash(url_for(".basket"), said)
    return _rest(order, said)


def _ask(order: QuickOrder) -> Response:
    _require_account()
    lines = tuple(
        AskedProduct(one.product.sku, one.pack.code, one.packs)
        for line in order.good
        if (one := line.found).product and one.pack
    )
    with write() as session:
        command = RequestQuote(lines=lines)
        enquiry = request_quote(session, command, actor=current_actor(), at=utc_now())
        number = enquiry.number
    said = f"Thank you. {number} is with us; the quote will appear under Quotes."
    if not order.bad:
        return redirect_with_flash(url_for(".quotes"), said)
    return _rest(order, said)


def _keep(order: QuickOrder) -> Response:
    """A list under the name that stands beside the button."""
    _require_account()
    lines = [ListLineInput(key, packs) for key, packs in order.packs.items()]
    name = request.form.get("list_name", "").strip() or f"Quick order {show_date(today(), True)}"
    with write() as session:
        ref = create_list(session, name, lines, actor=current_actor(), at=utc_now()).ref
    said = f"{name} is kept under Lists."
    if not order.bad:
        return redirect_with_flash(url_for(".list_page", ref=ref), said)
    return _rest(order, said)


def _require_account() -> None:
    if current_actor().visit is not None:
        raise Forbidden(
            "From your procurement system you put things in the basket and take it back."
        )


def _rest(order: QuickOrder, said: str) -> Response:
    """What nobody understood stays to be looked at; nothing is lost."""
    with read() as session:
        rest = priced(session, kept_back(order.bad), actor=current_actor(), at=utc_now())
    return _page(QuickForm(), rest, said=said)


def _page(form: QuickForm, order: QuickOrder, said: str = "") -> Response:
    actor = current_actor()
    scanned, status = _scanned(form, order), 422 if form.errors else 200
    if not form.errors:  # it is on the list now
        form = QuickForm()
    return render_form(
        "portal/quick_order.html",
        form,
        status=status,
        order=order,
        said=said,
        scanned=scanned,
        spare=range(len(order.lines), len(order.lines) + SPARE),
        may_buy=actor.may(Permission.BUY),
        has_account=actor.may(Permission.BUY) and actor.visit is None,
    )


def _scanned(form: QuickForm, order: QuickOrder) -> dict[str, Any] | None:
    """What the page says of what was just scanned."""
    if not form.scan or form.errors:
        return None
    text = form.scan
    line = next((one.found for one in order.lines if one.found.written.text == text), None)
    if line is None:  # it was on the list before, or another came first
        return {
            "message": "It was on the list; there is one more of it.",
            "tone": "ok",
            "choices": (),
        }
    if line.is_good and line.product and line.pack:
        words = f"{line.product.name}, {counted(line.packs, line.pack.name)}: on the list."
        return {"message": words, "tone": "ok", "choices": ()}
    return {"message": line.problem, "tone": "past", "choices": ()}


@bp.get("/quick-order/suggest")
def suggest_codes() -> str:
    """Codes that go with what is being typed, as choices of the field: a piece of a page."""
    typed = next(iter(request.args.values()), "")[:LONGEST_SEARCH]
    text = "".join(mark for mark in typed if mark.isprintable()).strip()
    if len(text) < LEAST:
        return ""
    with read() as session:
        wanted = ProductFilter(text, status=ProductStatus.ACTIVE)
        rows = search(session, wanted, PageRequest(8)).page.items
    return render_template("portal/quick_codes.html", rows=rows)

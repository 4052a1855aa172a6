"""A supplier's invoice or credit note as a file, UBL or inside its PDF, laid against our orders: it fills the form.

Nothing is recorded here. What cannot be found on an order, or has no place in the form, is listed for a person.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from procurement.exchange.factur_x import ROOT as CII
from procurement.exchange.factur_x import invoice_in_pdf, read_cii_invoice
from procurement.exchange.finding import line_meant, packs_by_gtin, packs_meant
from procurement.exchange.invoice_terms import InvoiceOnFile, InvoiceOnFileLine
from procurement.exchange.tabular import UnusableFile
from procurement.exchange.ubl.invoice import NOTE, read_ubl_invoice
from procurement.exchange.xml import parse_xml
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money, TaxRate, UnitPrice
from procurement.kernel.paging import PageRequest
from procurement.purchasing.queries.invoiceable import invoiceable_lines, lines_of_invoice
from procurement.purchasing.queries.returns import supplier_returns
from procurement.purchasing.rules.matching import looks_like
from procurement.purchasing.terms.invoices import InvoiceableLine, InvoicedFor, InvoicePage
from procurement.sourcing.terms import SupplierPage

_PRICE = Decimal("0.0001")
_MOST_ORDERS = 20
_MOST_RETURNS = 100


@dataclass(frozen=True, slots=True)
class PrefilledLine:
    """Packs of an order line at the file's price and tax; None: the file does not say. `about` is of credit notes."""

    order: str
    position: int
    packs: int
    price: UnitPrice | None
    tax: TaxRate | None
    about: InvoicedFor = InvoicedFor.GOODS


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicePrefill:
    """What the form is filled in with, and what somebody should look at."""

    number: str
    invoiced_on: date | None
    due_on: date | None
    lines: tuple[PrefilledLine, ...]
    freight: Money | None
    other: Money | None
    other_words: str
    net: Money | None
    tax: Money | None
    gross: Money | None
    remarks: tuple[str, ...]
    unknown: tuple[str, ...]
    answers_return: str | None = None  # our return that a credit note is for


def read_invoice(data: bytes) -> InvoiceOnFile:
    """A UBL 2.1 Invoice or CreditNote, either as CII, or a PDF with one inside. UnusableFile says what is wrong."""
    document = invoice_in_pdf(data) if data.startswith(b"%PDF-") else data
    root = str(parse_xml(document).tag).rpartition("}")[2]
    if root == CII:
        return read_cii_invoice(document)
    return read_ubl_invoice(document, is_credit=root == NOTE)


def prefill_invoice(
    session: ReadSession, invoice: InvoiceOnFile, supplier: SupplierPage, *, order: str | None
) -> InvoicePrefill:
    """Lay the file against the supplier's orders: those it names, else `order`, else all with goods not invoiced.

    UnusableFile where it is in another currency than the supplier's.
    """
    found = _Found(session, supplier.code, order)
    return _laid(session, invoice, supplier, found.lines_for, missing="on none of their orders")


def prefill_credit_note(
    session: ReadSession, note: InvoiceOnFile, supplier: SupplierPage, credited: InvoicePage
) -> InvoicePrefill:
    """Lay a credit note against the invoice that it credits, and find the return that it answers.

    A line at the price that was invoiced takes goods back; at another, something of their price.
    UnusableFile where it is an invoice, or in another currency.
    """
    if not note.is_credit:
        raise UnusableFile("This is an invoice; a credit note is recorded here.")
    lines = lines_of_invoice(session, credited.number)
    told = _laid(
        session, note, supplier, lambda _: lines, missing=f"not on {credited.supplier_number}"
    )
    asked = {(line.order, line.order_position): line.price for line in credited.lines}
    remarks = [*told.remarks, *_other_invoice(note, credited)]
    credited_lines = []
    for line in told.lines:
        was = asked.get((line.order, line.position))
        if line.price is not None and was is not None and line.price != was:
            remarks.append(
                f"{line.packs} packs at {line.price.amount}, invoiced at {was.amount}: taken as a credit of the price "
                "alone. Where goods are taken back, say so at the line."
            )
            credited_lines.append(replace(line, about=InvoicedFor.PRICE))
        else:
            credited_lines.append(line)
    return replace(
        told,
        lines=tuple(credited_lines),
        remarks=tuple(remarks),
        answers_return=_return_meant(session, note, supplier, told),
    )


def _other_invoice(note: InvoiceOnFile, credited: InvoicePage) -> Iterator[str]:
    if note.credits and not looks_like(note.credits, credited.supplier_number):
        yield (
            f"The file credits {note.credits[:60]}; this form is for {credited.supplier_number}."
        )


def _return_meant(
    session: ReadSession, note: InvoiceOnFile, supplier: SupplierPage, told: InvoicePrefill
) -> str | None:
    """The return whose number the file names, else the only one of which a credit of its sum is missing."""
    owed = supplier_returns(
        session, PageRequest(_MOST_RETURNS), supplier=supplier.code, credit_due=True
    ).items
    for one in owed:
        if one.number in note.says:
            return one.number
    same = [one.number for one in owed if one.credit and one.credit in (told.net, told.gross)]
    return same[0] if len(same) == 1 else None


def _laid(
    session: ReadSession,
    invoice: InvoiceOnFile,
    supplier: SupplierPage,
    lines_for: Callable[[InvoiceOnFileLine], Sequence[InvoiceableLine]],
    *,
    missing: str,
) -> InvoicePrefill:
    currency = supplier.currency
    if invoice.currency != currency:
        raise UnusableFile(
            f"The file is in {invoice.currency[:20]}; {supplier.name} is paid in {currency}."
        )
    packs_of = packs_by_gtin(session, [line.gtin for line in invoice.lines])
    lines: list[PrefilledLine] = []
    unknown: list[str] = []
    remarks = list(_remarks(invoice, supplier))
    for line in invoice.lines:
        try:
            meant = line_meant(line, lines_for(line), packs_of, missing=missing)
            packs = packs_meant(line, meant, packs_of)
        except ValueError as error:
            unknown.append(f"Line {line.number}, {line.called[:80]}: {error}")
            continue
        price = _price(line, packs, currency)
        lines.append(PrefilledLine(meant.order, meant.position, packs, price, _rate(line)))
        if price and line.net is not None and price.total(packs).decimal != line.net:
            remarks.append(
                f"Line {line.number}, {meant.product_name}: {packs} x {price.amount} is "
                f"{price.total(packs).amount}, the file says {line.net}."
            )
    return InvoicePrefill(
        number=invoice.number,
        invoiced_on=invoice.invoiced_on,
        due_on=invoice.due_on,
        lines=tuple(_merged(lines)),
        freight=_money(invoice.freight, currency) if invoice.freight else None,
        other=_money(invoice.other, currency) if invoice.other else None,
        other_words=invoice.other_words,
        net=_money(invoice.net, currency),
        tax=_money(invoice.tax, currency),
        gross=_money(invoice.gross, currency),
        remarks=tuple(remarks),
        unknown=tuple(unknown),
    )


class _Found:
    """The lines that a line of the file can mean; those with goods that are not invoiced come first."""

    def __init__(self, session: ReadSession, supplier: str, order: str | None) -> None:
        self._session, self._supplier, self._order = session, supplier, order
        self._known: dict[str | None, Sequence[InvoiceableLine]] = {}

    def lines_for(self, line: InvoiceOnFileLine) -> Sequence[InvoiceableLine]:
        named = line.order.strip().upper().split(" ")[0] or self._order
        lines = self._of(named)
        return lines or self._of(self._order)

    def _of(self, order: str | None) -> Sequence[InvoiceableLine]:
        if order not in self._known:
            if len(self._known) >= _MOST_ORDERS:
                return ()
            lines = invoiceable_lines(self._session, self._supplier, order=order)
            self._known[order] = sorted(lines, key=lambda one: not one.open)
        return self._known[order]


def _remarks(invoice: InvoiceOnFile, supplier: SupplierPage) -> Iterator[str]:
    if invoice.seller and invoice.seller.casefold() != supplier.name.casefold():
        yield f"The file is from {invoice.seller[:120]}, this form is for {supplier.name}."
    if invoice.taken_off:
        yield (
            f"The file takes {invoice.taken_off} off the whole, for which the form has no place: "
            "take it off the prices, or keep the paper's total and list the difference."
        )


def _price(line: InvoiceOnFileLine, packs: int, currency: str) -> UnitPrice | None:
    """Of one of our packs: the price as it is written, or what the line's amount makes it where that fits better."""
    if packs == 0 or (line.price is None and line.net is None):
        return None
    told = None
    if line.price is not None and line.price_for > 0:
        told = _unit_price(line.price / line.price_for * line.quantity / packs, currency)
    if line.net is None:
        return told
    if told is not None and told.total(packs).decimal == line.net:
        return told
    paid = _unit_price(line.net / packs, currency)
    fits = paid is not None and paid.total(packs).decimal == line.net
    return paid if fits or told is None else told


def _unit_price(amount: Decimal, currency: str) -> UnitPrice | None:
    try:
        return UnitPrice.parse(f"{amount.quantize(_PRICE):f}", currency)
    except (ValueError, ArithmeticError):
        return None


def _rate(line: InvoiceOnFileLine) -> TaxRate | None:
    if line.tax_percent is None:
        return None
    try:
        return TaxRate.parse(f"{line.tax_percent.normalize():f}")
    except ValueError:
        return None


def _money(amount: Decimal | None, currency: str) -> Money | None:
    if amount is None:
        return None
    try:
        return Money.parse(f"{amount.normalize():f}", currency)
    except ValueError as error:
        raise UnusableFile(f"{amount} is no amount in {currency}.") from error


def _merged(lines: Sequence[PrefilledLine]) -> Iterator[PrefilledLine]:
    """Two lines of the file about one order line at one price are one row of the form."""
    rows: dict[tuple[str, int, UnitPrice | None, TaxRate | None], int] = {}
    for line in lines:
        key = (line.order, line.position, line.price, line.tax)
        rows[key] = rows.get(key, 0) + line.packs
    for (order, position, price, tax), packs in rows.items():
        yield PrefilledLine(order, position, packs, price, tax)

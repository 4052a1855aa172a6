"""A supplier's invoice as a file, UBL or inside its PDF, laid against our orders: it fills the invoice's form.

Nothing is recorded here. What cannot be found on an order, or has no place in the form, is listed for a person.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from procurement.exchange.factur_x import ROOT as CII
from procurement.exchange.factur_x import invoice_in_pdf, read_cii_invoice
from procurement.exchange.finding import line_meant, packs_by_gtin, packs_meant
from procurement.exchange.invoice_terms import InvoiceOnFile, InvoiceOnFileLine
from procurement.exchange.tabular import UnusableFile
from procurement.exchange.ubl.invoice import read_ubl_invoice
from procurement.exchange.xml import parse_xml
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money, Rate, UnitPrice
from procurement.purchasing.queries.invoiceable import invoiceable_lines
from procurement.purchasing.terms.invoices import InvoiceableLine
from procurement.sourcing.terms import SupplierPage

_PRICE = Decimal("0.0001")
_MOST_ORDERS = 20


@dataclass(frozen=True, slots=True)
class PrefilledLine:
    """Packs of an order line at the file's price and tax; None: the file does not say."""

    order: str
    position: int
    packs: int
    price: UnitPrice | None
    tax: Rate | None


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


def read_invoice(data: bytes) -> InvoiceOnFile:
    """A UBL 2.1 Invoice, a CII invoice, or a PDF with one inside. UnusableFile says what is wrong."""
    document = invoice_in_pdf(data) if data.startswith(b"%PDF-") else data
    root = str(parse_xml(document).tag).rpartition("}")[2]
    if root == "CreditNote":
        raise UnusableFile("This is a credit note: record it at the invoice that it credits.")
    return read_cii_invoice(document) if root == CII else read_ubl_invoice(document)


def prefill_invoice(
    session: ReadSession, invoice: InvoiceOnFile, supplier: SupplierPage, *, order: str | None
) -> InvoicePrefill:
    """Lay the file against the supplier's orders: those it names, else `order`, else all with goods not invoiced.

    UnusableFile where it is in another currency than the supplier's.
    """
    currency = supplier.currency
    if invoice.currency != currency:
        raise UnusableFile(
            f"The file is in {invoice.currency[:20]}; {supplier.name} is paid in {currency}."
        )
    found = _Found(session, supplier.code, order)
    packs_of = packs_by_gtin(session, [line.gtin for line in invoice.lines])
    lines: list[PrefilledLine] = []
    unknown: list[str] = []
    remarks = list(_remarks(invoice, supplier))
    for line in invoice.lines:
        try:
            lines_of_file = found.lines_for(line)
            meant = line_meant(line, lines_of_file, packs_of, missing="on none of their orders")
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


def _rate(line: InvoiceOnFileLine) -> Rate | None:
    if line.tax_percent is None:
        return None
    try:
        return Rate.parse(f"{line.tax_percent.normalize():f}")
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
    rows: dict[tuple[str, int, UnitPrice | None, Rate | None], int] = {}
    for line in lines:
        key = (line.order, line.position, line.price, line.tax)
        rows[key] = rows.get(key, 0) + line.packs
    for (order, position, price, tax), packs in rows.items():
        yield PrefilledLine(order, position, packs, price, tax)

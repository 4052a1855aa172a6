"""Recording what suppliers ask for: invoices, and the credit notes that take something of them back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from procurement.audit.operations import record
from procurement.files.operations.papers import keep_paper
from procurement.files.queries import PDF
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import MAX_MINOR
from procurement.kernel.errors import Conflict, FieldError, Invalid
from procurement.kernel.money import Money, TaxRate, UnitPrice
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.purchasing.errors import InvoiceUnknown, OverInvoiced
from procurement.purchasing.models import (
    PurchaseOrder,
    PurchaseOrderLine,
    SupplierInvoice,
    SupplierInvoiceLine,
)
from procurement.purchasing.operations.answering_returns import answer_return
from procurement.purchasing.operations.matching import match_invoice, match_order_invoices
from procurement.purchasing.queries.invoice_match import (
    invoice_for_update,
    invoice_terms,
    orders_of_invoice,
)
from procurement.purchasing.queries.invoices import credited_so_far, invoice_by_key
from procurement.purchasing.queries.orders import purchase_order_for_update
from procurement.purchasing.rules.invoices import PrintedTotals, summed
from procurement.purchasing.rules.totals import TaxedLine
from procurement.purchasing.terms import OrderStatus
from procurement.purchasing.terms.invoices import (
    UNDECIDED,
    InvoicedFor,
    InvoiceKind,
    InvoiceStatus,
)
from procurement.settings.queries import get_company
from procurement.sourcing.models import Supplier

MOST_LINES = 500
MOST_DAYS = 366
MOST_PAPER = 10 * 1024 * 1024
_XML = "application/xml"
_NOT_ORDERED = frozenset({OrderStatus.DRAFT, OrderStatus.APPROVED, OrderStatus.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvoiceLine:
    """Packs of an order line; `unit_price` and `tax_percent` None: as ordered."""

    order: str
    position: int
    packs: int
    unit_price: UnitPrice | None = None
    tax_percent: str | None = None
    about: InvoicedFor = InvoicedFor.GOODS


@dataclass(frozen=True, slots=True)
class ScannedPaper:
    """The invoice as it came: a PDF, or an XML document."""

    content: bytes
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInvoice:
    """An invoice as its paper says it. `credits` makes it a credit note for that invoice of ours.

    `printed` are the paper's sums; they must be what the lines add up to, unless `misprinted` says that the paper
    itself is wrong. The same `idempotency_key` again gives the same invoice.
    """

    supplier: str
    supplier_number: str
    invoiced_on: date
    lines: tuple[NewInvoiceLine, ...]
    due_on: date | None = None
    freight: Money | None = None
    other: Money | None = None
    other_words: str = ""
    printed: PrintedTotals | None = None
    misprinted: bool = False
    note: str = ""
    paper: ScannedPaper | None = None
    credits: str | None = None
    answers_return: str | None = None  # of a credit note: our return that it is for
    idempotency_key: str | None = None


def record_invoice(
    session: Session, command: RecordInvoice, *, actor: Actor, at: datetime
) -> SupplierInvoice:
    """Keep the invoice and match it with order and receipt. Raises DuplicateInvoice, OverInvoiced, Invalid."""
    actor.require(Permission.RECORD_INVOICES)
    supplier = session.scalar(select(Supplier).where(Supplier.code == command.supplier))
    if supplier is None:
        raise Invalid(f"There is no supplier {command.supplier}.", field="supplier")
    ordered = _ordered(session, command, supplier)
    if command.idempotency_key and (before := invoice_by_key(session, command.idempotency_key)):
        return before
    credited = _credited(session, command, supplier)
    invoice = _invoice(session, command, supplier, credited, actor=actor, at=at)
    invoice.lines = _lines(command, ordered, invoice.currency)
    _total_up(session, invoice, command)
    session.add(invoice)
    sign = -1 if credited else 1
    for line, told in zip(invoice.lines, command.lines, strict=True):
        if line.about is InvoicedFor.GOODS:
            ordered[told.order, told.position].invoiced += sign * line.packs
    session.flush()  # matching reads the counters from the tables
    if command.answers_return:
        answer_return(session, invoice, command.answers_return)
    if credited is None:
        match_invoice(session, invoice)
    else:
        _take_back(session, credited)
        for order_id in sorted({line.order_id for line in ordered.values()}):
            match_order_invoices(session, order_id)
    what = f"{invoice.supplier_number} of {supplier.name}, {Money(invoice.gross_minor, invoice.currency)}"
    verb = "record credit note" if credited else "record invoice"
    record(session, verb, invoice.number, what[:500], actor=actor, at=at)
    return invoice


def _ordered(
    session: Session, command: RecordInvoice, supplier: Supplier
) -> dict[tuple[str, int], PurchaseOrderLine]:
    """The order lines the invoice names, their orders locked in the order of their numbers."""
    if not 1 <= len(command.lines) <= MOST_LINES:
        raise Invalid(f"An invoice has between 1 and {MOST_LINES} lines.", field="lines")
    numbers = {line.order for line in command.lines}
    known = dict(
        session.execute(
            select(PurchaseOrder.number, PurchaseOrder.supplier_id).where(
                PurchaseOrder.number.in_(numbers)
            )
        ).all()
    )
    theirs = {number for number, owner in known.items() if owner == supplier.id}
    orders = {number: purchase_order_for_update(session, number) for number in sorted(theirs)}
    found = {
        (number, line.position): line for number, order in orders.items() for line in order.lines
    }
    errors = []
    for index, line in enumerate(command.lines):
        if line.order not in orders:
            message = f"{line.order} is no order from {supplier.name}."
            errors.append(FieldError(f"lines.{index}.order", message))
        elif orders[line.order].status in _NOT_ORDERED:
            errors.append(FieldError(f"lines.{index}.order", f"{line.order} was never placed."))
        elif (line.order, line.position) not in found:
            message = f"{line.order} has no line {line.position}."
            errors.append(FieldError(f"lines.{index}.position", message))
    if len({order.currency for order in orders.values()}) > 1:
        errors.append(FieldError("lines", "These orders are not all in one currency."))
    if errors:
        raise Invalid.of(errors)
    return found


def _credited(
    session: Session, command: RecordInvoice, supplier: Supplier
) -> SupplierInvoice | None:
    """The invoice a credit note is about, locked."""
    if command.credits is None:
        return None
    try:
        credited = invoice_for_update(session, command.credits)
    except InvoiceUnknown as error:
        raise Invalid(error.message, field="credits") from error
    if credited.supplier_id != supplier.id or credited.kind is not InvoiceKind.INVOICE:
        raise Invalid(f"{command.credits} is no invoice of {supplier.name}.", field="credits")
    if credited.status in {InvoiceStatus.CANCELLED, InvoiceStatus.CREDITED}:
        raise Conflict(f"{credited.number} is {credited.status} already.", field="credits")
    numbers = set(orders_of_invoice(session, credited.number))
    for index, line in enumerate(command.lines):
        if line.order not in numbers:
            message = f"{credited.number} is not about {line.order}."
            raise Invalid(message, field=f"lines.{index}.order")
    return credited


def _invoice(
    session: Session,
    command: RecordInvoice,
    supplier: Supplier,
    credited: SupplierInvoice | None,
    *,
    actor: Actor,
    at: datetime,
) -> SupplierInvoice:
    today = today_in(get_company(session).time_zone, at)
    days = 0 if credited else invoice_terms(session, supplier, command.invoiced_on).payment_days
    due_on = command.due_on or command.invoiced_on + timedelta(days=days)
    _require_dates(command, due_on, today)
    paper = _paper(session, command.paper, at) if command.paper else None
    return SupplierInvoice(
        number=next_number(session, Series.SUPPLIER_INVOICE, today),
        supplier_id=supplier.id,
        supplier_number=text.code(command.supplier_number, "supplier_number"),
        kind=InvoiceKind.CREDIT_NOTE if credited else InvoiceKind.INVOICE,
        credits_id=credited.id if credited else None,
        status=InvoiceStatus.MATCHED if credited else InvoiceStatus.RECORDED,
        currency=credited.currency if credited else supplier.currency,
        invoiced_on=command.invoiced_on,
        due_on=due_on,
        other_words=text.optional_line(command.other_words, "other_words"),
        note=text.prose(command.note, "note"),
        paper_id=paper,
        recorded_at=at,
        recorded_by=actor.name[:200],
        reason="",
        idempotency_key=command.idempotency_key,
        differences=[],
    )


def _require_dates(command: RecordInvoice, due_on: date, today: date) -> None:
    if command.invoiced_on > today:
        raise Invalid("That day is still to come.", field="invoiced_on")
    if (today - command.invoiced_on).days > 10 * MOST_DAYS:
        raise Invalid("That is more than ten years ago.", field="invoiced_on")
    if not 0 <= (due_on - command.invoiced_on).days <= MOST_DAYS:
        raise Invalid("It is due within a year of its date.", field="due_on")


def _paper(session: Session, paper: ScannedPaper, at: datetime) -> int:
    kind = PDF if paper.content.startswith(b"%PDF-") else _XML
    if kind == _XML and not paper.content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        raise Invalid("A PDF, please, or the invoice as XML.", field="paper")
    if len(paper.content) > MOST_PAPER:
        raise Invalid(f"At most {MOST_PAPER // 1024**2} MB, please.", field="paper")
    return keep_paper(session, paper.content, paper.name[:200], at=at, media_type=kind).id


def _lines(
    command: RecordInvoice, ordered: Mapping[tuple[str, int], PurchaseOrderLine], currency: str
) -> list[SupplierInvoiceLine]:
    lines, errors = [], []
    for index, told in enumerate(command.lines):
        order_line = ordered[told.order, told.position]
        price = told.unit_price or UnitPrice(order_line.price_e4, currency)
        fault = _fault(told, price, currency, is_note=command.credits is not None)
        if fault:
            errors.append(FieldError(f"lines.{index}.{fault[0]}", fault[1]))
            continue
        lines.append(
            SupplierInvoiceLine(
                position=index + 1,
                order_line_id=order_line.id,
                about=told.about,
                packs=told.packs,
                price_e4=price.e4,
                tax_ppm=_tax_ppm(told, order_line, index),
                net_minor=price.total(told.packs).minor,
            )
        )
    if errors:
        raise Invalid.of(errors)
    return lines


def _fault(
    told: NewInvoiceLine, price: UnitPrice, currency: str, *, is_note: bool
) -> tuple[str, str] | None:
    if not 1 <= told.packs <= 1_000_000:
        return "packs", "The packs lie between 1 and 1,000,000."
    if price.currency != currency:
        return "unit_price", f"The supplier is paid in {currency}."
    if price.total(told.packs).minor > MAX_MINOR:
        return "packs", "The line's amount is too large."
    if told.about is InvoicedFor.PRICE and not is_note:
        return "about", "Only a credit note is about the price alone."
    return None


def _tax_ppm(told: NewInvoiceLine, order_line: PurchaseOrderLine, index: int) -> int:
    if told.tax_percent is None:
        return order_line.tax_ppm
    try:
        return TaxRate.parse(told.tax_percent).ppm
    except ValueError as error:
        raise Invalid(str(error), field=f"lines.{index}.tax_percent") from error


def _total_up(session: Session, invoice: SupplierInvoice, command: RecordInvoice) -> None:
    currency = invoice.currency
    freight = _charge(command.freight, currency, "freight")
    other = _charge(command.other, currency, "other")
    taxed = [
        TaxedLine(Money(line.net_minor, currency), TaxRate(line.tax_ppm)) for line in invoice.lines
    ]
    sums = summed(
        taxed,
        freight + other,
        rule=get_company(session).rounding_rule,
        printed=command.printed,
        misprinted=command.misprinted,
    )
    if sums.totals.gross.minor > MAX_MINOR:
        raise Invalid("The invoice's total is too large.", field="lines")
    invoice.freight_minor, invoice.other_minor = freight.minor, other.minor
    invoice.net_minor = sums.totals.net.minor
    invoice.tax_minor = sums.totals.tax.minor
    invoice.gross_minor = sums.totals.gross.minor
    invoice.misprint_minor = sums.misprint.minor


def _charge(amount: Money | None, currency: str, field: str) -> Money:
    if amount is None:
        return Money(0, currency)
    if amount.currency != currency:
        raise Invalid(f"The supplier is paid in {currency}.", field=field)
    if amount.minor < 0:
        raise Invalid("This is not below zero.", field=field)
    return amount


def _take_back(session: Session, credited: SupplierInvoice) -> None:
    """Never more than the invoice asks for. Taken back whole before anybody agreed to it, both are over."""
    taken = credited_so_far(session, credited.id)
    asked = Money(credited.gross_minor, credited.currency)
    if taken > credited.gross_minor:
        over = Money(taken - credited.gross_minor, credited.currency)
        raise OverInvoiced(f"{over} more would be credited than the {asked} of {credited.number}.")
    if taken == credited.gross_minor and credited.status in UNDECIDED:
        credited.status = InvoiceStatus.CREDITED
        for other in _notes_of(session, credited):
            other.status = InvoiceStatus.CREDITED


def _notes_of(session: Session, credited: SupplierInvoice) -> Sequence[SupplierInvoice]:
    return session.scalars(
        select(SupplierInvoice)
        .where(
            SupplierInvoice.credits_id == credited.id,
            SupplierInvoice.status != InvoiceStatus.CANCELLED,
        )
        .options(selectinload(SupplierInvoice.lines))
    ).all()

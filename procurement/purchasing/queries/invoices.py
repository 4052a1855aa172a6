"""Supplier invoices: in lists and on their page."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import selectinload

from procurement.catalogue.models import Pack, Product
from procurement.files.queries import Paper, kept_paper
from procurement.kernel.actor import Actor
from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.money import Money, TaxRate, UnitPrice
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Pack as PackValue
from procurement.kernel.quantity import Quantity
from procurement.kernel.text import containing
from procurement.purchasing.errors import InvoiceUnknown
from procurement.purchasing.models import (
    PurchaseOrder,
    PurchaseOrderLine,
    SupplierInvoice,
    SupplierInvoiceDifference,
    SupplierInvoiceLine,
)
from procurement.purchasing.queries.invoice_match import match_lines
from procurement.purchasing.rules.matching import MatchLine, looks_like
from procurement.purchasing.terms import Totals
from procurement.purchasing.terms.invoices import (
    UNDECIDED,
    Difference,
    InvoiceKind,
    InvoiceLineRow,
    InvoicePage,
    InvoiceRow,
    InvoiceStatus,
)
from procurement.sourcing.models import Supplier

_MOST_COMPARED = 2_000  # invoices of one supplier, the latest


@dataclass(frozen=True, slots=True)
class InvoiceFilter:
    """Which invoices; None and empty mean all. `text` is part of a number, ours or theirs, or of a supplier."""

    statuses: frozenset[InvoiceStatus] | None = None
    supplier: str | None = None
    order: str | None = None
    text: str = ""
    due_until: date | None = None


def invoice_by_key(session: ReadSession, key: str) -> SupplierInvoice | None:
    found: SupplierInvoice | None = session.scalar(
        select(SupplierInvoice).where(SupplierInvoice.idempotency_key == key)
    )
    return found


def invoice_called(session: ReadSession, supplier: str, number: str) -> str | None:
    """Our number of the invoice that a supplier calls so, however it is written; None where it is not recorded."""
    rows = session.execute(
        select(SupplierInvoice.number, SupplierInvoice.supplier_number)
        .join(Supplier, Supplier.id == SupplierInvoice.supplier_id)
        .where(
            Supplier.code == supplier,
            SupplierInvoice.kind == InvoiceKind.INVOICE,
            SupplierInvoice.status != InvoiceStatus.CANCELLED,
        )
        .order_by(SupplierInvoice.id.desc())
        .limit(_MOST_COMPARED)
    )
    return next((ours for ours, theirs in rows if looks_like(theirs, number)), None)


def credited_so_far(session: ReadSession, invoice_id: int, *, only_approved: bool = False) -> int:
    """What credit notes take off an invoice, in minor units."""
    statement = select(func.sum(SupplierInvoice.gross_minor)).where(
        SupplierInvoice.credits_id == invoice_id,
        SupplierInvoice.status != InvoiceStatus.CANCELLED,
    )
    if only_approved:
        statement = statement.where(SupplierInvoice.status == InvoiceStatus.APPROVED)
    return int(session.scalar(statement) or 0)


def live_credit_notes(session: ReadSession, invoice_id: int) -> list[str]:
    return list(
        session.scalars(
            select(SupplierInvoice.number).where(
                SupplierInvoice.credits_id == invoice_id,
                SupplierInvoice.status != InvoiceStatus.CANCELLED,
            )
        )
    )


def invoices(session: ReadSession, wanted: InvoiceFilter, paging: PageRequest) -> Page[InvoiceRow]:
    """Invoices and credit notes, the latest first."""
    statement = (
        _rows()
        .where(*_conditions(wanted))
        .order_by(SupplierInvoice.id.desc())
        .limit(paging.limit + 1)
    )
    if (after := paging.key(int)) is not None:
        statement = statement.where(SupplierInvoice.id < after[0])
    found = session.execute(statement).all()
    keys = {row[0].number: row[0].id for row in found}
    return paging.page([_row(*row) for row in found], lambda row: (keys[row.number],))


def invoices_due(session: ReadSession, until: date, *, limit: int) -> list[InvoiceRow]:
    """Those not decided yet that are to be paid until a day, the earliest first."""
    wanted = InvoiceFilter(statuses=UNDECIDED, due_until=until)
    statement = (
        _rows()
        .where(*_conditions(wanted), SupplierInvoice.kind == InvoiceKind.INVOICE)
        .order_by(SupplierInvoice.due_on, SupplierInvoice.id)
        .limit(limit)
    )
    return [_row(*row) for row in session.execute(statement)]


def count_invoices(session: ReadSession) -> dict[InvoiceStatus, int]:
    """How many invoices there are of each status."""
    rows = session.execute(
        select(SupplierInvoice.status, func.count()).group_by(SupplierInvoice.status)
    )
    return {status: int(count) for status, count in rows}


def invoice_page(session: ReadSession, number: str) -> InvoicePage:
    """An invoice with its lines beside what was ordered and received, and every difference."""
    row = session.execute(
        select(SupplierInvoice, Supplier)
        .join(Supplier, Supplier.id == SupplierInvoice.supplier_id)
        .where(SupplierInvoice.number == number)
        .options(selectinload(SupplierInvoice.lines), selectinload(SupplierInvoice.differences))
    ).one_or_none()
    if row is None:
        raise InvoiceUnknown(f"There is no supplier invoice {number}.")
    invoice, supplier = row
    credited = session.scalar(
        select(SupplierInvoice.number).where(SupplierInvoice.id == invoice.credits_id)
    )
    notes = session.execute(
        _rows().where(SupplierInvoice.credits_id == invoice.id).order_by(SupplierInvoice.id)
    )
    differences = tuple(_difference(one, invoice.currency) for one in invoice.differences)
    return InvoicePage(
        number=invoice.number,
        kind=invoice.kind,
        status=invoice.status,
        version=invoice.version,
        supplier=supplier.code,
        supplier_name=supplier.name,
        supplier_number=invoice.supplier_number,
        credits=credited,
        credit_notes=tuple(_row(*note) for note in notes),
        currency=invoice.currency,
        invoiced_on=invoice.invoiced_on,
        due_on=invoice.due_on,
        freight=Money(invoice.freight_minor, invoice.currency),
        other=Money(invoice.other_minor, invoice.currency),
        other_words=invoice.other_words,
        note=invoice.note,
        has_paper=invoice.paper_id is not None,
        recorded_at=invoice.recorded_at,
        recorded_by=invoice.recorded_by,
        decided_at=invoice.decided_at,
        decided_by=invoice.decided_by,
        reason=invoice.reason,
        lines=_line_rows(session, invoice, differences),
        differences=differences,
        totals=_totals(invoice, 1),
    )


def invoice_paper(session: ReadSession, number: str, *, actor: Actor) -> Paper:
    """The invoice as it came, where somebody attached it."""
    actor.require(Permission.SEE_PURCHASING)
    paper_id = session.scalar(
        select(SupplierInvoice.paper_id).where(SupplierInvoice.number == number)
    )
    paper = kept_paper(session, paper_id) if paper_id else None
    if paper is None:
        raise InvoiceUnknown(f"No paper is attached to {number}.")
    return paper


def _line_rows(
    session: ReadSession, invoice: SupplierInvoice, differences: tuple[Difference, ...]
) -> tuple[InvoiceLineRow, ...]:
    matched = {line.position: line for line in match_lines(session, invoice)}
    by_position: defaultdict[int | None, list[Difference]] = defaultdict(list)
    for one in differences:
        by_position[one.position].append(one)
    rows = session.execute(
        select(SupplierInvoiceLine, PurchaseOrderLine, PurchaseOrder.number, Product, Pack)
        .join(PurchaseOrderLine, PurchaseOrderLine.id == SupplierInvoiceLine.order_line_id)
        .join(PurchaseOrder, PurchaseOrder.id == PurchaseOrderLine.order_id)
        .join(Product, Product.id == PurchaseOrderLine.product_id)
        .join(Pack, Pack.id == PurchaseOrderLine.pack_id)
        .where(SupplierInvoiceLine.invoice_id == invoice.id)
        .order_by(SupplierInvoiceLine.position)
    )
    return tuple(
        _line_row(*row, match=matched[row[0].position], found=tuple(by_position[row[0].position]))
        for row in rows
    )


def _line_row(
    line: SupplierInvoiceLine,
    ordered: PurchaseOrderLine,
    order: str,
    product: Product,
    pack: Pack,
    *,
    match: MatchLine,
    found: tuple[Difference, ...],
) -> InvoiceLineRow:
    return InvoiceLineRow(
        position=line.position,
        order=order,
        order_position=ordered.position,
        product=product.sku,
        product_name=ordered.name,
        supplier_code=ordered.supplier_code,
        pack_value=PackValue(pack.name, Quantity(ordered.pack_steps, product.unit)),
        about=line.about,
        ordered=ordered.packs,
        received=ordered.received,
        returned=ordered.received - ordered.kept,
        invoiced_before=match.before,
        packs=line.packs,
        agreed=match.agreed,
        price=UnitPrice(line.price_e4, match.price.currency),
        tax_rate=TaxRate(line.tax_ppm),
        net=Money(line.net_minor, match.price.currency),
        differences=found,
    )


def _difference(one: SupplierInvoiceDifference, currency: str) -> Difference:
    amount = Money(one.amount_minor, currency)
    return Difference(one.kind, one.position, one.words, amount, one.is_within)


def _rows() -> AnySelect:
    open_ = (
        select(func.count())
        .where(
            SupplierInvoiceDifference.invoice_id == SupplierInvoice.id,
            SupplierInvoiceDifference.is_within.is_(False),
        )
        .scalar_subquery()
    )
    return select(SupplierInvoice, Supplier.code, Supplier.name, open_).join(
        Supplier, Supplier.id == SupplierInvoice.supplier_id
    )


def _row(invoice: SupplierInvoice, supplier: str, name: str, differences: int) -> InvoiceRow:
    sign = -1 if invoice.kind is InvoiceKind.CREDIT_NOTE else 1
    return InvoiceRow(
        number=invoice.number,
        kind=invoice.kind,
        status=invoice.status,
        supplier=supplier,
        supplier_name=name,
        supplier_number=invoice.supplier_number,
        invoiced_on=invoice.invoiced_on,
        due_on=invoice.due_on,
        totals=_totals(invoice, sign),
        differences=int(differences),
        recorded_at=invoice.recorded_at,
        recorded_by=invoice.recorded_by,
        decided_at=invoice.decided_at,
        decided_by=invoice.decided_by,
    )


def _totals(invoice: SupplierInvoice, sign: int) -> Totals:
    return Totals(
        Money(sign * invoice.net_minor, invoice.currency),
        Money(sign * invoice.tax_minor, invoice.currency),
        Money(sign * invoice.gross_minor, invoice.currency),
    )


def _conditions(wanted: InvoiceFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.statuses is not None:
        found.append(SupplierInvoice.status.in_(wanted.statuses))
    if wanted.supplier is not None:
        found.append(Supplier.code == wanted.supplier)
    if wanted.due_until is not None:
        found.append(SupplierInvoice.due_on <= wanted.due_until)
    if wanted.order is not None:
        about = (
            select(SupplierInvoiceLine.invoice_id)
            .join(PurchaseOrderLine, PurchaseOrderLine.id == SupplierInvoiceLine.order_line_id)
            .join(PurchaseOrder, PurchaseOrder.id == PurchaseOrderLine.order_id)
            .where(PurchaseOrder.number == wanted.order)
        )
        found.append(SupplierInvoice.id.in_(about))
    if wanted.text:
        found.append(_mentions(wanted.text))
    return found


def _mentions(typed: str) -> ColumnElement[bool]:
    pattern = containing(typed.lower())

    def contains(column: Any) -> ColumnElement[bool]:
        return func.lower(column).like(pattern, escape="\\")

    columns = (SupplierInvoice.number, SupplierInvoice.supplier_number, Supplier.name)
    return or_(*(contains(column) for column in columns))

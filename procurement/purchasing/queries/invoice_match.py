"""What an invoice is matched with: its order lines, earlier invoices, credit notes, the supplier's terms."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money, Rate, TaxRate, UnitPrice, minor_digits, round_half_up
from procurement.purchasing.errors import InvoiceUnknown
from procurement.purchasing.models import (
    InvoiceRules,
    PurchaseOrder,
    PurchaseOrderLine,
    SupplierInvoice,
    SupplierInvoiceLine,
    SupplierInvoiceTerms,
)
from procurement.purchasing.rules.matching import (
    DEFAULT_PAYMENT_DAYS,
    DEFAULT_TOLERANCE,
    MatchCharges,
    MatchLine,
    looks_like,
)
from procurement.purchasing.terms.invoices import (
    UNDECIDED,
    InvoicedFor,
    InvoiceKind,
    InvoiceStatus,
    InvoiceTermsRow,
    InvoiceTolerance,
)
from procurement.settings.queries import get_company, rate_on
from procurement.sourcing.models import Supplier

_MOST_TWINS = 3
_GONE = InvoiceStatus.CANCELLED


def invoice_for_update(session: Session, number: str) -> SupplierInvoice:
    """The invoice, locked. Its orders are locked before it: see `orders_of_invoice`."""
    invoice = session.scalar(
        select(SupplierInvoice)
        .where(SupplierInvoice.number == number)
        .with_for_update()
        .options(selectinload(SupplierInvoice.lines), selectinload(SupplierInvoice.differences))
        .execution_options(populate_existing=True)
    )
    if invoice is None:
        raise InvoiceUnknown(f"There is no supplier invoice {number}.")
    return invoice


def orders_of_invoice(session: ReadSession, number: str) -> list[str]:
    """The orders an invoice is about; they never change, and are locked in this order."""
    return list(
        session.scalars(
            select(PurchaseOrder.number)
            .join(PurchaseOrderLine, PurchaseOrderLine.order_id == PurchaseOrder.id)
            .join(SupplierInvoiceLine, SupplierInvoiceLine.order_line_id == PurchaseOrderLine.id)
            .join(SupplierInvoice, SupplierInvoice.id == SupplierInvoiceLine.invoice_id)
            .where(SupplierInvoice.number == number)
            .distinct()
            .order_by(PurchaseOrder.number)
        )
    )


def undecided_of_order(session: Session, order_id: int) -> list[SupplierInvoice]:
    """Invoices about an order that nobody has decided, locked, the earliest first."""
    about = (
        select(SupplierInvoiceLine.invoice_id)
        .join(PurchaseOrderLine, PurchaseOrderLine.id == SupplierInvoiceLine.order_line_id)
        .where(PurchaseOrderLine.order_id == order_id)
    )
    return list(
        session.scalars(
            select(SupplierInvoice)
            .where(
                SupplierInvoice.id.in_(about),
                SupplierInvoice.status.in_(UNDECIDED),
                SupplierInvoice.kind == InvoiceKind.INVOICE,
            )
            .order_by(SupplierInvoice.id)
            .with_for_update()
            .options(selectinload(SupplierInvoice.lines), selectinload(SupplierInvoice.differences))
            .execution_options(populate_existing=True)
        )
    )


def undecided_invoices(session: ReadSession, supplier_id: int | None) -> list[str]:
    """Numbers of invoices that nobody has decided, the earliest first."""
    statement = select(SupplierInvoice.number).where(
        SupplierInvoice.status.in_(UNDECIDED), SupplierInvoice.kind == InvoiceKind.INVOICE
    )
    if supplier_id is not None:
        statement = statement.where(SupplierInvoice.supplier_id == supplier_id)
    return list(session.scalars(statement.order_by(SupplierInvoice.id)))


def match_lines(session: ReadSession, invoice: SupplierInvoice) -> list[MatchLine]:
    """The lines beside their order lines as they are now."""
    ids = {line.order_line_id for line in invoice.lines}
    rows = session.execute(
        select(PurchaseOrderLine, PurchaseOrder.currency)
        .join(PurchaseOrder, PurchaseOrder.id == PurchaseOrderLine.order_id)
        .where(PurchaseOrderLine.id.in_(ids))
    ).all()
    ordered = {line.id: (line, currency) for line, currency in rows}
    before = invoiced_before(session, invoice.id, ids)
    credited = _allowances(session, invoice.id)
    found = []
    for line in invoice.lines:
        order_line, currency = ordered[line.order_line_id]
        found.append(
            MatchLine(
                position=line.position,
                name=order_line.name,
                received=order_line.received,
                returned=order_line.received - order_line.kept,
                before=before.get(line.order_line_id, 0),
                packs=line.packs,
                agreed=UnitPrice(order_line.price_e4, currency),
                price=UnitPrice(line.price_e4, invoice.currency),
                agreed_tax=TaxRate(order_line.tax_ppm),
                tax=TaxRate(line.tax_ppm),
                credited=Money(credited.pop(line.order_line_id, 0), invoice.currency),
            )
        )
        before[line.order_line_id] = before.get(line.order_line_id, 0) + line.packs
    return found


def invoiced_before(session: ReadSession, invoice_id: int, ids: set[int]) -> dict[int, int]:
    """Packs of order lines that earlier invoices ask for, less what credit notes took off those and this one."""
    note, credited = aliased(SupplierInvoice), SupplierInvoice
    earlier = and_(credited.kind == InvoiceKind.INVOICE, credited.id < invoice_id)
    taken_back = and_(credited.kind == InvoiceKind.CREDIT_NOTE, note.id <= invoice_id)
    signed = case((credited.kind == InvoiceKind.CREDIT_NOTE, -1), else_=1)
    rows = session.execute(
        select(SupplierInvoiceLine.order_line_id, func.sum(SupplierInvoiceLine.packs * signed))
        .join(credited, credited.id == SupplierInvoiceLine.invoice_id)
        .outerjoin(note, note.id == credited.credits_id)
        .where(
            SupplierInvoiceLine.order_line_id.in_(ids),
            SupplierInvoiceLine.about == InvoicedFor.GOODS,
            credited.status != _GONE,
            or_(earlier, taken_back),
        )
        .group_by(SupplierInvoiceLine.order_line_id)
    )
    return {order_line: int(packs) for order_line, packs in rows}


def _allowances(session: ReadSession, invoice_id: int) -> dict[int, int]:
    """What credit notes took off the price, in minor units by order line."""
    rows = session.execute(
        select(SupplierInvoiceLine.order_line_id, func.sum(SupplierInvoiceLine.net_minor))
        .join(SupplierInvoice, SupplierInvoice.id == SupplierInvoiceLine.invoice_id)
        .where(
            SupplierInvoice.credits_id == invoice_id,
            SupplierInvoice.status != _GONE,
            SupplierInvoiceLine.about == InvoicedFor.PRICE,
        )
        .group_by(SupplierInvoiceLine.order_line_id)
    )
    return {order_line: int(minor) for order_line, minor in rows}


def match_charges(
    session: ReadSession, invoice: SupplierInvoice, supplier: Supplier
) -> MatchCharges:
    return MatchCharges(
        freight=Money(invoice.freight_minor, invoice.currency),
        agreed_freight=_agreed_freight(session, invoice, supplier),
        other=Money(invoice.other_minor, invoice.currency),
        other_words=invoice.other_words,
        misprint=Money(invoice.misprint_minor, invoice.currency),
        twins=_twins(session, invoice),
    )


def _agreed_freight(session: ReadSession, invoice: SupplierInvoice, supplier: Supplier) -> Money:
    """What the orders of the invoice say a delivery costs, once for each, less what earlier invoices asked of it.

    Orders from before they said so cost what the supplier's terms say.
    """
    agreed = Money(0, invoice.currency)
    if supplier.currency != invoice.currency:
        return agreed
    about = select(PurchaseOrderLine.order_id).where(
        PurchaseOrderLine.id.in_({line.order_line_id for line in invoice.lines})
    )
    orders = session.scalars(select(PurchaseOrder).where(PurchaseOrder.id.in_(about)))
    for order in orders:
        terms = supplier.terms.freight_on(Money(order.net_minor, invoice.currency))
        agreed += terms if order.freight is None else order.freight
    asked = Money(_freight_before(session, invoice), invoice.currency)
    return max(agreed - asked, Money(0, invoice.currency), key=lambda money: money.minor)


def _freight_before(session: ReadSession, invoice: SupplierInvoice) -> int:
    """In minor units: of earlier invoices about the same orders, less what credit notes took off them."""
    mine = select(PurchaseOrderLine.order_id).where(
        PurchaseOrderLine.id.in_({line.order_line_id for line in invoice.lines})
    )
    about = (
        select(SupplierInvoiceLine.invoice_id)
        .join(PurchaseOrderLine, PurchaseOrderLine.id == SupplierInvoiceLine.order_line_id)
        .where(PurchaseOrderLine.order_id.in_(mine))
    )
    earlier = and_(
        SupplierInvoice.kind == InvoiceKind.INVOICE,
        SupplierInvoice.id < invoice.id,
        SupplierInvoice.id.in_(about),
    )
    note = and_(
        SupplierInvoice.kind == InvoiceKind.CREDIT_NOTE,
        SupplierInvoice.credits_id < invoice.id,
        SupplierInvoice.credits_id.in_(about),
    )
    signed = case((SupplierInvoice.kind == InvoiceKind.CREDIT_NOTE, -1), else_=1)
    total = session.scalar(
        select(func.sum(SupplierInvoice.freight_minor * signed)).where(
            or_(earlier, note), SupplierInvoice.status != _GONE
        )
    )
    return int(total or 0)


def _twins(session: ReadSession, invoice: SupplierInvoice) -> tuple[str, ...]:
    """Earlier invoices of the supplier with nearly this number, or with the same day and sum."""
    rows = session.execute(
        select(
            SupplierInvoice.number,
            SupplierInvoice.supplier_number,
            SupplierInvoice.invoiced_on,
            SupplierInvoice.gross_minor,
        )
        .where(
            SupplierInvoice.supplier_id == invoice.supplier_id,
            SupplierInvoice.kind == InvoiceKind.INVOICE,
            SupplierInvoice.id < invoice.id,
            SupplierInvoice.status != _GONE,
        )
        .order_by(SupplierInvoice.id)
    )
    found = [
        number
        for number, theirs, day, gross in rows
        if looks_like(theirs, invoice.supplier_number)
        or (day, gross) == (invoice.invoiced_on, invoice.gross_minor)
    ]
    return tuple(found[:_MOST_TWINS])


def invoice_terms(session: ReadSession, supplier: Supplier | None, on: date) -> InvoiceTermsRow:
    """What holds for a supplier's invoices, in its currency; without one, what holds for all, in ours.

    Our amount is worth so much in the supplier's currency on the day; without a rate no difference passes.
    """
    if supplier is not None:
        own = session.get(SupplierInvoiceTerms, supplier.id)
        if own is not None:
            return _row(supplier, own, supplier.currency, is_own=True)
    company = get_company(session)
    rules = session.get(InvoiceRules, 1) or InvoiceRules(
        id=1,
        payment_days=DEFAULT_PAYMENT_DAYS,
        tolerance_bp=DEFAULT_TOLERANCE[0],
        tolerance_minor=DEFAULT_TOLERANCE[1],
    )
    row = _row(supplier, rules, company.currency, is_own=False)
    if supplier is None or supplier.currency == company.currency:
        return row
    rate = rate_on(session, supplier.currency, on)
    amount = Money(0, supplier.currency)
    if rate is not None:
        amount = _in_currency(row.tolerance.amount, supplier.currency, rate.rate)
    return replace(row, tolerance=InvoiceTolerance(row.tolerance.percent, amount))


def _in_currency(amount: Money, currency: str, rate: Decimal) -> Money:
    """Our amount in another currency, of which one unit is worth `rate` of ours."""
    exact = amount.decimal / rate
    return Money(round_half_up(exact.scaleb(minor_digits(currency))), currency)


def _row(
    supplier: Supplier | None,
    found: InvoiceRules | SupplierInvoiceTerms,
    currency: str,
    *,
    is_own: bool,
) -> InvoiceTermsRow:
    return InvoiceTermsRow(
        supplier.code if supplier else None,
        supplier.name if supplier else "",
        found.payment_days,
        InvoiceTolerance(Rate(found.tolerance_bp), Money(found.tolerance_minor, currency)),
        is_own,
    )

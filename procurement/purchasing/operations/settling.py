"""What becomes of a supplier invoice: approved to pay, disputed, cancelled; and the terms for all of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.money import Money, Rate
from procurement.kernel.permissions import Permission
from procurement.purchasing.errors import DifferencesOpen, StaleVersion, WrongStatus
from procurement.purchasing.models import (
    InvoiceRules,
    PurchaseOrderLine,
    SupplierInvoice,
    SupplierInvoiceTerms,
)
from procurement.purchasing.operations.answering_returns import leave_unanswered
from procurement.purchasing.operations.matching import match_invoice, match_order_invoices
from procurement.purchasing.queries.invoice_match import (
    invoice_for_update,
    orders_of_invoice,
    undecided_invoices,
)
from procurement.purchasing.queries.invoices import credited_so_far, live_credit_notes
from procurement.purchasing.queries.orders import purchase_order_for_update
from procurement.purchasing.terms.invoices import (
    UNDECIDED,
    InvoicedFor,
    InvoiceKind,
    InvoiceStatus,
)
from procurement.settings.queries import get_company
from procurement.sourcing.models import Supplier


@dataclass(frozen=True, slots=True)
class _Locked:
    """An invoice with the order lines it is about, all locked."""

    invoice: SupplierInvoice
    order_lines: dict[int, PurchaseOrderLine]

    @property
    def order_ids(self) -> list[int]:
        return sorted({line.order_id for line in self.order_lines.values()})


def approve_invoice(
    session: Session,
    number: str,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
    version: int | None = None,
) -> SupplierInvoice:
    """Let it be paid. One that differs above the tolerance needs one who may decide that, and the reason.

    Raises DifferencesOpen, WrongStatus, StaleVersion, Invalid (no reason given).
    """
    actor.require_any(Permission.RECORD_INVOICES, Permission.APPROVE_INVOICES)
    found = _locked(session, number)
    invoice = found.invoice
    _require_undecided(invoice, version)
    reason = text.prose(reason, "reason")
    if invoice.kind is InvoiceKind.INVOICE:
        match_invoice(session, invoice)
    else:
        _require_approved_first(session, invoice)
    if invoice.status is not InvoiceStatus.MATCHED:
        _require_decision(invoice, actor, reason)
    _count_payable(found)
    _decide(invoice, InvoiceStatus.APPROVED, reason, actor, at)
    if invoice.credits_id is not None:
        _close_credited(session, invoice.credits_id)
    amount = Money(invoice.gross_minor, invoice.currency)
    detail = f"{amount}: {reason}" if reason else str(amount)
    record(session, "approve invoice", number, detail[:500], actor=actor, at=at)
    return invoice


def dispute_invoice(
    session: Session, number: str, *, reason: str, actor: Actor, at: datetime
) -> SupplierInvoice:
    """It waits for the supplier's answer: a credit note, the rest of the goods, or a word."""
    actor.require_any(Permission.RECORD_INVOICES, Permission.APPROVE_INVOICES)
    invoice = _locked(session, number).invoice
    _require_undecided(invoice)
    reason = text.prose(reason, "reason")
    if not reason:
        raise Invalid("Say what the supplier is asked.", field="reason")
    _decide(invoice, InvoiceStatus.DISPUTED, reason, actor, at)
    record(session, "dispute invoice", number, reason[:500], actor=actor, at=at)
    return invoice


def cancel_invoice(
    session: Session, number: str, *, reason: str, actor: Actor, at: datetime
) -> SupplierInvoice:
    """It was recorded in error, and its number is free again. One that was approved is credited instead."""
    actor.require(Permission.RECORD_INVOICES)
    found = _locked(session, number)
    invoice = found.invoice
    _require_undecided(invoice)
    reason = text.prose(reason, "reason")
    if not reason:
        raise Invalid("Say why it is cancelled.", field="reason")
    if notes := live_credit_notes(session, invoice.id):
        raise Conflict(f"{notes[0]} credits it; cancel that one first.")
    sign = 1 if invoice.kind is InvoiceKind.CREDIT_NOTE else -1
    for line in invoice.lines:
        if line.about is InvoicedFor.GOODS:
            found.order_lines[line.order_line_id].invoiced += sign * line.packs
    leave_unanswered(session, invoice)
    invoice.differences.clear()
    _decide(invoice, InvoiceStatus.CANCELLED, reason, actor, at)
    for order_id in found.order_ids:
        match_order_invoices(session, order_id)
    record(session, "cancel invoice", number, reason[:500], actor=actor, at=at)
    return invoice


@dataclass(frozen=True, slots=True)
class SetInvoiceTerms:
    """What holds for a supplier's invoices; `supplier` None: for all that have none of their own.

    `tolerance` is in the supplier's currency, or in ours. `reset` gives up a supplier's own.
    """

    payment_days: int
    percent: Rate
    tolerance: Money
    supplier: str | None = None
    reset: bool = False


def set_invoice_terms(
    session: Session, command: SetInvoiceTerms, *, actor: Actor, at: datetime
) -> None:
    """Invoices that nobody has decided are matched again at once, in this transaction."""
    actor.require(Permission.APPROVE_INVOICES)
    if not 0 <= command.payment_days <= 365:
        raise Invalid("From 0 to 365 days.", field="payment_days")
    supplier = _supplier(session, command.supplier) if command.supplier else None
    currency = supplier.currency if supplier else get_company(session).currency
    if command.tolerance.currency != currency or command.tolerance.minor < 0:
        raise Invalid(f"An amount in {currency}, not below zero.", field="tolerance")
    own: InvoiceRules | SupplierInvoiceTerms | None
    if supplier is None:
        own = session.get(InvoiceRules, 1, with_for_update=True) or InvoiceRules(id=1)
    else:
        own = session.get(SupplierInvoiceTerms, supplier.id, with_for_update=True)
        if command.reset:
            if own is not None:
                session.delete(own)
            record(session, "reset invoice terms", supplier.code, actor=actor, at=at)
            _match_again(session, supplier)
            return
        own = own or SupplierInvoiceTerms(supplier_id=supplier.id)
    own.payment_days = command.payment_days
    own.tolerance_bp = command.percent.basis_points
    own.tolerance_minor = command.tolerance.minor
    session.add(own)
    subject = supplier.code if supplier else "Settings"
    record(session, "set invoice terms", subject, actor=actor, at=at)
    _match_again(session, supplier)


def _match_again(session: Session, supplier: Supplier | None) -> None:
    """Undecided invoices of a supplier, or of all, after their orders, which are locked in the order of numbers."""
    session.flush()  # the terms are read from the tables
    invoices = undecided_invoices(session, supplier.id if supplier else None)
    orders = {order for number in invoices for order in orders_of_invoice(session, number)}
    for order in sorted(orders):
        purchase_order_for_update(session, order)
    for number in invoices:
        match_invoice(session, invoice_for_update(session, number))


def _locked(session: Session, number: str) -> _Locked:
    """Orders first, in the order of their numbers, as everybody locks them; then the invoice."""
    lines: dict[int, PurchaseOrderLine] = {}
    for order in orders_of_invoice(session, number):
        lines |= {line.id: line for line in purchase_order_for_update(session, order).lines}
    return _Locked(invoice_for_update(session, number), lines)


def _require_undecided(invoice: SupplierInvoice, version: int | None = None) -> None:
    if invoice.status not in UNDECIDED:
        raise WrongStatus(f"{invoice.number} is {invoice.status} already.")
    if version is not None and version != invoice.version:
        raise StaleVersion(f"{invoice.number} was changed meanwhile; look at it again.")


def _require_approved_first(session: Session, note: SupplierInvoice) -> None:
    credited = session.get_one(SupplierInvoice, note.credits_id)
    if credited.status in UNDECIDED:
        raise WrongStatus(f"Decide about {credited.number} first, which {note.number} credits.")


def _require_decision(invoice: SupplierInvoice, actor: Actor, reason: str) -> None:
    open_ = [one for one in invoice.differences if not one.is_within]
    if not actor.may(Permission.APPROVE_INVOICES):
        raise DifferencesOpen(
            f"{invoice.number} differs: {open_[0].words}. Somebody who may approve differences decides."
        )
    if not reason:
        raise Invalid("Say why it is paid in spite of the difference.", field="reason")


def _count_payable(found: _Locked) -> None:
    """What is paid of each order line, and how much of that was never received: a CHECK holds the two together."""
    sign = -1 if found.invoice.kind is InvoiceKind.CREDIT_NOTE else 1
    for line in found.invoice.lines:
        if line.about is not InvoicedFor.GOODS:
            continue
        ordered = found.order_lines[line.order_line_id]
        ordered.payable += sign * line.packs
        ordered.unreceived = max(0, ordered.payable - ordered.received)


def _decide(
    invoice: SupplierInvoice, status: InvoiceStatus, reason: str, actor: Actor, at: datetime
) -> None:
    invoice.status = status
    invoice.reason = reason
    invoice.decided_at, invoice.decided_by = at, actor.name[:200]


def _close_credited(session: Session, credited_id: int) -> None:
    """An invoice whose credit notes come to the whole of it is credited."""
    credited = session.get_one(SupplierInvoice, credited_id)
    if credited_so_far(session, credited_id, only_approved=True) == credited.gross_minor:
        credited.status = InvoiceStatus.CREDITED


def _supplier(session: Session, code: str) -> Supplier:
    supplier = session.scalar(select(Supplier).where(Supplier.code == code))
    if supplier is None:
        raise Invalid(f"There is no supplier {code}.", field="supplier")
    return supplier

"""The supplier invoices of the demo: nearly all match and are approved; a few differ, as they do in life."""

from datetime import datetime, timedelta

from procurement.demo.history import History
from procurement.kernel.clock import today_in
from procurement.kernel.money import Money, Rate, UnitPrice
from procurement.kernel.paging import all_rows
from procurement.purchasing.operations.invoicing import (
    NewInvoiceLine,
    RecordInvoice,
    record_invoice,
)
from procurement.purchasing.operations.settling import (
    SetInvoiceTerms,
    approve_invoice,
    dispute_invoice,
    set_invoice_terms,
)
from procurement.purchasing.queries.invoiceable import invoiceable_lines
from procurement.purchasing.queries.orders import OrderFilter, orders
from procurement.purchasing.terms import OrderRow, OrderStatus
from procurement.purchasing.terms.invoices import (
    InvoiceableLine,
    InvoicedFor,
)

_WAITS = timedelta(days=12)  # so long after placing an invoice is there
_ARRIVED = frozenset({OrderStatus.RECEIVED, OrderStatus.PARTIALLY_RECEIVED})
_NOT_APPROVED = 4  # of the newest ones


def send_invoices(history: History, *, at: datetime) -> None:
    """An invoice for every order that came in full a while ago; the newest wait for their approval."""
    session, cast = history.session, history.cast
    wanted = OrderFilter(statuses=_ARRIVED)
    rows = all_rows(lambda paging: orders(session, wanted, paging))
    due = [row for row in reversed(rows) if row.placed_at and row.placed_at + _WAITS < at]
    first = due[0] if due else None
    if first is None:
        return
    set_invoice_terms(
        session,
        SetInvoiceTerms(30, Rate(200), Money(1_500, "EUR")),
        actor=cast.manager,
        at=first.placed_at or at,
    )
    for index, row in enumerate(due):
        _invoice(history, row, index, len(due) - index, at)


def _invoice(history: History, row: OrderRow, index: int, from_end: int, at: datetime) -> None:
    session, cast = history.session, history.cast
    lines = [
        line for line in invoiceable_lines(session, row.supplier, order=row.number) if line.open
    ]
    if not lines:
        return
    assert row.placed_at
    arrived = min(row.placed_at + _WAITS, at)
    theirs = f"{row.supplier[:3]}-{arrived:%y}{1000 + 37 * index}"
    differs = {3: "price", 2: "packs"}.get(from_end, "")
    command = RecordInvoice(
        supplier=row.supplier,
        supplier_number=theirs,
        invoiced_on=today_in("Europe/Dublin", arrived - timedelta(days=2)),
        lines=tuple(_line(line, differs if line is lines[0] else "") for line in lines),
    )
    number = record_invoice(session, command, actor=cast.purchaser, at=arrived).number
    if differs == "price":
        dispute_invoice(
            session,
            number,
            reason="The old price was confirmed; a credit note is promised.",
            actor=cast.purchaser,
            at=arrived,
        )
        _credit(history, row, lines[0], number, arrived)
    elif from_end > _NOT_APPROVED:
        approve_invoice(session, number, actor=cast.purchaser, at=arrived)


def _line(line: InvoiceableLine, differs: str) -> NewInvoiceLine:
    price = line.price
    if differs == "price":
        price = UnitPrice(price.e4 * 108 // 100, price.currency)
    return NewInvoiceLine(
        order=line.order,
        position=line.position,
        packs=line.open + (2 if differs == "packs" else 0),
        unit_price=price,
    )


def _credit(
    history: History, row: OrderRow, line: InvoiceableLine, number: str, at: datetime
) -> None:
    """A credit note for half of what was asked too much: the dispute goes on."""
    half = UnitPrice(line.price.e4 * 4 // 100, line.price.currency)
    allowance = NewInvoiceLine(
        order=line.order,
        position=line.position,
        packs=line.open,
        unit_price=half,
        about=InvoicedFor.PRICE,
    )
    command = RecordInvoice(
        supplier=row.supplier,
        supplier_number=f"{row.supplier[:3]}-CN-{at:%y%m}",
        invoiced_on=today_in("Europe/Dublin", at),
        lines=(allowance,),
        credits=number,
    )
    record_invoice(history.session, command, actor=history.cast.purchaser, at=at)

"""Prices that deliveries and invoices say otherwise than their order."""

from sqlalchemy import literal, select, union_all

from procurement.kernel.db import ReadSession
from procurement.kernel.money import UnitPrice
from procurement.purchasing.models import (
    GoodsReceipt,
    GoodsReceiptLine,
    PurchaseOrder,
    PurchaseOrderLine,
    SupplierInvoice,
    SupplierInvoiceLine,
)
from procurement.purchasing.terms import OtherPrice
from procurement.purchasing.terms.invoices import InvoicedFor, InvoiceKind, InvoiceStatus


def other_prices(session: ReadSession, number: str) -> tuple[OtherPrice, ...]:
    """Of an order, in one statement: by line, deliveries before invoices; what was taken back says nothing."""
    line = PurchaseOrderLine
    of_order = (PurchaseOrder.number == number, ~line.dropped)
    noted = (
        select(
            line.position,
            GoodsReceiptLine.noted_price_e4.label("price_e4"),
            PurchaseOrder.currency,
            GoodsReceipt.number.label("document"),
            literal(0).label("is_invoice"),
        )
        .join(PurchaseOrder, PurchaseOrder.id == line.order_id)
        .join(GoodsReceiptLine, GoodsReceiptLine.order_line_id == line.id)
        .join(GoodsReceipt, GoodsReceipt.id == GoodsReceiptLine.receipt_id)
        .where(
            *of_order,
            GoodsReceiptLine.noted_price_e4 != line.price_e4,
            GoodsReceipt.reversed_at.is_(None),
        )
    )
    invoiced = (
        select(
            line.position,
            SupplierInvoiceLine.price_e4,
            SupplierInvoice.currency,
            SupplierInvoice.number,
            literal(1),
        )
        .join(PurchaseOrder, PurchaseOrder.id == line.order_id)
        .join(SupplierInvoiceLine, SupplierInvoiceLine.order_line_id == line.id)
        .join(SupplierInvoice, SupplierInvoice.id == SupplierInvoiceLine.invoice_id)
        .where(
            *of_order,
            SupplierInvoiceLine.about == InvoicedFor.GOODS,
            SupplierInvoiceLine.price_e4 != line.price_e4,
            SupplierInvoice.kind == InvoiceKind.INVOICE,
            SupplierInvoice.status != InvoiceStatus.CANCELLED,
        )
    )
    both = union_all(noted, invoiced).subquery()
    rows = session.execute(
        select(both).order_by(both.c.position, both.c.is_invoice, both.c.document)
    )
    return tuple(
        OtherPrice(position, UnitPrice(e4, currency), document, bool(is_invoice))
        for position, e4, currency, document, is_invoice in rows
    )

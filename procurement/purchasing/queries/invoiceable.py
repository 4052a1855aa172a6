"""What was received and not invoiced: to pre-fill an invoice, and as a list."""

from sqlalchemy import func, select

from procurement.catalogue.models import Pack, Product
from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.money import Money, TaxRate, UnitPrice, minor_digits, round_half_up
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.quantity import Pack as PackValue
from procurement.kernel.quantity import Quantity
from procurement.purchasing.models import (
    GoodsReceipt,
    GoodsReceiptLine,
    PurchaseOrder,
    PurchaseOrderLine,
    SupplierInvoice,
    SupplierInvoiceLine,
)
from procurement.purchasing.terms import OrderStatus
from procurement.purchasing.terms.invoices import (
    InvoiceableLine,
    NotInvoicedRow,
)
from procurement.sourcing.models import Supplier

MOST_LINES = 200  # of one form
_PLACED = (
    OrderStatus.PLACED,
    OrderStatus.PARTIALLY_RECEIVED,
    OrderStatus.RECEIVED,
    OrderStatus.CLOSED_SHORT,
)
# Whole packs that went back are not waited for; both divide integers.
_OPEN = (
    PurchaseOrderLine.received
    - PurchaseOrderLine.returned_steps // PurchaseOrderLine.pack_steps
    - PurchaseOrderLine.invoiced
)


def invoiceable_lines(
    session: ReadSession,
    supplier: str,
    *,
    order: str | None = None,
    receipt: str | None = None,
) -> list[InvoiceableLine]:
    """Order lines with goods that no invoice asks for yet, the oldest order first.

    Of one order: all its lines, whether goods came or not. Of one receipt: the lines it is about.
    """
    statement = (
        _lines()
        .where(
            Supplier.code == supplier,
            PurchaseOrder.status.in_(_PLACED),
            PurchaseOrderLine.dropped.is_(False),
        )
        .order_by(PurchaseOrder.id, PurchaseOrderLine.position)
        .limit(MOST_LINES)
    )
    if receipt is not None:
        taken = (
            select(GoodsReceiptLine.order_line_id)
            .join(GoodsReceipt, GoodsReceipt.id == GoodsReceiptLine.receipt_id)
            .where(GoodsReceipt.number == receipt)
        )
        statement = statement.where(PurchaseOrderLine.id.in_(taken))
    elif order is not None:
        statement = statement.where(PurchaseOrder.number == order)
    else:
        statement = statement.where(_OPEN > 0)
    return [_line(*row) for row in session.execute(statement)]


def lines_of_invoice(session: ReadSession, number: str) -> list[InvoiceableLine]:
    """The order lines an invoice is about: what a credit note can take back."""
    about = (
        select(SupplierInvoiceLine.order_line_id)
        .join(SupplierInvoice, SupplierInvoice.id == SupplierInvoiceLine.invoice_id)
        .where(SupplierInvoice.number == number)
    )
    statement = (
        _lines()
        .where(PurchaseOrderLine.id.in_(about))
        .order_by(PurchaseOrder.id, PurchaseOrderLine.position)
    )
    return [_line(*row) for row in session.execute(statement)]


def not_invoiced(session: ReadSession, paging: PageRequest) -> Page[NotInvoicedRow]:
    """Orders of which goods are here that no invoice asks for, the oldest first, with what they are worth."""
    orders = (
        select(PurchaseOrder.id)
        .join(PurchaseOrderLine, PurchaseOrderLine.order_id == PurchaseOrder.id)
        .where(_OPEN > 0)
        .group_by(PurchaseOrder.id)
        .order_by(PurchaseOrder.id)
        .limit(paging.limit + 1)
    )
    if (after := paging.key(int)) is not None:
        orders = orders.where(PurchaseOrder.id > after[0])
    rows = session.execute(
        select(
            PurchaseOrder.id,
            PurchaseOrder.number,
            Supplier.code,
            Supplier.name,
            PurchaseOrder.placed_at,
            func.count(),
            func.sum(_OPEN),
            func.sum(_OPEN * PurchaseOrderLine.price_e4),
            PurchaseOrder.currency,
        )
        .join(PurchaseOrderLine, PurchaseOrderLine.order_id == PurchaseOrder.id)
        .join(Supplier, Supplier.id == PurchaseOrder.supplier_id)
        .where(_OPEN > 0, PurchaseOrder.id.in_(list(session.scalars(orders))))
        .group_by(PurchaseOrder.id, Supplier.code, Supplier.name)
        .order_by(PurchaseOrder.id)
    ).all()
    keys = {row[1]: row[0] for row in rows}
    found = [
        NotInvoicedRow(
            order=number,
            supplier=code,
            supplier_name=name,
            placed_at=placed_at,
            lines=int(lines),
            packs=int(packs),
            value=_value(int(e4), currency),
        )
        for _, number, code, name, placed_at, lines, packs, e4, currency in rows
    ]
    return paging.page(found, lambda row: (keys[row.order],))


def _value(e4: int, currency: str) -> Money:
    exact = UnitPrice(e4, currency).decimal.scaleb(minor_digits(currency))
    return Money(round_half_up(exact), currency)


def _lines() -> AnySelect:
    return (
        select(PurchaseOrderLine, PurchaseOrder, Supplier.code, Product, Pack)
        .join(PurchaseOrder, PurchaseOrder.id == PurchaseOrderLine.order_id)
        .join(Supplier, Supplier.id == PurchaseOrder.supplier_id)
        .join(Product, Product.id == PurchaseOrderLine.product_id)
        .join(Pack, Pack.id == PurchaseOrderLine.pack_id)
    )


def _line(
    line: PurchaseOrderLine, order: PurchaseOrder, supplier: str, product: Product, pack: Pack
) -> InvoiceableLine:
    return InvoiceableLine(
        order=order.number,
        position=line.position,
        supplier=supplier,
        product=product.sku,
        product_name=line.name,
        supplier_code=line.supplier_code,
        pack_value=PackValue(pack.name, Quantity(line.pack_steps, product.unit)),
        packs=line.packs,
        received=line.kept,
        invoiced=line.invoiced,
        price=UnitPrice(line.price_e4, order.currency),
        tax_rate=TaxRate(line.tax_ppm),
    )

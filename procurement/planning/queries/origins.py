"""Where a lot or bottle came from: back to its lot, its goods receipt, the order and the supplier; and onward."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from procurement.kernel.db import ReadSession
from procurement.purchasing.models import GoodsReceipt, GoodsReceiptLine, PurchaseOrder
from procurement.sourcing.models import Supplier
from procurement.stock.models import Lot
from procurement.stock.queries.traces import (
    Gone,
    MadeFrom,
    Standing,
    family_of,
    line_of,
    where_they_are,
    where_they_went,
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A goods receipt that brought some of a lot."""

    receipt: str
    order: str
    supplier: str
    supplier_name: str
    delivery_note: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Trace:
    """Both ways from one lot: `made_from` begins with the lot itself and ends with the one that was received."""

    made_from: tuple[MadeFrom, ...]
    deliveries: tuple[Delivery, ...]
    stands: tuple[Standing, ...]
    went: tuple[Gone, ...]


def trace(session: ReadSession, lot: int) -> Trace:
    """Five statements, however deep and wide it goes."""
    made_from = line_of(session, lot)
    family = family_of(session, [lot])
    return Trace(
        made_from,
        deliveries_of(session, lot, made_from[-1].number),
        where_they_are(session, family),
        where_they_went(session, family),
    )


def deliveries_of(session: ReadSession, lot: int, received_as: str) -> tuple[Delivery, ...]:
    """The receipts that brought a lot of the product of `lot`, the first one first; none that was taken back."""
    product = select(Lot.product_id).where(Lot.id == lot).scalar_subquery()
    rows = session.execute(
        select(
            GoodsReceipt.number,
            PurchaseOrder.number,
            Supplier.code,
            Supplier.name,
            GoodsReceipt.delivery_note,
            GoodsReceipt.received_at,
        )
        .join(GoodsReceiptLine, GoodsReceiptLine.receipt_id == GoodsReceipt.id)
        .join(PurchaseOrder, PurchaseOrder.id == GoodsReceipt.order_id)
        .join(Supplier, Supplier.id == PurchaseOrder.supplier_id)
        .join(Lot, Lot.id == GoodsReceiptLine.lot_id)
        .where(
            Lot.product_id == product,
            Lot.number == received_as,
            GoodsReceipt.reversed_at.is_(None),
        )
        .group_by(GoodsReceipt.id, PurchaseOrder.number, Supplier.code, Supplier.name)
        .order_by(GoodsReceipt.id)
    )
    return tuple(Delivery(*row) for row in rows)

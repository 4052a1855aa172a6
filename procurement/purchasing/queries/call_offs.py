"""What blanket orders in force leave to be called off."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select

from procurement.catalogue.models import Pack
from procurement.kernel.db import ReadSession
from procurement.kernel.money import UnitPrice
from procurement.purchasing.models import (
    BlanketLine,
    BlanketOrder,
    PurchaseOrder,
    PurchaseOrderLine,
)
from procurement.purchasing.terms import AgreedPrice, OrderStatus
from procurement.sourcing.models import Supplier

# Their lines draw nothing yet, but are meant to.
NOT_PLACED = (OrderStatus.DRAFT, OrderStatus.APPROVED)


def agreed_prices(
    session: ReadSession, on: date, product_ids: Collection[int] | None = None
) -> list[AgreedPrice]:
    """Of every blanket order in force that day, in one statement; None: of all products. The soonest to end first."""
    promised = (
        select(PurchaseOrderLine.blanket_line_id, func.sum(PurchaseOrderLine.packs).label("packs"))
        .join(PurchaseOrder, PurchaseOrder.id == PurchaseOrderLine.order_id)
        .where(PurchaseOrderLine.blanket_line_id.is_not(None), PurchaseOrder.status.in_(NOT_PLACED))
        .group_by(PurchaseOrderLine.blanket_line_id)
        .subquery()
    )
    left = BlanketLine.packs - BlanketLine.drawn - func.coalesce(promised.c.packs, 0)
    statement = (
        select(
            BlanketOrder.number,
            BlanketLine.product_id,
            Supplier.code,
            Pack.code,
            BlanketLine.price_e4,
            Supplier.currency,
            left,
        )
        .join(BlanketOrder, BlanketOrder.id == BlanketLine.blanket_id)
        .join(Supplier, Supplier.id == BlanketOrder.supplier_id)
        .join(Pack, Pack.id == BlanketLine.pack_id)
        .outerjoin(promised, promised.c.blanket_line_id == BlanketLine.id)
        .where(
            ~BlanketOrder.closed,
            BlanketOrder.valid_from <= on,
            BlanketOrder.valid_until >= on,
            left > 0,
        )
        .order_by(BlanketOrder.valid_until, BlanketOrder.number, BlanketLine.position)
    )
    if product_ids is not None:
        statement = statement.where(BlanketLine.product_id.in_(product_ids))
    return [
        AgreedPrice(number, product_id, supplier, pack, UnitPrice(e4, currency), int(packs))
        for number, product_id, supplier, pack, e4, currency, packs in session.execute(statement)
    ]

"""What is still to come, and when."""

from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from procurement.catalogue.models import Product
from procurement.kernel.db import ReadSession
from procurement.kernel.paging import PageRequest
from procurement.kernel.quantity import Quantity
from procurement.purchasing.models import PurchaseOrder, PurchaseOrderLine
from procurement.purchasing.queries.orders import OrderFilter, orders
from procurement.purchasing.terms import ON_THE_WAY, OPEN, OnOrder, OrderRow
from procurement.stock.models import Location, Site

# Packs of an open line that have not come, in steps. A line received over its number brings nothing more.
OUTSTANDING_STEPS = (
    PurchaseOrderLine.packs - PurchaseOrderLine.received
) * PurchaseOrderLine.pack_steps
# The supplier's word for the line, else the order's day.
DUE_ON = func.coalesce(PurchaseOrderLine.confirmed_on, PurchaseOrder.due_on)
IS_OUTSTANDING = (
    PurchaseOrder.status.in_(sorted(OPEN)),
    ~PurchaseOrderLine.closed,
    PurchaseOrderLine.received < PurchaseOrderLine.packs,
)


def on_order(
    session: ReadSession, *, product: str | None = None, site: str | None = None
) -> list[OnOrder]:
    """What is still to come, order by order, the earliest first; drafts, which have no date, last."""
    statement: Select[*tuple[Any, ...]] = (
        select(
            Product.sku,
            Location.code,
            PurchaseOrder.number,
            DUE_ON,
            Product.unit,
            func.sum(OUTSTANDING_STEPS),
        )
        .join(PurchaseOrder, PurchaseOrder.id == PurchaseOrderLine.order_id)
        .join(Product, Product.id == PurchaseOrderLine.product_id)
        .outerjoin(Location, Location.id == PurchaseOrder.deliver_to_id)
        .outerjoin(Site, Site.id == Location.site_id)
        .where(*IS_OUTSTANDING)
        .group_by(
            Product.sku,
            Product.unit,
            Location.code,
            PurchaseOrder.number,
            DUE_ON,
        )
        .order_by(DUE_ON.is_(None), DUE_ON, PurchaseOrder.number, Product.sku)
    )
    if product is not None:
        statement = statement.where(Product.sku == product)
    if site is not None:
        statement = statement.where(Site.code == site)
    return [
        OnOrder(sku, place, number, due_on, Quantity(int(steps), unit))
        for sku, place, number, due_on, unit, steps in session.execute(statement)
    ]


def deliveries_due(session: ReadSession, until: date, *, limit: int = 50) -> list[OrderRow]:
    """Orders on the way that should have arrived by a day, the most overdue first."""
    page = orders(session, OrderFilter(statuses=ON_THE_WAY, due_until=until), PageRequest(limit))
    return sorted(page.items, key=lambda row: (row.due_on or until, row.number))

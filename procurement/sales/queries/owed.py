"""What customers have been promised and no goods are reserved for: the backorders, at the storeroom that ships them."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Subquery, and_, case, cast, func, or_, select

from procurement.catalogue.models import Product
from procurement.kernel.db import ReadSession
from procurement.kernel.quantity import Quantity
from procurement.sales.models import SalesOrder, SalesOrderLine, SalesReservation
from procurement.sales.terms.orders import TO_SHIP
from procurement.stock.models import Location, Reservation, StockingRule
from procurement.stock.terms import LocationKind


@dataclass(frozen=True, slots=True)
class Owed:
    """So much of a product waits for goods in an order."""

    order: str
    quantity: Quantity


def backordered() -> Subquery:
    """(location_id, product_id, order_id, steps) of every product that an order waits for.

    The storeroom is the one of the order's site that has a stocking rule for the product, else the site's first.
    """
    lines = _waiting()
    stores = (
        select(
            lines.c.order_id,
            lines.c.product_id,
            lines.c.steps,
            func.min(case((StockingRule.product_id.is_not(None), Location.id))).label("kept"),
            func.min(Location.id).label("first"),
        )
        .join(
            Location,
            and_(
                Location.site_id == lines.c.site_id,
                Location.kind == LocationKind.STOREROOM,
                Location.active,
            ),
        )
        .outerjoin(
            StockingRule,
            and_(
                StockingRule.location_id == Location.id,
                StockingRule.product_id == lines.c.product_id,
            ),
        )
        .group_by(lines.c.order_id, lines.c.product_id, lines.c.steps)
        .subquery()
    )
    return select(
        func.coalesce(stores.c.kept, stores.c.first).label("location_id"),
        stores.c.product_id,
        stores.c.order_id,
        stores.c.steps,
    ).subquery("backordered")


def owed_at(session: ReadSession, location: str, product: str) -> tuple[Owed, ...]:
    """Which orders wait for a product at a place, the oldest first."""
    owed = backordered()
    rows = session.execute(
        select(SalesOrder.number, owed.c.steps, Product.unit)
        .join(owed, owed.c.order_id == SalesOrder.id)
        .join(Location, Location.id == owed.c.location_id)
        .join(Product, Product.id == owed.c.product_id)
        .where(Location.code == location, Product.sku == product)
        .order_by(SalesOrder.confirmed_at, SalesOrder.id)
    )
    return tuple(Owed(number, Quantity(int(steps), unit)) for number, steps, unit in rows)


def _waiting() -> Subquery:
    """Per order and product: what is still to ship less what is reserved for it."""
    reserved = (
        select(
            SalesReservation.line_id,
            cast(func.sum(Reservation.quantity), BigInteger).label("steps"),
        )
        .join(Reservation, Reservation.id == SalesReservation.reservation_id)
        .where(Reservation.released_at.is_(None))
        .group_by(SalesReservation.line_id)
        .subquery()
    )
    missing = (
        SalesOrderLine.packs - SalesOrderLine.shipped
    ) * SalesOrderLine.pack_steps - func.coalesce(reserved.c.steps, 0)
    return (
        select(
            SalesOrderLine.order_id,
            SalesOrderLine.product_id,
            SalesOrder.site_id,
            cast(func.sum(missing), BigInteger).label("steps"),
        )
        .join(SalesOrder, SalesOrder.id == SalesOrderLine.order_id)
        .outerjoin(reserved, reserved.c.line_id == SalesOrderLine.id)
        .where(
            or_(*(SalesOrder.status == status for status in sorted(TO_SHIP))),
            SalesOrderLine.is_goods,
            ~SalesOrderLine.closed,
            missing > 0,
        )
        .group_by(SalesOrderLine.order_id, SalesOrderLine.product_id, SalesOrder.site_id)
        .subquery("waiting")
    )

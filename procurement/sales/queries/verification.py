"""The figures that sales keeps beside its documents, derived from them again."""

from sqlalchemy import and_, func, select

from procurement.kernel.db import ReadSession
from procurement.sales.models import (
    CustomerReturn,
    CustomerReturnLine,
    SalesOrder,
    SalesOrderLine,
    SalesReservation,
    Shipment,
    ShipmentLine,
)
from procurement.sales.terms.orders import TO_SHIP
from procurement.stock.models import Reservation
from procurement.stock.terms import Discrepancy


def verify_sales(session: ReadSession) -> list[Discrepancy]:
    """Name each difference; an empty list is the promise kept."""
    return [*_shipped(session), *_returned(session), *_promised(session)]


def _shipped(session: ReadSession) -> list[Discrepancy]:
    """What a line says was shipped is what its shipments hold that were not reversed."""
    went = (
        select(ShipmentLine.order_line_id, func.sum(ShipmentLine.quantity).label("steps"))
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .where(Shipment.reversed_at.is_(None))
        .group_by(ShipmentLine.order_line_id)
        .subquery()
    )
    told = SalesOrderLine.shipped * SalesOrderLine.pack_steps
    found = func.coalesce(went.c.steps, 0)
    rows = session.execute(
        select(SalesOrder.number, SalesOrderLine.position, found, told)
        .join(SalesOrderLine, SalesOrderLine.order_id == SalesOrder.id)
        .outerjoin(went, went.c.order_line_id == SalesOrderLine.id)
        .where(found != told)
    )
    return [
        Discrepancy(f"shipped of {number}, line {position}", int(expected), int(kept))
        for number, position, expected, kept in rows
    ]


def _returned(session: ReadSession) -> list[Discrepancy]:
    """What a line of a shipment says came back is what its returns hold that were not reversed."""
    back = (
        select(
            CustomerReturnLine.shipment_id,
            CustomerReturnLine.shipment_position,
            func.sum(CustomerReturnLine.quantity).label("steps"),
        )
        .join(CustomerReturn, CustomerReturn.id == CustomerReturnLine.return_id)
        .where(CustomerReturn.reversed_at.is_(None))
        .group_by(CustomerReturnLine.shipment_id, CustomerReturnLine.shipment_position)
        .subquery()
    )
    found = func.coalesce(back.c.steps, 0)
    rows = session.execute(
        select(Shipment.number, ShipmentLine.position, found, ShipmentLine.returned)
        .join(ShipmentLine, ShipmentLine.shipment_id == Shipment.id)
        .outerjoin(
            back,
            and_(
                back.c.shipment_id == ShipmentLine.shipment_id,
                back.c.shipment_position == ShipmentLine.position,
            ),
        )
        .where(found != ShipmentLine.returned)
    )
    return [
        Discrepancy(f"returned of {number}, line {position}", int(expected), int(kept))
        for number, position, expected, kept in rows
    ]


def _promised(session: ReadSession) -> list[Discrepancy]:
    """Nothing is promised to a line beyond what is still to ship, nor to an order that ended."""
    held = (
        select(SalesReservation.line_id, func.sum(Reservation.quantity).label("steps"))
        .join(Reservation, Reservation.id == SalesReservation.reservation_id)
        .where(Reservation.released_at.is_(None))
        .group_by(SalesReservation.line_id)
        .subquery()
    )
    rows = session.execute(
        select(SalesOrder, SalesOrderLine, held.c.steps)
        .join(SalesOrderLine, SalesOrderLine.order_id == SalesOrder.id)
        .join(held, held.c.line_id == SalesOrderLine.id)
        .execution_options(populate_existing=True)
    )
    differences = []
    for order, line, steps in rows:
        most = line.outstanding * line.pack_steps if order.status in TO_SHIP else 0
        if int(steps) > most:
            what = f"reserved for {order.number}, line {line.position}"
            differences.append(Discrepancy(what, most, int(steps)))
    return differences

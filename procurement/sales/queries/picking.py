"""What is to be picked for an order: places, lots, use-by, packs; and what goods wait for."""

from datetime import datetime

from sqlalchemy import select

from procurement.catalogue.models import Pack, Product
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.quantity import Quantity
from procurement.sales.models import SalesOrder, SalesOrderLine, SalesReservation
from procurement.sales.queries.sales_orders import require_sight
from procurement.sales.terms.orders import PickRow
from procurement.stock.models import Location, Lot, Reservation, Site
from procurement.stock.rules.shelf_life import state_of
from procurement.stock.terms import LotState


def pick_rows(session: ReadSession, number: str, *, actor: Actor, at: datetime) -> list[PickRow]:
    """The reserved lots of an order, place by place, the earliest use-by first."""
    require_sight(actor)
    rows = session.execute(
        select(SalesOrderLine, Product, Pack.name, Reservation.quantity, Lot, Location, Site)
        .join(SalesOrder, SalesOrder.id == SalesOrderLine.order_id)
        .join(SalesReservation, SalesReservation.line_id == SalesOrderLine.id)
        .join(Reservation, Reservation.id == SalesReservation.reservation_id)
        .join(Lot, Lot.id == Reservation.lot_id)
        .join(Location, Location.id == Reservation.location_id)
        .join(Site, Site.id == Location.site_id)
        .join(Product, Product.id == SalesOrderLine.product_id)
        .join(Pack, Pack.id == SalesOrderLine.pack_id)
        .where(SalesOrder.number == number, Reservation.released_at.is_(None))
        .order_by(
            Location.name,
            SalesOrderLine.position,
            Lot.use_by.is_(None),
            Lot.use_by,
            Reservation.id,
        )
    )
    return [
        PickRow(
            position=line.position,
            product=product.sku,
            product_name=line.name,
            place=place.code,
            place_name=place.name,
            lot=lot.number,
            lot_name=f"{product.sku}/{lot.number}",
            use_by=lot.use_by,
            quantity=Quantity(steps, product.unit),
            size=Quantity(line.pack_steps, product.unit),
            pack_name=pack_name,
            problem=_problem(lot, site.time_zone, at),
        )
        for line, product, pack_name, steps, lot, place, site in rows
    ]


def _problem(lot: Lot, zone: str, at: datetime) -> str:
    state = state_of(lot.status, lot.use_by, today_in(zone, at))
    return "" if state is LotState.AVAILABLE else state.value

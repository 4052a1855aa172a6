"""Lines of confirmed orders that goods are missing for, and what of them is free to reserve now."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select

from procurement.catalogue.models import Pack, Product
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.quantity import Quantity
from procurement.sales.models import Customer, SalesOrder, SalesOrderLine
from procurement.sales.queries.sales_orders import is_waiting, require_sight, reserved_of_line
from procurement.sales.terms.orders import TO_SHIP
from procurement.settings.queries import get_company
from procurement.stock.models import Balance, Location, Lot, Site
from procurement.stock.terms import LocationKind, LotStatus

MOST = 1000  # lines on one page


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """So many packs are backordered; `free` of them could be reserved now, those before it served first."""

    order: str
    position: int
    customer: str
    customer_name: str
    site: str
    product: str
    product_name: str
    pack_name: str
    size: Quantity
    packs: int
    free: int
    wanted_on: date | None
    confirmed_at: datetime

    @property
    def missing(self) -> Quantity:
        """What neither is reserved nor free."""
        return self.size * (self.packs - self.free)


def waiting_lines(session: ReadSession, *, actor: Actor, at: datetime) -> list[WaitingLine]:
    """What is wanted first comes first, then what was confirmed first."""
    require_sight(actor)
    today = today_in(get_company(session).time_zone, at)
    reserved = reserved_of_line()
    wanted_on = func.coalesce(SalesOrderLine.wanted_on, SalesOrder.wanted_on)
    rows = session.execute(
        select(
            SalesOrder,
            Customer.code,
            Customer.name,
            Site.code,
            SalesOrderLine,
            Product,
            Pack.name,
            reserved,
            _free(today),
        )
        .join(SalesOrderLine, SalesOrderLine.order_id == SalesOrder.id)
        .join(Customer, Customer.id == SalesOrder.customer_id)
        .join(Site, Site.id == SalesOrder.site_id)
        .join(Product, Product.id == SalesOrderLine.product_id)
        .join(Pack, Pack.id == SalesOrderLine.pack_id)
        .where(SalesOrder.status.in_(sorted(TO_SHIP)), is_waiting())
        .order_by(
            wanted_on.is_(None),
            wanted_on,
            SalesOrder.confirmed_at,
            SalesOrder.id,
            SalesOrderLine.position,
        )
        .limit(MOST)
    )
    taken: defaultdict[tuple[str, str], int] = defaultdict(int)
    found = []
    for order, customer, customer_name, site, line, product, pack_name, held, free in rows:
        packs = line.outstanding - int(held) // line.pack_steps
        there = max(0, int(free) - taken[site, product.sku])
        now = min(packs, (there + int(held) % line.pack_steps) // line.pack_steps)
        taken[site, product.sku] += now * line.pack_steps
        found.append(
            WaitingLine(
                order=order.number,
                position=line.position,
                customer=customer,
                customer_name=customer_name,
                site=site,
                product=product.sku,
                product_name=line.name,
                pack_name=pack_name,
                size=Quantity(line.pack_steps, product.unit),
                packs=packs,
                free=now,
                wanted_on=line.wanted_on or order.wanted_on,
                confirmed_at=order.confirmed_at,
            )
        )
    return found


def _free(today: date) -> Any:
    """Steps in the storerooms of the order's site that may be sold and are promised to nobody."""
    return func.coalesce(
        select(func.sum(Balance.on_hand - Balance.reserved))
        .join(Location, Location.id == Balance.location_id)
        .join(Lot, Lot.id == Balance.lot_id)
        .where(
            Balance.product_id == SalesOrderLine.product_id,
            Location.site_id == SalesOrder.site_id,
            Location.kind == LocationKind.STOREROOM,
            Location.active,
            Lot.parent_id.is_(None),
            Lot.status == LotStatus.AVAILABLE,
            or_(Lot.use_by.is_(None), Lot.use_by >= today),
        )
        .correlate(SalesOrder, SalesOrderLine)
        .scalar_subquery(),
        0,
    )

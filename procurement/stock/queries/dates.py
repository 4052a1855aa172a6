"""Lots whose use-by is past or near."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from procurement.catalogue.models import Product
from procurement.catalogue.terms import Kind
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.quantity import Quantity, Unit
from procurement.stock.models import Balance, Location, Lot, Site
from procurement.stock.terms import LocationKind


@dataclass(frozen=True, slots=True)
class DatedLot:
    """A lot in a room or storeroom that wants attention before its date, or is past it."""

    product: str
    product_name: str
    kind: Kind
    location: str
    location_name: str
    lot: str
    use_by: date
    on_hand: Quantity
    is_past: bool


def near_dates(
    session: ReadSession, *, at: datetime, days: int = 14, limit: int = 50
) -> list[DatedLot]:
    """Sealed lots past their use-by or near it, the oldest date first; no quarantine. The board has what is open."""
    horizon = (
        at + timedelta(days=days + 1)
    ).date()  # a day more than any zone needs; cut exactly below
    rows = session.execute(
        select(
            Product.sku,
            Product.name,
            Product.kind,
            Location.code,
            Location.name,
            Lot.number,
            Lot.use_by,
            Balance.on_hand,
            Product.unit,
            Site.time_zone,
        )
        .join_from(Balance, Lot, Lot.id == Balance.lot_id)
        .join(Product, Product.id == Balance.product_id)
        .join(Location, Location.id == Balance.location_id)
        .join(Site, Site.id == Location.site_id)
        .where(
            Balance.on_hand > 0,
            Lot.parent_id.is_(None),
            Lot.use_by <= horizon,
            Location.kind.in_([LocationKind.STOREROOM, LocationKind.TREATMENT_ROOM]),
        )
        .order_by(Lot.use_by, func.lower(Product.name), Location.code)
        .limit(limit)
    )
    found = []
    for *said, use_by, on_hand, unit, zone in map(tuple, rows):
        today = today_in(zone, at)
        if use_by <= today + timedelta(days=days):
            quantity = Quantity(on_hand, Unit(unit))
            found.append(DatedLot(*(*said, use_by, quantity, use_by < today)))
    return found

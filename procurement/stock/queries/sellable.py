"""What can be sold at once: in storerooms, good, whole, promised to nobody."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, or_, select

from procurement.catalogue.models import Pack
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession, once
from procurement.stock.models import Balance, Location, Lot, Site
from procurement.stock.terms import LocationKind, LotStatus


def sellable(session: ReadSession, product_ids: Collection[int], *, at: datetime) -> dict[int, int]:
    """Product -> steps; a product of which there is nothing is left out. Two statements."""
    query = _free(session, at).where(Balance.product_id.in_(sorted(product_ids)))
    rows = session.execute(
        query.add_columns(func.sum(Balance.on_hand - Balance.reserved)).group_by(Balance.product_id)
    )
    return {key: int(steps) for key, steps in rows if steps > 0}


def in_stock(session: ReadSession, *, at: datetime) -> Select[Any]:
    """The keys of products with a sales pack to sell, as a query for others to narrow by."""
    return (
        _free(session, at)
        .join(Pack, Pack.product_id == Balance.product_id)
        .where(Pack.is_sales_pack)
        .group_by(Balance.product_id, Pack.size_steps)
        .having(func.sum(Balance.on_hand - Balance.reserved) >= Pack.size_steps)
    )


def _free(session: ReadSession, at: datetime) -> Select[Any]:
    """Every site by its own day: a lot is good until the end of its last."""
    days = {
        site: today_in(zone, at)
        for site, zone in once(session, "site zones", lambda: _zones(session))
    }
    query = (
        select(Balance.product_id)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Location, Location.id == Balance.location_id)
        .where(
            Balance.on_hand > Balance.reserved,
            Location.kind == LocationKind.STOREROOM,
            Location.active,
            # Written so that no index on the parent is used: nearly every lot has none, and SQLite would start there.
            func.coalesce(Lot.parent_id, 0) == 0,
            Lot.status == LotStatus.AVAILABLE,
        )
    )
    if len(set(days.values())) == 1:  # almost always
        return query.where(or_(Lot.use_by.is_(None), Lot.use_by >= next(iter(days.values()))))
    if not days:
        return query
    return query.where(or_(Lot.use_by.is_(None), Lot.use_by >= case(days, value=Location.site_id)))


def _zones(session: ReadSession) -> list[tuple[int, str]]:
    rows = session.execute(select(Site.id, Site.time_zone))
    return [(site, zone) for site, zone in rows]

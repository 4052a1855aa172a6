"""What can be sold at once: in storerooms, good, whole, promised to nobody."""

from collections.abc import Collection
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, case, func, or_, select

from procurement.catalogue.models import Pack
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession, once
from procurement.stock.models import Balance, Location, Lot, Site
from procurement.stock.terms import LocationKind, LotStatus


def sellable(session: ReadSession, product_ids: Collection[int], *, at: datetime) -> dict[int, int]:
    """Product -> steps; a product of which there is nothing is left out. Two statements."""
    rows = session.execute(_sellable(_days(session, at)), {"products": sorted(product_ids)})
    return {key: int(steps) for key, steps in rows if steps > 0}


def in_stock(session: ReadSession, *, at: datetime) -> Select[Any]:
    """The keys of products with a sales pack to sell, as a query for others to narrow by."""
    return _in_stock(_days(session, at))


Days = tuple[tuple[int, date], ...]  # what day it is at each site


# Written down once a day, so that whoever narrows by it can keep what they wrote down as well.
@lru_cache(maxsize=8)
def _in_stock(days: Days) -> Select[Any]:
    return (
        _free(days)
        .join(Pack, Pack.product_id == Balance.product_id)
        .where(Pack.is_sales_pack)
        .group_by(Balance.product_id, Pack.size_steps)
        .having(func.sum(Balance.on_hand - Balance.reserved) >= Pack.size_steps)
    )


@lru_cache(maxsize=8)
def _sellable(days: Days) -> Select[Any]:
    return (
        _free(days)
        .where(Balance.product_id.in_(bindparam("products", expanding=True)))
        .add_columns(func.sum(Balance.on_hand - Balance.reserved))
        .group_by(Balance.product_id)
    )


def _days(session: ReadSession, at: datetime) -> Days:
    zones = once(session, "site zones", lambda: _zones(session))
    return tuple((site, today_in(zone, at)) for site, zone in zones)


def _free(days: Days) -> Select[Any]:
    """Every site by its own day: a lot is good until the end of its last."""
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
    if not days:
        return query
    if len({day for _, day in days}) == 1:  # almost always
        return query.where(or_(Lot.use_by.is_(None), Lot.use_by >= days[0][1]))
    own_day = case(dict(days), value=Location.site_id)
    return query.where(or_(Lot.use_by.is_(None), Lot.use_by >= own_day))


def _zones(session: ReadSession) -> list[tuple[int, str]]:
    rows = session.execute(select(Site.id, Site.time_zone).order_by(Site.id))
    return [(site, zone) for site, zone in rows]

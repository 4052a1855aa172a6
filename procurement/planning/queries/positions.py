"""Where every product stands against its stocking rules, in one statement and so as at one moment."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)

from procurement.catalogue.models import Product
from procurement.catalogue.terms import ProductStatus
from procurement.kernel.db import ReadSession
from procurement.kernel.quantity import Unit
from procurement.purchasing.models import PurchaseOrder, PurchaseOrderLine
from procurement.purchasing.queries.supply import IS_OUTSTANDING, OUTSTANDING_STEPS
from procurement.stock.models import (
    Balance,
    Location,
    Lot,
    Site,
    StockingRule,
    Transfer,
    TransferLine,
)
from procurement.stock.terms import LocationKind, LotStatus, TransferStatus


class PositionRow(NamedTuple):
    """A product at a place that is short of it, or at a storeroom of its site."""

    site: str
    location: str
    location_name: str
    is_storeroom: bool
    product_id: int
    sku: str
    product_name: str
    unit: Unit
    status: ProductStatus
    on_hand: int
    available: int
    inbound: int
    on_order: int
    par_level: int | None
    reorder_point: int | None


def short_positions(
    session: ReadSession, today: dict[int, date], *, site: str | None = None
) -> Iterable[PositionRow]:
    """Places below their reorder point, and with each the storerooms of its site.

    `today` is the business date of each site, by its key.
    """
    if not today:
        return []
    rows = session.execute(_statement(today, site))
    return [PositionRow._make((*row[:3], bool(row[3]), *row[4:])) for row in rows]


def _statement(today: dict[int, date], site: str | None) -> Select[*tuple[Any, ...]]:
    held, coming = _held(today), _coming()
    standing = _standing(held, coming, site)
    missing = (
        select(standing)
        .where(standing.c.available + standing.c.coming < standing.c.reorder_point)
        .cte("missing")
    )
    found = union_all(
        select(missing).where(~missing.c.is_storeroom), _storerooms(missing, held, coming)
    ).subquery("found")
    return (
        select(
            Site.code,
            found.c.code,
            found.c.name,
            found.c.is_storeroom,
            Product.id,
            Product.sku,
            Product.name,
            Product.unit,
            Product.status,
            found.c.on_hand,
            found.c.available,
            found.c.inbound,
            found.c.on_order,
            found.c.par_level,
            found.c.reorder_point,
        )
        .join_from(found, Product, Product.id == found.c.product_id)
        .join(Site, Site.id == found.c.site_id)
    )


def _held(today: dict[int, date]) -> CTE:
    """(location, product) -> on hand, and what of it may be used and is promised to nobody."""
    usable = and_(
        Lot.status == LotStatus.AVAILABLE, or_(Lot.use_by.is_(None), Lot.use_by >= _today(today))
    )
    held = select(
        Balance.location_id,
        Balance.product_id,
        func.sum(Balance.on_hand).label("on_hand"),
        func.sum(case((usable, Balance.on_hand - Balance.reserved), else_=0)).label("available"),
    ).join(Lot, Lot.id == Balance.lot_id)
    if len(set(today.values())) > 1:
        held = held.join(Location, Location.id == Balance.location_id)
    return held.group_by(Balance.location_id, Balance.product_id).cte("held")


def _today(today: dict[int, date]) -> ColumnElement[date]:
    """One date when all sites write the same; around midnight each has its own."""
    days = sorted(set(today.values()))
    if len(days) == 1:
        return literal(days[0])
    return case(today, value=Location.site_id)


def _coming() -> CTE:
    """(location, product) -> steps in drafted transfers, and steps on open orders."""
    lines = union_all(
        select(
            PurchaseOrder.deliver_to_id.label("location_id"),
            PurchaseOrderLine.product_id.label("product_id"),
            literal(0).label("inbound"),
            OUTSTANDING_STEPS.label("on_order"),
        )
        .join(PurchaseOrder, PurchaseOrder.id == PurchaseOrderLine.order_id)
        .where(*IS_OUTSTANDING),
        select(Transfer.to_id, TransferLine.product_id, TransferLine.quantity, literal(0))
        .join(Transfer, Transfer.id == TransferLine.transfer_id)
        .where(Transfer.status == TransferStatus.DRAFT),
    ).subquery()
    return (
        select(
            lines.c.location_id,
            lines.c.product_id,
            func.sum(lines.c.inbound).label("inbound"),
            func.sum(lines.c.on_order).label("on_order"),
        )
        .group_by(lines.c.location_id, lines.c.product_id)
        .cte("coming")
    )


def _figures(held: CTE, coming: CTE) -> list[Any]:
    inbound, on_order = func.coalesce(coming.c.inbound, 0), func.coalesce(coming.c.on_order, 0)
    return [
        Location.id.label("location_id"),
        Location.site_id,
        Location.code,
        Location.name,
        (Location.kind == LocationKind.STOREROOM).label("is_storeroom"),
        func.coalesce(held.c.on_hand, 0).label("on_hand"),
        func.coalesce(held.c.available, 0).label("available"),
        inbound.label("inbound"),
        on_order.label("on_order"),
        (inbound + on_order).label("coming"),
    ]


def _standing(held: CTE, coming: CTE, site: str | None) -> CTE:
    """Every stocking rule of an active place with the figures it is held against."""
    rules = (
        select(
            *_figures(held, coming),
            StockingRule.product_id,
            StockingRule.par_level,
            StockingRule.reorder_point,
        )
        .join_from(StockingRule, Location, Location.id == StockingRule.location_id)
        .outerjoin(
            held,
            and_(
                held.c.location_id == StockingRule.location_id,
                held.c.product_id == StockingRule.product_id,
            ),
        )
        .outerjoin(
            coming,
            and_(
                coming.c.location_id == StockingRule.location_id,
                coming.c.product_id == StockingRule.product_id,
            ),
        )
        .where(Location.active)
    )
    if site is not None:
        rules = rules.join(Site, Site.id == Location.site_id).where(Site.code == site)
    return rules.cte("standing")


def _storerooms(missing: CTE, held: CTE, coming: CTE) -> Select[*tuple[Any, ...]]:
    """The storerooms of each site that misses a product, with or without a rule of their own."""
    wanted = select(missing.c.site_id, missing.c.product_id).distinct().subquery("wanted")
    figures = _figures(held, coming)
    return (
        select(
            *figures,
            wanted.c.product_id,
            StockingRule.par_level,
            StockingRule.reorder_point,
        )
        .join_from(
            wanted,
            Location,
            and_(
                Location.site_id == wanted.c.site_id,
                Location.kind == LocationKind.STOREROOM,
                Location.active,
            ),
        )
        .outerjoin(
            StockingRule,
            and_(
                StockingRule.location_id == Location.id,
                StockingRule.product_id == wanted.c.product_id,
            ),
        )
        .outerjoin(
            held,
            and_(held.c.location_id == Location.id, held.c.product_id == wanted.c.product_id),
        )
        .outerjoin(
            coming,
            and_(coming.c.location_id == Location.id, coming.c.product_id == wanted.c.product_id),
        )
    )

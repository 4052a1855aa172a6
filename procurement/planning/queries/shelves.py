"""What sites that are bought for together use of a product, have of it and wait for: how much more can be used."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import BigInteger, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from procurement.kernel.db import ReadSession
from procurement.planning.models import MeasuredUse
from procurement.planning.rules.buying import Shelf
from procurement.purchasing.models import PurchaseOrder, PurchaseOrderLine
from procurement.purchasing.queries.supply import IS_OUTSTANDING, OUTSTANDING_STEPS
from procurement.stock.models import Balance, Location, Lot, Site
from procurement.stock.terms import LotStatus

_MOST_KEYS = 5_000  # above this all products are read


def shelves_of(
    session: ReadSession, lives: Mapping[int, int | None], today: date
) -> dict[tuple[str, int], Shelf]:
    """By buying site and product, where use was measured; `lives` gives the shelf life of each product asked for."""
    if not lives:
        return {}
    usable = (
        Balance.on_hand > 0,
        Lot.status == LotStatus.AVAILABLE,
        or_(Lot.use_by.is_(None), Lot.use_by >= today),
    )
    parts = union_all(
        select(
            MeasuredUse.location_id.label("location_id"),
            MeasuredUse.product_id.label("product_id"),
            MeasuredUse.used_per_week.label("used"),
            literal(0).label("steps"),
        ),
        select(Balance.location_id, Balance.product_id, literal(0), Balance.on_hand)
        .join(Lot, Lot.id == Balance.lot_id)
        .where(*usable),
        select(
            PurchaseOrder.deliver_to_id,
            PurchaseOrderLine.product_id,
            literal(0),
            OUTSTANDING_STEPS,
        )
        .join(PurchaseOrder, PurchaseOrder.id == PurchaseOrderLine.order_id)
        .where(*IS_OUTSTANDING),
    ).subquery()
    hub = aliased(Site)
    code = func.coalesce(hub.code, Site.code)
    used = cast(func.sum(parts.c.used), BigInteger)
    statement = (
        select(code, parts.c.product_id, used, cast(func.sum(parts.c.steps), BigInteger))
        .join(Location, Location.id == parts.c.location_id)
        .join(Site, Site.id == Location.site_id)
        .outerjoin(hub, hub.id == Site.buying_site_id)
        .group_by(code, parts.c.product_id)
        .having(func.sum(parts.c.used) > 0)
    )
    if len(lives) <= _MOST_KEYS:
        statement = statement.where(parts.c.product_id.in_(lives))
    return {
        (site, product): Shelf(per_week, there, lives[product])
        for site, product, per_week, there in session.execute(statement)
        if product in lives
    }

"""Where every product stands against its stocking rules, in one statement and so as at one moment."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    BindParameter,
    ColumnElement,
    Date,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import aliased

from procurement.catalogue.models import Pack, Product
from procurement.kernel.db import ReadSession, days_between
from procurement.planning.models import MeasuredLevel, MeasuredUse, NeedSnooze
from procurement.planning.rules.topping_up import Position
from procurement.purchasing.models import PurchaseOrder, PurchaseOrderLine
from procurement.purchasing.queries.supply import IS_OUTSTANDING, OUTSTANDING_STEPS
from procurement.sales.queries.owed import backordered
from procurement.stock.models import (
    Balance,
    Location,
    Lot,
    Site,
    StockingRule,
    Tool,
    TopUpRequest,
    Transfer,
    TransferLine,
    TransferWish,
)
from procurement.stock.queries.requests import is_open
from procurement.stock.terms import UNDER_WAY, LocationKind, LotStatus, TransferStatus


def short_positions(
    session: ReadSession, today: dict[int, date], *, site: str | None = None
) -> Iterable[Position]:
    """Places that miss something, and with each the storerooms of its site and of the site that buys for it.

    Missing is what lies below the reorder point, or what customers wait for.

    Of a site: those of all that are bought for together with it.

    `today` is the business date of each site, by its key.
    """
    if not today:
        return []
    days = set(today.values())
    if len(days) == 1:
        statement = _statement_of_one_day(of_a_site=site is not None)
    else:
        statement = _statement(case(today, value=Location.site_id), of_a_site=site is not None)
    values = {"today": days.pop(), "site": site}
    return [Position(*row) for row in session.execute(statement, values)]


@cache
def _statement_of_one_day(*, of_a_site: bool) -> Select[*tuple[Any, ...]]:
    """Almost always every site writes the same day, and the statement can be kept."""
    return _statement(bindparam("today", type_=Date()), of_a_site=of_a_site)


def _statement(today: ColumnElement[date], *, of_a_site: bool) -> Select[*tuple[Any, ...]]:
    held, coming, asked = _held(today), _coming(), _asked()
    expiring, owed = _expiring(today), _owed()
    missing = _missing(held, expiring, coming, asked, owed, of_a_site=of_a_site)
    hub = aliased(Site)
    sales_pack = select(func.min(Pack.size_steps)).where(
        Pack.product_id == Product.id, Pack.is_sales_pack
    )
    found = union_all(
        select(missing.c.location_id, missing.c.product_id).where(
            missing.c.kind != LocationKind.STOREROOM
        ),
        _storerooms(missing),
    ).subquery("found")
    return (
        select(
            Location.code,
            Location.kind == LocationKind.STOREROOM,
            func.coalesce(held.c.on_hand, 0),
            func.coalesce(held.c.available, 0),
            func.coalesce(coming.c.inbound, 0),
            func.coalesce(coming.c.on_order, 0),
            StockingRule.par_level,
            StockingRule.reorder_point,
            Location.name,
            Site.code,
            Product.id,
            Product.sku,
            Product.name,
            Product.unit,
            Product.status,
            asked.c.product_id.is_not(None),
            func.coalesce(hub.code, Site.code),
            func.coalesce(expiring.c.steps, 0),
            func.coalesce(held.c.container, sales_pack.scalar_subquery(), 1),
            func.coalesce(MeasuredUse.per_week, 0),
            func.coalesce(MeasuredUse.weeks, 0),
            Product.shelf_life_days,
            MeasuredLevel.product_id.is_not(None),
            NeedSnooze.until,
            NeedSnooze.comes_back_below,
            func.coalesce(NeedSnooze.note, ""),
            func.coalesce(NeedSnooze.snoozed_by, ""),
            NeedSnooze.snoozed_at,
            func.coalesce(owed.c.steps, 0),
        )
        .join_from(found, Location, Location.id == found.c.location_id)
        .join(Site, Site.id == Location.site_id)
        .join(Product, Product.id == found.c.product_id)
        .outerjoin(StockingRule, _same(StockingRule, found.c))
        .outerjoin(held, _same(held.c, found.c))
        .outerjoin(coming, _same(coming.c, found.c))
        .outerjoin(asked, _same(asked.c, found.c))
        .outerjoin(hub, hub.id == Site.buying_site_id)
        .outerjoin(expiring, _same(expiring.c, found.c))
        .outerjoin(owed, _same(owed.c, found.c))
        .outerjoin(MeasuredUse, _same(MeasuredUse, found.c))
        .outerjoin(MeasuredLevel, _same(MeasuredLevel, found.c))
        .outerjoin(NeedSnooze, _same(NeedSnooze, found.c))
    )


def _same(one: Any, other: Any) -> ColumnElement[bool]:
    """The same product at the same location."""
    return and_(one.location_id == other.location_id, one.product_id == other.product_id)


def _is_usable(today: ColumnElement[date]) -> ColumnElement[bool]:
    rooms = select(Location.id).where(Location.kind == LocationKind.TREATMENT_ROOM)
    return and_(
        Lot.status == LotStatus.AVAILABLE,
        or_(Lot.use_by.is_(None), Lot.use_by >= today),
        # An opened container counts where it is used; a storeroom has none to give.
        or_(Lot.parent_id.is_(None), Balance.location_id.in_(rooms)),
        # A tool with a number serves where it is; elsewhere it is not for whoever comes.
        or_(Lot.id.not_in(select(Tool.lot_id)), Balance.location_id.in_(rooms)),
    )


def _held(today: ColumnElement[date]) -> CTE:
    """(location, product) -> on hand, what of it may be used and is promised to nobody, and its least container."""
    usable = _is_usable(today)
    held = (
        select(
            Balance.location_id,
            Balance.product_id,
            _sum(Balance.on_hand).label("on_hand"),
            _sum(case((usable, Balance.on_hand - Balance.reserved), else_=0)).label("available"),
            func.min(
                case((and_(usable, Balance.on_hand > Balance.reserved), Pack.size_steps))
            ).label("container"),
        )
        .join(Lot, Lot.id == Balance.lot_id)
        .outerjoin(Pack, Pack.id == Lot.container_pack_id)
    )
    if not isinstance(today, BindParameter):  # around midnight each site has its own date
        held = held.join(Location, Location.id == Balance.location_id)
    return held.group_by(Balance.location_id, Balance.product_id).cte("held")


def _expiring(today: ColumnElement[date]) -> CTE:
    """(location, product) -> what of the available will be past its use-by before it is used, at the measured use.

    First expired is first used. Up to each date the use reaches so far; what the lots up to then hold above that is
    lost, and the worst date says how much in all.
    """
    free = Balance.on_hand - Balance.reserved
    lots = (
        select(
            Balance.location_id,
            Balance.product_id,
            func.sum(free)
            .over(partition_by=(Balance.location_id, Balance.product_id), order_by=Lot.use_by)
            .label("up_to_then"),
            (MeasuredUse.per_week * (days_between(today, Lot.use_by) + 1) // 7).label("used"),
        )
        .join(Lot, Lot.id == Balance.lot_id)
        .join(MeasuredUse, _same(MeasuredUse, Balance))
        .where(MeasuredUse.per_week > 0, Lot.use_by.is_not(None), free > 0, _is_usable(today))
    )
    if not isinstance(today, BindParameter):
        lots = lots.join(Location, Location.id == Balance.location_id)
    found = lots.subquery()
    lost = func.max(found.c.up_to_then - found.c.used)
    return (
        select(found.c.location_id, found.c.product_id, cast(lost, BigInteger).label("steps"))
        .group_by(found.c.location_id, found.c.product_id)
        .having(lost > 0)
        .cte("expiring")
    )


def _sum(steps: Any) -> ColumnElement[int]:
    """PostgreSQL would answer a NUMERIC, and every figure of ours is a whole number."""
    return cast(func.sum(steps), BigInteger)


def _coming() -> CTE:
    """(location, product) -> steps asked for, drafted or under way in transfers, and steps on open orders."""
    # A draft has sent nothing yet; what arrived is on the shelf, what was explained will not come.
    on_its_way = TransferLine.quantity - TransferLine.arrived - TransferLine.explained
    lines = union_all(
        select(
            PurchaseOrder.deliver_to_id.label("location_id"),
            PurchaseOrderLine.product_id.label("product_id"),
            literal(0).label("inbound"),
            OUTSTANDING_STEPS.label("on_order"),
        )
        .join(PurchaseOrder, PurchaseOrder.id == PurchaseOrderLine.order_id)
        .where(*IS_OUTSTANDING),
        select(Transfer.to_id, TransferLine.product_id, on_its_way, literal(0))
        .join(Transfer, Transfer.id == TransferLine.transfer_id)
        .where(Transfer.status.in_({TransferStatus.DRAFT, *UNDER_WAY})),
        select(Transfer.to_id, TransferWish.product_id, TransferWish.quantity, literal(0))
        .join(Transfer, Transfer.id == TransferWish.transfer_id)
        .where(Transfer.status == TransferStatus.REQUESTED),
    ).subquery()
    return (
        select(
            lines.c.location_id,
            lines.c.product_id,
            _sum(lines.c.inbound).label("inbound"),
            _sum(lines.c.on_order).label("on_order"),
        )
        .group_by(lines.c.location_id, lines.c.product_id)
        .cte("coming")
    )


def _asked() -> CTE:
    """(location, product) somebody in the room says is running low."""
    wanted = select(TopUpRequest.location_id, TopUpRequest.product_id).where(is_open())
    return wanted.cte("asked")


def _owed() -> CTE:
    """(location, product) -> what customers' confirmed orders wait for; of a storeroom."""
    waits = backordered()
    return (
        select(waits.c.location_id, waits.c.product_id, _sum(waits.c.steps).label("steps"))
        .group_by(waits.c.location_id, waits.c.product_id)
        .cte("owed")
    )


def _missing(
    held: CTE, expiring: CTE, coming: CTE, asked: CTE, owed: CTE, *, of_a_site: bool
) -> CTE:
    """Every active place with less lasting and coming than its reorder point, or than par where it asks for more.

    What customers wait for is gone already; with it a storeroom without a rule can miss something too.
    """
    there = func.coalesce(held.c.available, 0) - func.coalesce(expiring.c.steps, 0)
    on_its_way = func.coalesce(coming.c.inbound, 0) + func.coalesce(coming.c.on_order, 0)
    floor = case(
        (asked.c.product_id.is_not(None), StockingRule.par_level), else_=StockingRule.reorder_point
    )
    hub_id = func.coalesce(Site.buying_site_id, Site.id)
    places = union(
        select(StockingRule.location_id, StockingRule.product_id),
        select(owed.c.location_id, owed.c.product_id),
    ).subquery("places")
    rules = (
        select(
            places.c.location_id,
            places.c.product_id,
            Location.site_id,
            Location.kind,
            hub_id.label("hub_id"),
        )
        .join_from(places, Location, Location.id == places.c.location_id)
        .join(Site, Site.id == Location.site_id)
        .outerjoin(StockingRule, _same(StockingRule, places.c))
        .outerjoin(held, _same(held.c, places.c))
        .outerjoin(expiring, _same(expiring.c, places.c))
        .outerjoin(coming, _same(coming.c, places.c))
        .outerjoin(asked, _same(asked.c, places.c))
        .outerjoin(owed, _same(owed.c, places.c))
        .where(
            Location.active,
            there + on_its_way - func.coalesce(owed.c.steps, 0) < func.coalesce(floor, 0),
        )
    )
    if of_a_site:
        asked_for = aliased(Site)
        together = select(func.coalesce(asked_for.buying_site_id, asked_for.id)).where(
            asked_for.code == bindparam("site", type_=String())
        )
        rules = rules.where(hub_id == together.scalar_subquery())
    return rules.cte("missing")


def _storerooms(missing: CTE) -> Select[*tuple[Any, ...]]:
    """The storerooms of each site that misses a product and of its buyer, with or without a rule of their own."""
    wanted = union(
        select(missing.c.site_id, missing.c.product_id),
        select(missing.c.hub_id, missing.c.product_id),
    ).subquery("wanted")
    return select(Location.id, wanted.c.product_id).join_from(
        wanted,
        Location,
        and_(
            Location.site_id == wanted.c.site_id,
            Location.kind == LocationKind.STOREROOM,
            Location.active,
        ),
    )

"""The shop's list: products in the order asked for, with what each facet would show and what stock lets one say.

It needs what sales, purchasing and stock know together with the catalogue; each asks once for the whole page.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    bindparam,
    case,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from procurement.catalogue.models import Pack, Product
from procurement.catalogue.queries.facets import Facets, facets
from procurement.catalogue.queries.narrowing import ProductFilter
from procurement.catalogue.queries.search import Found, conditions, search
from procurement.catalogue.queries.sorting import BY_NAME, NEWEST_FIRST, sorted_products
from procurement.catalogue.terms import Kind
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.paging import PageRequest
from procurement.planning.rules.badges import Badge, Supply, badge_of
from procurement.planning.terms import Sorting
from procurement.purchasing.models import PurchaseOrder, PurchaseOrderLine
from procurement.purchasing.queries.supply import DUE_ON, IS_OUTSTANDING, OUTSTANDING_STEPS
from procurement.purchasing.terms import ON_THE_WAY
from procurement.sales.models import SalesOrder, SalesOrderLine
from procurement.sales.queries.prices import PriceBook
from procurement.sales.queries.sales_orders import is_waiting, reserved_of_line
from procurement.sales.queries.shop import by_price, most_ordered
from procurement.sales.terms.orders import TO_SHIP
from procurement.settings.queries import get_company
from procurement.sourcing.models import Supplier, SupplierItem
from procurement.stock.queries.sellable import in_stock, sellable


@dataclass(frozen=True, slots=True)
class ShopList:
    """A page of the shop."""

    found: Found
    facets: Facets
    badges: Mapping[int, Badge]  # by product; services have none
    sorting: Sorting


def shop_list(
    session: ReadSession,
    wanted: ProductFilter,
    paging: PageRequest,
    *,
    sorting: Sorting | None,
    lists: PriceBook | None,
    at: datetime,
) -> ShopList:
    """Without a wish by how well words fit, without words by name. By price only for those who see prices (`lists`)."""
    wanted = replace(wanted, stocked=in_stock(session, at=at))
    today = today_in(get_company(session).time_zone, at)
    sorting = _possible(sorting, wanted, lists)
    as_found = sorting is Sorting.BEST or (sorting is Sorting.NAME and not wanted.text)
    found = search(session, wanted, paging if as_found else PageRequest(1))
    if found.total and not as_found:
        page = sorted_products(session, found.wanted, paging, _order(sorting, lists, today))
        found = replace(found, page=page)
    badges = stock_badges(session, {row.id for row in found.page.items}, at=at)
    return ShopList(found, facets(session, found.wanted), badges, sorting)


def _possible(sorting: Sorting | None, wanted: ProductFilter, lists: PriceBook | None) -> Sorting:
    usual = Sorting.BEST if wanted.text else Sorting.NAME
    if sorting is None or (sorting is Sorting.BEST and not wanted.text):
        return usual
    return usual if sorting.by_price and lists is None else sorting


def _order(sorting: Sorting, lists: PriceBook | None, today: date) -> ColumnElement[int]:
    if sorting.by_price and lists is not None:
        return by_price(lists, today, dearest_first=sorting is Sorting.DEAREST)
    if sorting is Sorting.NEWEST:
        return NEWEST_FIRST
    return most_ordered() if sorting is Sorting.MOST_ORDERED else BY_NAME


def count_kept(
    session: ReadSession, kept: Mapping[int, tuple[ProductFilter, datetime]], *, at: datetime
) -> dict[int, tuple[int, int]]:
    """For each search by its key: how many products it finds, and how many of them came after the moment given."""
    if not kept:
        return {}
    stocked = in_stock(session, at=at)
    counts = [
        select(
            literal(key),
            func.count(),
            func.coalesce(func.sum(case((Product.created_at > since, 1), else_=0)), 0),
        ).where(*conditions(replace(wanted, stocked=stocked)))
        for key, (wanted, since) in kept.items()
    ]
    rows = session.execute(union_all(*counts))
    return {key: (total, int(new)) for key, total, new in rows}


def stock_badges(
    session: ReadSession, product_ids: Collection[int], *, at: datetime
) -> dict[int, Badge]:
    """By product, for its sales pack; what is a service or has no pack has none. Six statements."""
    return _badges(session, product_ids, Pack.product_id, at=at)


def pack_badges(
    session: ReadSession, product_ids: Collection[int], *, at: datetime
) -> dict[int, Badge]:
    """By pack, for all packs of these products."""
    return _badges(session, product_ids, Pack.id, at=at)


def pack_badges_of(
    session: ReadSession, pack_ids: Collection[int], *, at: datetime
) -> dict[int, Badge]:
    """By pack, for the products of these packs: one statement more."""
    products = session.scalars(select(Pack.product_id).where(Pack.id.in_(pack_ids))).all()
    return _badges(session, set(products), Pack.id, at=at)


def _badges(
    session: ReadSession,
    product_ids: Collection[int],
    by: InstrumentedAttribute[int],
    *,
    at: datetime,
) -> dict[int, Badge]:
    if not product_ids:
        return {}
    today = today_in(get_company(session).time_zone, at)
    query = _PACKS if by is Pack.id else _SALES_PACKS
    packs = session.execute(query, {_OF: sorted(product_ids)}).all()
    free, owed = sellable(session, product_ids, at=at), _owed(session, product_ids)
    coming, lead = _coming(session, product_ids), _lead_days(session, product_ids)
    return {
        key: badge_of(
            Supply(
                pack=steps,
                free=free.get(product, 0),
                owed=owed.get(product, 0),
                coming=coming.get(product, ()),
                lead_days=lead.get(product),
            ),
            today,
        )
        for key, product, steps in packs
    }


# What a page of the shop asks, written down once; of which products is said when it is asked.
_OF = "products"
_THESE: BindParameter[Any] = bindparam(_OF, expanding=True)
_PACKS = (
    select(Pack.id, Product.id, Pack.size_steps)
    .join_from(Product, Pack, Pack.product_id == Product.id)
    .where(Product.id.in_(_THESE), Product.kind != Kind.SERVICE)
)
_SALES_PACKS = _PACKS.with_only_columns(Pack.product_id, Product.id, Pack.size_steps).where(
    Pack.is_sales_pack
)
_MISSING = (
    SalesOrderLine.packs - SalesOrderLine.shipped
) * SalesOrderLine.pack_steps - reserved_of_line()
_OWED = (
    select(SalesOrderLine.product_id, func.sum(_MISSING))
    .join(SalesOrder, SalesOrder.id == SalesOrderLine.order_id)
    .where(
        SalesOrderLine.product_id.in_(_THESE), SalesOrder.status.in_(sorted(TO_SHIP)), is_waiting()
    )
    .group_by(SalesOrderLine.product_id)
)
_COMING = (
    select(PurchaseOrderLine.product_id, DUE_ON, func.sum(OUTSTANDING_STEPS))
    .join(PurchaseOrder, PurchaseOrder.id == PurchaseOrderLine.order_id)
    .where(
        *IS_OUTSTANDING,
        PurchaseOrder.status.in_(sorted(ON_THE_WAY)),
        PurchaseOrderLine.product_id.in_(_THESE),
    )
    .group_by(PurchaseOrderLine.product_id, DUE_ON)
    .order_by(DUE_ON.is_(None), DUE_ON)
)
_LEAD_DAYS = (
    select(SupplierItem.product_id, func.min(SupplierItem.lead_time_days))
    .join(Supplier, Supplier.id == SupplierItem.supplier_id)
    .where(SupplierItem.product_id.in_(_THESE), SupplierItem.active, Supplier.active)
    .group_by(SupplierItem.product_id)
)


def _owed(session: ReadSession, product_ids: Collection[int]) -> dict[int, int]:
    """Steps sold, not shipped, and not set aside."""
    rows = session.execute(_OWED, {_OF: sorted(product_ids)})
    return {key: int(steps) for key, steps in rows}


def _coming(
    session: ReadSession, product_ids: Collection[int]
) -> dict[int, list[tuple[date | None, int]]]:
    """What suppliers have been asked for, the earliest first; drafts promise nothing."""
    coming: defaultdict[int, list[tuple[date | None, int]]] = defaultdict(list)
    for key, on, steps in session.execute(_COMING, {_OF: sorted(product_ids)}):
        coming[key].append((on, int(steps)))
    return coming


def _lead_days(session: ReadSession, product_ids: Collection[int]) -> dict[int, int]:
    """The shortest time a supplier in use has said."""
    rows = session.execute(_LEAD_DAYS, {_OF: sorted(product_ids)})
    return {key: int(days) for key, days in rows}

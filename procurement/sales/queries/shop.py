"""What the shop shows of prices to whom, in which order its list can be put, and the searches a buyer keeps."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, case, func, literal, select

from procurement.catalogue.models import Pack, Product
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession, once
from procurement.kernel.money import UnitPrice
from procurement.kernel.permissions import Permission
from procurement.kernel.validity import Validity
from procurement.sales.models import (
    Price,
    PriceList,
    SalesOrder,
    SalesOrderLine,
    SavedSearch,
    Shop,
)
from procurement.sales.queries.prices import PriceBook, price_book, price_book_of_buyer
from procurement.sales.rules.pricing import Step
from procurement.sales.terms.orders import SalesOrderStatus
from procurement.sales.terms.shop import SampleRule, SavedSearchRow, ShopRow, VisitorPrices
from procurement.settings.queries import get_company

_ORDERED = frozenset(SalesOrderStatus) - {SalesOrderStatus.DRAFT, SalesOrderStatus.CANCELLED}
_CROWD = 3  # customers
_NO_PRICE = 2**62  # what has no price comes last either way


def shop(session: ReadSession) -> ShopRow:
    return once(session, "shop", lambda: _shop(session))


def _shop(session: ReadSession) -> ShopRow:
    row = session.execute(
        select(
            Shop.visitor_prices,
            Shop.retail_list_id,
            PriceList.code,
            Shop.may_collect,
            Shop.samples_most,
            Shop.sample_days,
        )
        .outerjoin(PriceList, PriceList.id == Shop.retail_list_id)
        .where(Shop.id == 1)
    ).one_or_none()
    if row is None:
        return ShopRow()
    return ShopRow(
        row.visitor_prices,
        row.retail_list_id,
        row.code,
        row.may_collect,
        SampleRule(row.samples_most, row.sample_days),
    )


def price_book_in_shop(
    session: ReadSession, pack_ids: Collection[int], *, actor: Actor
) -> PriceBook | None:
    """A buyer's own prices; for everybody else what the shop shows to visitors, which may be nothing."""
    if actor.may(Permission.BUY):
        return price_book_of_buyer(session, pack_ids, actor=actor)
    window = shop(session)
    if window.visitor_prices is VisitorPrices.LIST:
        return price_book(session, get_company(session).currency, None, pack_ids)
    if window.visitor_prices is VisitorPrices.RETAIL:
        return retail_book(session, pack_ids)
    return None


def retail_book(session: ReadSession, pack_ids: Collection[int]) -> PriceBook | None:
    """The recommended prices, by no rule and no other list; None where the shop names no list for them."""
    retail = session.get(PriceList, shop(session).retail_list_id or 0)
    return listed_book(session, retail, pack_ids) if retail else None


def listed_book(session: ReadSession, alone: PriceList, pack_ids: Collection[int]) -> PriceBook:
    """The prices of one list, by no rule and no other list."""
    steps: dict[tuple[int, int], tuple[Step, ...]] = {}
    rows = session.execute(
        select(Price.pack_id, Price.from_packs, Price.price_e4)
        .where(Price.price_list_id == alone.id, Price.pack_id.in_(sorted(pack_ids)))
        .order_by(Price.from_packs)
    )
    for pack_id, from_packs, e4 in rows:
        key = (alone.id, pack_id)
        steps[key] = (*steps.get(key, ()), Step(from_packs, UnitPrice(e4, alone.currency)))
    return PriceBook(alone.currency, (alone,), steps, alone.id)


def by_price(book: PriceBook, on: date, *, dearest_first: bool = False) -> ColumnElement[int]:
    """A product's price on the lists of the book: the first list that has one decides, as it does for the price shown.

    It is the list's price: what rules change for one customer does not move a product.
    """
    lists = [one.id for one in book.lists if Validity(one.valid_from, one.valid_until).covers(on)]
    found = [
        select(Price.price_e4)
        .join(Pack, Pack.id == Price.pack_id)
        .where(Pack.product_id == Product.id, Pack.is_sales_pack, Price.price_list_id == one)
        .order_by(Price.from_packs)
        .limit(1)
        .correlate(Product)
        .scalar_subquery()
        for one in lists
    ]
    price = func.coalesce(*found, literal(None)) if found else literal(None)
    ordered = -price if dearest_first else price
    return func.coalesce(ordered, literal(_NO_PRICE))


def most_ordered() -> ColumnElement[int]:
    """How many lines of orders name a product, the most first.

    What fewer than three customers order counts for none: it would tell the others what one of them buys.
    """
    customers = func.count(SalesOrder.customer_id.distinct())
    ordered = (
        select(case((customers < _CROWD, 0), else_=func.count()))
        .select_from(SalesOrderLine)
        .join(SalesOrder, SalesOrder.id == SalesOrderLine.order_id)
        .where(SalesOrderLine.product_id == Product.id, SalesOrder.status.in_(sorted(_ORDERED)))
        .correlate(Product)
        .scalar_subquery()
    )
    return -ordered


def saved_searches(session: ReadSession, *, actor: Actor) -> list[SavedSearchRow]:
    """The actor's own, by name."""
    actor.require(Permission.BUY)
    rows = session.execute(
        select(SavedSearch.id, SavedSearch.name, SavedSearch.query, SavedSearch.seen_at)
        .where(SavedSearch.user_id == actor.id)
        .order_by(SavedSearch.name)
    )
    return [SavedSearchRow(*row) for row in rows]

"""What buyers searched for, found or not, and what they looked at before they asked for it. Staff of sales only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select

from procurement.catalogue.models import Product, SynonymPhrase
from procurement.catalogue.rules.words import key_of
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.permissions import Permission
from procurement.sales.models import Enquiry, EnquiryLine, ProductViewed, SearchMade
from procurement.sales.rules.interest import KEPT

_MOST = 50


@dataclass(frozen=True, slots=True)
class SearchRow:
    """One way to search: how often, how often in vain, by how many customers we know, when last."""

    text: str
    times: int
    missed: int
    customers: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class ViewedRow:
    """A product that customers looked at, and how many of them asked for it in the days after."""

    sku: str
    name: str
    views: int
    customers: int
    asked: int

    @property
    def left(self) -> int:
        """Customers who looked and did not ask."""
        return self.customers - self.asked


def is_anything_old(session: ReadSession, at: datetime) -> bool:
    """Whether something is kept for longer than it may be."""
    return any(
        session.scalar(select(exists().where(table.at < at - KEPT)))
        for table in (SearchMade, ProductViewed)
    )


def searches_in_vain(
    session: ReadSession, since: datetime, *, actor: Actor, most: int = _MOST
) -> list[SearchRow]:
    """What was searched last without anything having all of it, most often first; a synonym made since settles it."""
    actor.require(Permission.SEE_SALES)
    missed_at = func.max(case((SearchMade.hits == 0, SearchMade.at)))
    found_at = func.max(case((SearchMade.hits > 0, SearchMade.at)))
    rows = _searches(
        session,
        since,
        and_(missed_at.is_not(None), or_(found_at.is_(None), found_at < missed_at)),
        func.sum(case((SearchMade.hits == 0, 1), else_=0)),
        2 * most,
    )
    keys = {key_of(row.text): row for row in rows}
    settled = set(
        session.scalars(select(SynonymPhrase.key).where(SynonymPhrase.key.in_(list(keys))))
    )
    return [row for row in rows if key_of(row.text) not in settled][:most]


def searches_made(
    session: ReadSession, since: datetime, *, actor: Actor, most: int = _MOST
) -> list[SearchRow]:
    """What was searched most often."""
    actor.require(Permission.SEE_SALES)
    return _searches(session, since, func.count() > 0, func.count(), most)


def _searches(
    session: ReadSession, since: datetime, having: Any, order: Any, most: int
) -> list[SearchRow]:
    rows = session.execute(
        select(
            SearchMade.text,
            func.count(),
            func.sum(case((SearchMade.hits == 0, 1), else_=0)),
            func.count(SearchMade.customer_id.distinct()),
            func.max(SearchMade.at),
        )
        .where(SearchMade.at >= since)
        .group_by(SearchMade.text)
        .having(having)
        .order_by(order.desc(), SearchMade.text)
        .limit(most)
    )
    return [SearchRow(*row) for row in rows]


def products_viewed(
    session: ReadSession, since: datetime, *, actor: Actor, most: int = _MOST
) -> list[ViewedRow]:
    """What customers looked at, those first that most looked at without asking for it."""
    actor.require(Permission.SEE_SALES)
    asked = exists().where(
        Enquiry.id == EnquiryLine.enquiry_id,
        EnquiryLine.product_id == ProductViewed.product_id,
        Enquiry.customer_id == ProductViewed.customer_id,
        Enquiry.received_at >= ProductViewed.at,
    )
    customers = func.count(ProductViewed.customer_id.distinct())
    askers = func.count(case((asked, ProductViewed.customer_id)).distinct())
    rows = session.execute(
        select(Product.sku, Product.name, func.count(), customers, askers)
        .join(Product, Product.id == ProductViewed.product_id)
        .where(ProductViewed.at >= since)
        .group_by(Product.id, Product.sku, Product.name)
        .order_by((customers - askers).desc(), func.count().desc(), Product.sku)
        .limit(most)
    )
    return [ViewedRow(*row) for row in rows]

"""What buyers look for, kept and forgotten again. Nobody asks for it, so nobody's permission is asked."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from procurement.catalogue.models import Product
from procurement.sales.models import Customer, ProductViewed, SearchMade
from procurement.sales.rules.interest import KEPT, kept_text
from procurement.sales.terms.interest import Looked

AT_ONCE = 1_000  # rows of each kind forgotten in one transaction


def keep_looks(session: Session, looks: Sequence[Looked]) -> int:
    """Write down searches and products looked at; what names a thing gone meanwhile is dropped."""
    asked = {look.customer_id for look in looks if look.customer_id is not None}
    customers = set(session.scalars(select(Customer.id).where(Customer.id.in_(asked))))
    wanted = {look.product_id for look in looks if look.product_id is not None}
    products = set(session.scalars(select(Product.id).where(Product.id.in_(wanted))))
    searches = [
        {"at": look.at, "text": text, "hits": look.hits, "customer_id": look.customer_id}
        for look in looks
        if look.product_id is None
        and (text := kept_text(look.text))
        and look.customer_id in {None, *customers}
    ]
    views = [
        {"at": look.at, "product_id": look.product_id, "customer_id": look.customer_id}
        for look in looks
        if look.product_id in products and look.customer_id in {None, *customers}
    ]
    if searches:
        session.execute(insert(SearchMade), searches)
    if views:
        session.execute(insert(ProductViewed), views)
    return len(searches) + len(views)


def forget_looks(session: Session, *, at: datetime) -> int:
    """Delete what is older than it may be kept, a part at a time; says how much."""
    gone = 0
    for table in (SearchMade, ProductViewed):
        old = select(table.id).where(table.at < at - KEPT).order_by(table.id).limit(AT_ONCE)
        keys = list(session.scalars(old))
        if keys:
            session.execute(delete(table).where(table.id.in_(keys)))
        gone += len(keys)
    return gone

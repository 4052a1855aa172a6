"""A list of products in an order that words have no say in: by name, by age, by what floors above know of them."""

from typing import Any

from sqlalchemy import ColumnElement, and_, literal, or_, select

from procurement.catalogue.models import Product
from procurement.catalogue.queries.narrowing import ProductFilter
from procurement.catalogue.queries.search import ProductRow, conditions, products
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Invalid
from procurement.kernel.paging import MAX_LIMIT, Page, PageRequest

BY_NAME: ColumnElement[int] = literal(0)
NEWEST_FIRST: ColumnElement[int] = -Product.id


def sorted_products(
    session: ReadSession, wanted: ProductFilter, paging: PageRequest, by: ColumnElement[int]
) -> Page[ProductRow]:
    """By the figure given, the least first, then by name: two statements, three beyond the first page.

    The cursor names a product and never its figure: how often others order a thing is nobody's business.
    """
    order = (by, Product.name, Product.id)
    query = select(Product.id).where(*conditions(wanted)).order_by(*order)
    if after := paging.key(int):
        query = query.where(_behind(session, order, after[0]))
    ids = paging.page(session.scalars(query.limit(paging.limit + 1)).all(), lambda key: (key,))
    if not ids.items:
        return Page(())
    rows = products(session, ProductFilter(ids=frozenset(ids.items)), PageRequest(limit=MAX_LIMIT))
    found = {row.id: row for row in rows.items}
    return Page(tuple(found[key] for key in ids.items), ids.next)


def _behind(session: ReadSession, order: tuple[Any, ...], key: int) -> ColumnElement[bool]:
    by, name, _ = order
    last = session.execute(select(by, name).where(Product.id == key)).one_or_none()
    if last is None:
        raise Invalid("The cursor is not one of ours.", field="cursor")
    figure, said = last
    return or_(
        by > figure,
        and_(by == figure, name > said),
        and_(by == figure, name == said, Product.id > key),
    )

"""The levels that were set, by location and product."""

from dataclasses import dataclass

from sqlalchemy import select, tuple_

from procurement.catalogue.models import Product
from procurement.kernel.db import ReadSession
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.quantity import Quantity
from procurement.stock.models import Location, StockingRule


@dataclass(frozen=True, slots=True)
class StockingRuleRow:
    """What a place should hold of a product, and below which it is topped up."""

    location: str
    product: str
    par_level: Quantity
    reorder_point: Quantity


def stocking_rules(
    session: ReadSession,
    paging: PageRequest,
    *,
    location: str | None = None,
    product: str | None = None,
) -> Page[StockingRuleRow]:
    key = (Location.code, Product.sku)
    statement = (
        select(*key, StockingRule.par_level, StockingRule.reorder_point, Product.unit)
        .join(Location, Location.id == StockingRule.location_id)
        .join(Product, Product.id == StockingRule.product_id)
        .order_by(*key)
        .limit(paging.limit + 1)
    )
    if location is not None:
        statement = statement.where(Location.code == location)
    if product is not None:
        statement = statement.where(Product.sku == product)
    if after := paging.key(str, str):
        statement = statement.where(tuple_(*key) > tuple_(*after))
    rows = [
        StockingRuleRow(code, sku, Quantity(par_level, unit), Quantity(reorder_point, unit))
        for code, sku, par_level, reorder_point, unit in session.execute(statement)
    ]
    return paging.page(rows, lambda row: (row.location, row.product))

"""What bringing an order costs stands on it as a line of its own."""

from datetime import datetime

from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money, UnitPrice
from procurement.sales.models import Customer, SalesOrder, SalesOrderLine
from procurement.sales.operations.order_lines import write_totals
from procurement.sales.queries.offers import offered_products
from procurement.sales.queries.order_terms import standing_of
from procurement.sales.queries.taxing import taxing
from procurement.sales.rules.order_terms import Standing
from procurement.sales.terms.order_terms import FREIGHT_SKU
from procurement.settings.queries import get_company


def charge_freight(
    session: ReadSession, order: SalesOrder, customer: Customer, at: datetime, *, collected: bool
) -> Standing:
    """Reckon what the order comes to, with freight where its terms ask for it, and say how it stands to them."""
    write_totals(order)
    goods = sum(line.net_minor for line in order.lines if line.is_goods)
    standing = standing_of(
        session,
        customer,
        Money(goods, order.currency),
        Money(order.net_minor, order.currency),
        collected=collected,
    )
    if standing.freight is not None:
        order.lines.append(_freight_line(session, order, standing.freight, at))
        write_totals(order)
    return standing


def _freight_line(
    session: ReadSession, order: SalesOrder, charge: Money, at: datetime
) -> SalesOrderLine:
    """Bringing goods is taxed as the goods are: it is ancillary to them (CJEU C-349/96, paragraph 30)."""
    product = offered_products(session, skus={FREIGHT_SKU})[FREIGHT_SKU]
    pack = product.packs[0]
    today = today_in(get_company(session).time_zone, at)
    tax = taxing(session, order.customer_id, today).of(is_service=False)
    return SalesOrderLine(
        position=len(order.lines) + 1,
        product_id=product.id,
        pack_id=pack.id,
        name=product.name,
        pack_steps=pack.steps,
        is_goods=False,
        packs=1,
        price_e4=UnitPrice.parse(charge.amount, charge.currency).e4,
        tax_code=tax.code,
        tax_ppm=tax.rate.ppm,
        tax_category=tax.category,
        tax_detail=tax.detail,
        tax_reason=tax.why,
        net_minor=0,
        discount_bp=0,
        note="",
    )

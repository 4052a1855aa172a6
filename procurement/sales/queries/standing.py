"""What only staff see beside a quote's lines: what the goods cost us to buy again, and what of them is there."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from procurement.catalogue.models import Pack, Product
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Pack as PackValue
from procurement.kernel.quantity import Quantity
from procurement.sales.rules.margins import Buying
from procurement.settings.queries import exchange_rates, get_company
from procurement.sourcing.models import Supplier, SupplierItem
from procurement.sourcing.queries import price_breaks_of
from procurement.sourcing.rules.offers import Offer
from procurement.stock.queries.on_hand import available_at


def ways_to_buy(
    session: ReadSession, product_ids: Collection[int], *, actor: Actor
) -> dict[int, list[Buying]]:
    """Every active item of active suppliers, by product."""
    actor.require(Permission.SEE_MARGIN)
    rows = session.execute(
        select(SupplierItem, Supplier.name, Supplier.currency, Pack, Product.unit)
        .join(Supplier, Supplier.id == SupplierItem.supplier_id)
        .join(Pack, Pack.id == SupplierItem.pack_id)
        .join(Product, Product.id == SupplierItem.product_id)
        .where(SupplierItem.product_id.in_(set(product_ids)), SupplierItem.active, Supplier.active)
    ).all()
    breaks = price_breaks_of(session, {item.id: currency for item, _, currency, *_ in rows})
    ways: defaultdict[int, list[Buying]] = defaultdict(list)
    for item, supplier, currency, pack, unit in rows:
        bought = PackValue(pack.name, Quantity(pack.size_steps, unit))
        offer = Offer(bought, currency, item.moq, item.multiple, breaks.get(item.id, ()))
        ways[item.product_id].append(Buying(supplier, offer, item.preferred))
    return ways


def currencies_worth(session: ReadSession, on: date) -> dict[str, Decimal]:
    """What one unit of each currency is in the company's on that day; one without a rate is left out."""
    worth = {get_company(session).currency: Decimal(1)}
    for row in exchange_rates(session):  # newest first within a currency
        if row.valid_from <= on:
            worth.setdefault(row.currency, row.rate)
    return worth


def stock_of(
    session: ReadSession, product_ids: Collection[int], *, actor: Actor, at: datetime
) -> dict[int, tuple[int, int]]:
    """Product -> (on hand, available) in steps, everywhere together."""
    actor.require(Permission.SEE_STOCK)
    sums: defaultdict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for (_, product), (on_hand, available) in available_at(
        session, at=at, products=product_ids
    ).items():
        before = sums[product]
        sums[product] = (before[0] + on_hand, before[1] + available)
    return sums

"""What is to be counted at a place, and what may be found there."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, literal, or_, select, union

from procurement.catalogue.models import Pack, Product
from procurement.catalogue.terms import Kind, ProductStatus
from procurement.kernel.db import ReadSession
from procurement.kernel.quantity import Quantity, Unit
from procurement.stock.models import Balance, Lot, Movement, StockingRule
from procurement.stock.terms import Place

LATELY_DAYS = 90  # what was there within these days still belongs there


@dataclass(frozen=True, slots=True)
class Thing:
    """A lot on hand at a place; without a lot a product that belongs there and is not."""

    product_id: int
    lot_id: int | None
    on_hand: int


def what_to_count(
    session: ReadSession, place: Place, *, at: datetime, only: Collection[int] | None = None
) -> list[Thing]:
    """Everything on hand, lot by lot, then what belongs there; by product name. `only` these products."""
    there = (
        select(
            Product.id,
            Lot.id,
            Balance.on_hand,
            func.lower(Product.name).label("name"),
            Product.sku.label("sku"),
            Lot.use_by.label("use_by"),
        )
        .join_from(Balance, Lot, Lot.id == Balance.lot_id)
        .join(Product, Product.id == Balance.product_id)
        .where(Balance.location_id == place.id, Balance.on_hand > 0)
    )
    on_hand = exists().where(
        Balance.location_id == place.id, Balance.product_id == Product.id, Balance.on_hand > 0
    )
    lately = Movement.occurred_at > at - timedelta(days=LATELY_DAYS)
    belongs = union(
        select(StockingRule.product_id).where(
            StockingRule.location_id == place.id, StockingRule.par_level > 0
        ),
        select(Movement.product_id).where(Movement.to_id == place.id, lately),
        select(Movement.product_id).where(Movement.from_id == place.id, lately),
    )
    missing = select(
        Product.id, literal(None), literal(0), func.lower(Product.name), Product.sku, literal(None)
    ).where(
        Product.id.in_(belongs),
        Product.kind != Kind.SERVICE,
        Product.status == ProductStatus.ACTIVE,
        ~on_hand,
    )
    if only is not None:
        there = there.where(Product.id.in_(only))
        missing = missing.where(Product.id.in_(only))
    rows = [tuple(row) for statement in (there, missing) for row in session.execute(statement)]
    rows.sort(key=lambda row: (row[3], row[4], row[5] is None, str(row[5]), row[1] or 0))
    return [Thing(product_id, lot_id, int(on_hand)) for product_id, lot_id, on_hand, *_ in rows]


@dataclass(frozen=True, slots=True)
class CountablePack:
    code: str
    name: str
    size: Quantity
    gtin: str | None
    is_sales_pack: bool


@dataclass(frozen=True, slots=True)
class CountableProduct:
    """A product that may stand on a shelf, with the packs it is scanned and counted by."""

    sku: str
    name: str
    unit: Unit
    packs: tuple[CountablePack, ...]


def countable_products(session: ReadSession, place: Place) -> list[CountableProduct]:
    """Every product that stands on shelves; a discontinued one while something of it is at the place."""
    here = exists().where(
        Balance.location_id == place.id, Balance.product_id == Product.id, Balance.on_hand > 0
    )
    products = session.execute(
        select(Product.id, Product.sku, Product.name, Product.unit)
        .where(Product.kind != Kind.SERVICE, or_(Product.status == ProductStatus.ACTIVE, here))
        .order_by(func.lower(Product.name), Product.sku)
    ).all()
    packs: defaultdict[int, list[CountablePack]] = defaultdict(list)
    units = {row.id: Unit(row.unit) for row in products}
    rows = session.execute(
        select(
            Pack.product_id, Pack.code, Pack.name, Pack.size_steps, Pack.gtin, Pack.is_sales_pack
        ).order_by(Pack.product_id, Pack.position, Pack.id)
    )
    for product_id, code, name, steps, gtin, is_sales_pack in rows:
        if unit := units.get(product_id):
            size = Quantity(steps, unit)
            packs[product_id].append(CountablePack(code, name, size, gtin, is_sales_pack))
    return [
        CountableProduct(row.sku, row.name, units[row.id], tuple(packs[row.id])) for row in products
    ]

"""Linen of a house: clean on the shelf, in the rooms, at the laundry, beside what should go round."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from procurement.catalogue.models import Product
from procurement.catalogue.terms import Kind, ProductStatus
from procurement.kernel.db import ReadSession
from procurement.stock.models import Balance, LinenRule, Location, Site
from procurement.stock.rules.linen import LinenPar
from procurement.stock.terms import LocationKind


@dataclass(frozen=True, slots=True)
class LinenRow:
    """Pieces of a product in a house; a product with a rule is listed even when there is none."""

    product: str
    product_name: str
    clean: int  # in storerooms
    in_rooms: int
    at_laundry: int
    par: LinenPar | None

    @property
    def total(self) -> int:
        return self.clean + self.in_rooms + self.at_laundry

    @property
    def short(self) -> int:
        return max(self.par.pieces - self.total, 0) if self.par else 0


def linen(session: ReadSession, site: str) -> list[LinenRow]:
    """By name; three statements."""
    rooms: Any = session.scalar(
        select(func.count())
        .select_from(Location)
        .join(Site, Site.id == Location.site_id)
        .where(Site.code == site, Location.kind == LocationKind.TREATMENT_ROOM, Location.active)
    )
    rules = {
        row[0]: LinenPar(int(rooms), row[1], row[2], row[3])
        for row in session.execute(
            select(
                LinenRule.product_id,
                LinenRule.turns_a_day,
                LinenRule.pieces_a_turn,
                LinenRule.days,
            )
            .join(Site, Site.id == LinenRule.site_id)
            .where(Site.code == site)
        )
    }
    held: defaultdict[int, dict[LocationKind, int]] = defaultdict(dict)
    names: dict[int, tuple[str, str]] = {}
    rows = session.execute(
        select(Product.id, Product.sku, Product.name, Location.kind, func.sum(Balance.on_hand))
        .join_from(Product, Balance, Balance.product_id == Product.id)
        .join(Location, Location.id == Balance.location_id)
        .join(Site, Site.id == Location.site_id)
        .where(Product.kind == Kind.LINEN, Site.code == site, Balance.on_hand > 0)
        .group_by(Product.id, Location.kind)
    )
    for product_id, sku, name, kind, steps in rows:
        names[product_id] = (sku, name)
        held[product_id][kind] = int(steps)
    missing = rules.keys() - names.keys()
    if missing:
        more = session.execute(
            select(Product.id, Product.sku, Product.name).where(Product.id.in_(missing))
        )
        names |= {row[0]: (row[1], row[2]) for row in more}
    found = [
        LinenRow(
            *names[key],
            held[key].get(LocationKind.STOREROOM, 0),
            held[key].get(LocationKind.TREATMENT_ROOM, 0),
            held[key].get(LocationKind.LAUNDRY, 0),
            rules.get(key),
        )
        for key in names
    ]
    return sorted(found, key=lambda row: (row.product_name.lower(), row.product))


def linen_shelf(session: ReadSession, site: str) -> str | None:
    """The storeroom of a house that has most linen: where it comes back to, unless somebody says otherwise."""
    code: str | None = session.scalar(
        select(Location.code)
        .join(Balance, Balance.location_id == Location.id)
        .join(Product, Product.id == Balance.product_id)
        .join(Site, Site.id == Location.site_id)
        .where(
            Site.code == site,
            Location.kind == LocationKind.STOREROOM,
            Product.kind == Kind.LINEN,
        )
        .group_by(Location.code)
        .order_by(func.sum(Balance.on_hand).desc(), Location.code)
        .limit(1)
    )
    return code


@dataclass(frozen=True, slots=True)
class LinenName:
    sku: str
    name: str


def linen_products(session: ReadSession) -> list[LinenName]:
    rows = session.execute(
        select(Product.sku, Product.name)
        .where(Product.kind == Kind.LINEN, Product.status == ProductStatus.ACTIVE)
        .order_by(func.lower(Product.name), Product.sku)
    )
    return [LinenName(*row) for row in rows]

"""What one product costs on every price list."""

from dataclasses import dataclass

from sqlalchemy import select

from procurement.catalogue.models import Pack, Product
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.money import UnitPrice
from procurement.kernel.permissions import Permission
from procurement.kernel.validity import Validity
from procurement.sales.models import Price, PriceList


@dataclass(frozen=True, slots=True)
class ProductPriceRow:
    """What a pack costs on a list: from so many packs, one of them costs this."""

    price_list: str
    price_list_name: str
    validity: Validity
    pack: str
    pack_name: str
    steps: tuple[tuple[int, UnitPrice], ...]


def prices_of_product(
    session: ReadSession, sku: str, *, actor: Actor
) -> tuple[ProductPriceRow, ...]:
    """By list, pack and quantity; for staff who see sales."""
    actor.require(Permission.SEE_SALES)
    found: dict[tuple[int, str], tuple[PriceList, str, list[tuple[int, UnitPrice]]]] = {}
    rows = session.execute(
        select(PriceList, Pack.code, Pack.name, Price.from_packs, Price.price_e4)
        .join(Price, Price.price_list_id == PriceList.id)
        .join(Pack, Pack.id == Price.pack_id)
        .join(Product, Product.id == Price.product_id)
        .where(Product.sku == sku)
        .order_by(PriceList.name, PriceList.id, Pack.position, Pack.id, Price.from_packs)
    )
    for one, pack, pack_name, from_packs, e4 in rows:
        *_, steps = found.setdefault((one.id, pack), (one, pack_name, []))
        steps.append((from_packs, UnitPrice(e4, one.currency)))
    return tuple(
        ProductPriceRow(
            price_list=one.code,
            price_list_name=one.name,
            validity=Validity(one.valid_from, one.valid_until),
            pack=pack,
            pack_name=pack_name,
            steps=tuple(steps),
        )
        for (_, pack), (one, pack_name, steps) in found.items()
    )

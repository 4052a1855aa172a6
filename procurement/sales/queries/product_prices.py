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
    """From so many packs, one pack costs this on that list."""

    price_list: str
    price_list_name: str
    validity: Validity
    pack: str
    pack_name: str
    from_packs: int
    price: UnitPrice


def prices_of_product(
    session: ReadSession, sku: str, *, actor: Actor
) -> tuple[ProductPriceRow, ...]:
    """By list, pack and quantity; for staff who see sales."""
    actor.require(Permission.SEE_SALES)
    rows = session.execute(
        select(PriceList, Pack.code, Pack.name, Price.from_packs, Price.price_e4)
        .join(Price, Price.price_list_id == PriceList.id)
        .join(Pack, Pack.id == Price.pack_id)
        .join(Product, Product.id == Price.product_id)
        .where(Product.sku == sku)
        .order_by(PriceList.name, PriceList.id, Pack.position, Pack.id, Price.from_packs)
    )
    return tuple(
        ProductPriceRow(
            price_list=one.code,
            price_list_name=one.name,
            validity=Validity(one.valid_from, one.valid_until),
            pack=pack,
            pack_name=pack_name,
            from_packs=from_packs,
            price=UnitPrice(e4, one.currency),
        )
        for one, pack, pack_name, from_packs, e4 in rows
    )

"""The demo catalogue goes in: families, products, packs, pictures, suppliers and what they sell."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from procurement.catalogue.operations.pictures import add_picture
from procurement.catalogue.operations.saving import save_products
from procurement.catalogue.rules.codes import code_of
from procurement.catalogue.rules.drafts import Drafts
from procurement.catalogue.rules.gtin import padded_gtin
from procurement.catalogue.terms import FamilyDraft, Kind, PackDraft, ProductDraft, Trait
from procurement.demo import goods, house
from procurement.demo.cast import Cast
from procurement.demo.goods import DemoBuy, DemoPack, DemoProduct
from procurement.demo.house import DemoContact
from procurement.demo.supplier_terms import ASKED, NOTHING
from procurement.kernel.quantity import Unit
from procurement.sourcing.operations.suppliers import (
    NewPriceBreak,
    SaveSupplier,
    SaveSupplierItem,
    save_supplier,
    save_supplier_item,
)


def stock_the_catalogue(session: Session, cast: Cast, *, at: datetime) -> None:
    """Every product with its packs, in one go, as an import would."""
    families = {
        code_of(product.family): FamilyDraft(code_of(product.family), product.family)
        for product in goods.products()
    }
    drafts = Drafts(
        {product.sku: _draft(product) for product in goods.products()},
        {
            (product.sku, pack.code): PackDraft(
                sku=product.sku,
                code=pack.code,
                name=pack.name,
                size_steps=pack.size.steps,
                gtin=padded_gtin(pack.gtin),
                is_sales_pack=pack is product.packs[0],
                tare=_tare(product, pack),
            )
            for product in goods.products()
            for pack in product.packs
        },
    )
    save_products(session, families, drafts, actor=cast.manager, at=at)


# mg per ml, and what one stroke of a pump gives, in microlitres.
_DENSITIES = {"oil": 920, "lotion": 1_000, "cream": 980, "gel": 1_020}
_PUMPED = {"lotion": 2_000, "gel": 1_500}


def _dose(product: DemoProduct) -> int | None:
    """What the treatments of the house take of it, the smallest of them."""
    used = [amount.steps for sku, amount in house.all_uses() if sku == product.sku]
    return min(used, default=None) if product.unit is not Unit.PIECE else None


def _tare(product: DemoProduct, pack: DemoPack) -> int | None:
    """A bottle with its lid weighs about a tenth of what it holds; cases are never weighed."""
    if product.kind not in _DENSITIES or pack.size.steps > 4_000_000:
        return None
    return pack.size.steps // 10_000 * 1_000 + 15_000


def _draft(product: DemoProduct) -> ProductDraft:
    return ProductDraft(
        sku=product.sku,
        name=product.name,
        kind=Kind(product.kind),
        unit=product.unit,
        family=code_of(product.family),
        category=product.category,
        brand=house.brand_of(product.supplier),
        description=product.description,
        material=product.material,
        shelf_life_days=product.shelf_life_days,
        period_after_opening_months=product.period_after_opening_months,
        dose=_dose(product),
        pump_stroke=_PUMPED.get(product.kind) if product.unit is Unit.ML else None,
        density=_DENSITIES.get(product.kind) if product.unit is Unit.ML else None,
        options=tuple(product.options.items()),
        ingredients=product.ingredients,
        ingredients_complete=bool(product.ingredients),
        traits=tuple(Trait(trait) for trait in product.traits),
        body_areas=product.body_areas,
        techniques=product.techniques,
        skin_feels=product.skin_feels,
        scents=product.scents,
    )


def hang_pictures(session: Session, cast: Cast, *, at: datetime) -> None:
    """Draw every product and keep its picture."""
    for product in goods.products():
        add_picture(
            session,
            product.sku,
            product.picture(),
            file_name=f"{product.sku.lower()}.jpg",
            alternative_text=product.name,
            actor=cast.manager,
            at=at,
        )


def find_suppliers(session: Session, cast: Cast, *, at: datetime) -> None:
    """Suppliers, and for each product who sells it in which pack, at which price breaks."""
    for supplier in house.suppliers():
        save_supplier(session, _supplier(supplier), actor=cast.purchaser, at=at)
    for buy in goods.all_buys():
        is_first = goods.by_sku()[buy.product].buys[0] == buy
        item = _supplier_item(buy, preferred=is_first)
        save_supplier_item(session, item, actor=cast.purchaser, at=at)


def _supplier(supplier: DemoContact) -> SaveSupplier:
    asked = ASKED.get(supplier.code, NOTHING)
    return SaveSupplier(
        code=supplier.code,
        name=supplier.name,
        currency=supplier.currency,
        email=supplier.email,
        phone=supplier.phone,
        address=supplier.letter,
        minimum_order=asked.money(asked.minimum, supplier.currency),
        freight_charge=asked.money(asked.freight, supplier.currency),
        free_freight_from=asked.money(asked.free_from, supplier.currency),
        is_new=True,
    )


def _supplier_item(buy: DemoBuy, *, preferred: bool) -> SaveSupplierItem:
    return SaveSupplierItem(
        supplier=buy.supplier,
        product=buy.product,
        code=buy.code,
        pack=buy.pack,
        moq=buy.moq,
        multiple=buy.multiple,
        lead_time_days=buy.lead_time_days,
        price_breaks=(
            NewPriceBreak(1, _written(buy.cost)),
            *(NewPriceBreak(packs, _written(cost)) for packs, cost in buy.breaks),
        ),
        preferred=preferred,
    )


def _written(amount: Decimal) -> str:
    return f"{amount:f}"

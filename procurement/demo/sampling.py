"""The demo's samples: small packs that cost its wholesale customers nothing, of what is worth trying first."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.catalogue.operations.saving import save_products
from procurement.catalogue.rules.drafts import Drafts
from procurement.catalogue.terms import OrderRuleDraft, PackDraft
from procurement.demo import goods, house
from procurement.demo.cast import Cast
from procurement.kernel.money import UnitPrice
from procurement.kernel.quantity import Quantity
from procurement.sales.operations.price_lists import PriceInput, set_prices

CODE = "SAMPLE"
SAMPLES = {
    "OIL-BLD-LAV": ("sample bottle 10 ml", ("10", "ml")),
    "OIL-JOJ": ("sample bottle 10 ml", ("10", "ml")),
    "LOT-SLK-UNS": ("sample sachet 8 ml", ("8", "ml")),
    "CRM-DEP": ("sample sachet 8 ml", ("8", "ml")),
    "BLM-NGT": ("sample tin 4 g", ("4", "g")),
}


def offer_samples(session: Session, cast: Cast, *, at: datetime) -> None:
    """On the lists of the trade, not on what guests take home. One of each an order."""
    sold = {one.sku for one in goods.products()}
    packs = {
        (sku, CODE): PackDraft(
            sku, CODE, name, Quantity.parse(*size).steps, rule=OrderRuleDraft(most=1)
        )
        for sku, (name, size) in SAMPLES.items()
        if sku in sold
    }
    save_products(session, {}, Drafts({}, packs), actor=cast.manager, at=at)
    for one in house.price_lists():
        if not one.is_default:
            free = [PriceInput(sku, UnitPrice(0, one.currency), CODE) for sku, _ in packs]
            set_prices(session, one.code, free, actor=cast.seller, at=at)

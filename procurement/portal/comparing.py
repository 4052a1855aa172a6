"""Up to four products side by side. The address carries them, so a comparison can be sent to a colleague."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from flask import render_template, request

from procurement.catalogue.queries.compositions import safety_rules
from procurement.catalogue.queries.known import known
from procurement.catalogue.queries.narrowing import ProductFilter
from procurement.catalogue.queries.search import ProductRow, products
from procurement.catalogue.rules.allergens import allergens_in
from procurement.catalogue.rules.drafts import KnownProduct
from procurement.catalogue.rules.wording import size_words
from procurement.catalogue.terms import ProductStatus, SafetyRules
from procurement.kernel.clock import utc_now
from procurement.kernel.money import Money, UnitPrice
from procurement.kernel.paging import PageRequest
from procurement.kernel.quantity import Unit
from procurement.kernel.text import is_storable
from procurement.planning.queries.shop import stock_badges
from procurement.portal.cards import Card, cards_of
from procurement.portal.door import bp
from procurement.portal.filtering import KINDS, TRAITS
from procurement.portal.prices import price_book_for
from procurement.portal.seller import current_basket
from procurement.web.filters import show_money
from procurement.web.identity import current_actor
from procurement.web.listing import this_url
from procurement.web.transactions import read

MOST = 4
_HUNDRED = {Unit.ML: "100 ml", Unit.G: "100 g"}


@dataclass(frozen=True, slots=True)
class Compared:
    """A product as a column: its card, and a value for each line of the table."""

    card: Card
    without: str  # the address of the comparison without it
    values: tuple[str, ...]


LINES = (
    "Kind", "Unit price", "Packs", "Skin feel", "Scent", "Body areas", "Techniques", "Ingredients are",
    "Allergens", "Ingredients", "Material", "After opening",
)  # fmt: skip


def compared_skus() -> list[str]:
    """Those named in the address, each once."""
    named = request.args.getlist("compare")
    return [sku for sku in dict.fromkeys(named) if is_storable(sku) and len(sku) <= 64][:MOST]


def toggled_url(skus: Sequence[str], sku: str) -> str:
    """This page with a product put beside the others, or taken away; empty where there is no room."""
    if sku in skus:
        return this_url(compare=[one for one in skus if one != sku])
    return this_url(compare=[*skus, sku]) if len(skus) < MOST else ""


@bp.get("/compare")
def compare() -> str:
    skus, actor, basket = compared_skus(), current_actor(), current_basket()
    with read() as session:
        there = known(session, skus).products
        ids = {p.id for p in there.values() if p.status is ProductStatus.ACTIVE}
        wanted = ProductFilter(ids=frozenset(ids))
        rows = products(session, wanted, PageRequest(MOST)).items if ids else ()
        rules = safety_rules(session)
        book = price_book_for(session, {row.pack_id for row in rows if row.pack_id}, actor)
        badges = stock_badges(session, ids, at=utc_now())
    ordered = sorted(rows, key=lambda row: skus.index(row.sku))
    columns = [
        Compared(card, toggled_url(skus, card.row.sku), _values(there[card.row.sku], card, rules))
        for card in cards_of(ordered, book, basket, badges)
    ]
    return render_template(
        "portal/compare.html",
        columns=columns,
        lines=[
            (label, [column.values[place] for column in columns])
            for place, label in enumerate(LINES)
            if any(column.values[place] for column in columns)
        ],
        sees_prices=book is not None,
        back=this_url(),
    )


def _values(product: KnownProduct, card: Card, rules: SafetyRules) -> tuple[str, ...]:
    months = product.period_after_opening_months
    sizes = [
        (pack.name, size_words(pack.size_steps, product.unit)) for pack in product.packs.values()
    ]
    packs = [name if size in name else f"{name}, {size}" for name, size in sizes]
    return (
        KINDS[product.kind],
        _per_hundred(card.row, card.tag.price) if card.tag else "",
        "; ".join(packs),
        ", ".join(product.skin_feels),
        ", ".join(product.scents),
        ", ".join(product.body_areas),
        ", ".join(product.techniques),
        ", ".join(TRAITS[trait] for trait in product.traits),
        ", ".join(allergens_in(product.composition, rules)),
        ", ".join(product.ingredients),
        product.material,
        f"{months} months" if months and months > 1 else "1 month" if months else "",
    )


def _per_hundred(row: ProductRow, price: UnitPrice) -> str:
    """What 100 ml or 100 g of the sales pack cost; of pieces, what one does."""
    size = row.pack_size
    if size is None:
        return ""
    word = _HUNDRED.get(size.unit)
    share = Decimal(100 * size.unit.steps if word else 1) / size.steps
    exact = (price.decimal * share).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{show_money(Money.parse(format(exact, 'f'), price.currency))} per {word or 'piece'}"

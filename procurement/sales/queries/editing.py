"""What the quote editor shows beside each line: what a pack holds, the list's price and why, margin and stock."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from procurement.catalogue.rules.wording import (
    base_of,
    base_quantity,
    counted,
    price_per_unit,
)
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money, UnitPrice
from procurement.kernel.permissions import Permission
from procurement.sales.queries.goods import leading_pictures
from procurement.sales.queries.offers import OfferedPack, OfferedProduct, offered_products
from procurement.sales.queries.prices import price_book
from procurement.sales.queries.quotes import QuoteLineRow, QuotePage, priced
from procurement.sales.queries.standing import currencies_worth, ways_to_buy
from procurement.sales.queries.why import seen_by
from procurement.sales.rules.margins import Buying, Cost, Margin, cost_of, whole_margin
from procurement.sales.rules.pricing import PriceFound, WhyRow
from procurement.sales.rules.totals import additions
from procurement.settings.queries import get_company


@dataclass(frozen=True, slots=True)
class PackChoice:
    """A pack one may choose on a line."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class EditedProduct:
    """A product on the page of the editor."""

    sku: str
    name: str
    packs: tuple[PackChoice, ...]
    picture: str | None = None  # SHA-256 of its leading picture


@dataclass(frozen=True, slots=True)
class LineFigures:
    """One line's figures, in words where words are shorter."""

    product: str
    quantity: str  # "24 bottles"
    per_unit: str  # "11.90 per bottle"
    list_price: UnitPrice | None
    reason: str
    next_break: str
    net: Money
    has_price: bool
    counted: bool = True  # in the total as we suggest it
    adds: int | None = None  # minor units it would add to the net, where it is not in the total
    cost: Cost | None = None  # for those who see margins only
    tax: str = ""  # "A 23 %: Our usual tax", where nobody chose it
    why: tuple[WhyRow, ...] = ()  # what the lists and rules say now, step by step

    @property
    def margin(self) -> Margin | None:
        return Margin(self.net, self.cost.money) if self.cost and self.has_price else None


def line_figures(
    session: ReadSession,
    page: QuotePage,
    *,
    actor: Actor,
    at: datetime,
    only: Collection[int] | None = None,
) -> tuple[LineFigures, ...]:
    """The figures of a draft's lines, or of `only` these positions, in order; costs for those who may see them."""
    actor.require(Permission.SEE_SALES)
    on = today_in(get_company(session).time_zone, at)
    lines = page.at_positions(only)
    keys = {row.product_id for row in lines if row.is_goods}
    products = offered_products(session, ids=keys)
    packs = {row.pack_id for row in lines if row.is_goods}
    book = price_book(
        session, page.currency, page.price_list_id, packs, customer_id=page.customer_id
    )
    ways: dict[int, list[Buying]] = {}
    if actor.may(Permission.SEE_MARGIN):
        ways = ways_to_buy(session, keys, actor=actor)
    worth = currencies_worth(session, on) if ways else {}
    adds = {
        one.position: one.net
        for one in additions([priced(row) for row in page.lines], page.rounding_rule)
        if one.packs is None
    }
    found: list[LineFigures] = []
    for row in lines:
        if not row.is_goods:
            found.append(_words_figures(row))
            continue
        explained = book.explain(row.pack_id, row.packs, on)
        one = replace(
            _figures(row, products[row.product], explained.found),
            counted=row.is_suggested,
            tax=f"{row.tax.percent} %: {row.tax_reason}" if row.tax_reason else "",
            why=seen_by(actor, explained.why),
            adds=adds.get(row.position),
            cost=cost_of(row.quantity.steps, ways.get(row.product_id, ()), worth, page.currency),
        )
        found.append(one)
    return tuple(found)


def _words_figures(row: QuoteLineRow) -> LineFigures:
    return LineFigures("", "", "", None, "", "", row.net, has_price=True)


def margin_of(figures: Sequence[LineFigures], currency: str) -> Margin | None:
    """What remains of the lines in the total whose cost is known; None where none is."""
    known = [one.margin for one in figures if one.margin and one.counted]
    return whole_margin(known, currency) if known else None


def _figures(row: QuoteLineRow, product: OfferedProduct, found: PriceFound | None) -> LineFigures:
    pack = product.pack_by_id(row.pack_id)
    base = base_of(pack.size, product.unit, product.others(pack))
    quantity = per_unit = ""
    if base:
        amount, word = base_quantity(base, row.packs)
        quantity = f"{amount:,} {word}"
        if row.price:
            per_unit = f"{price_per_unit(row.price, base):,} per {base.word}"
    return LineFigures(
        product=row.product,
        quantity=quantity,
        per_unit=per_unit,
        list_price=found.price if found else None,
        reason=row.price_reason,
        next_break=_next_break(found, pack),
        net=row.net,
        has_price=row.price is not None,
    )


def _next_break(found: PriceFound | None, pack: OfferedPack) -> str:
    if found is None:
        return ""
    if found.next_break is None:
        return "best price reached" if len(found.steps) > 1 else ""
    saving = found.next_break
    less = found.price.e4 - saving.price.e4
    each = f", {UnitPrice(less, saving.price.currency).amount} less each" if less > 0 else ""
    return f"{saving.price.amount} from {counted(saving.from_packs, pack.name)}{each}"


def edited_products(session: ReadSession, skus: Sequence[str]) -> dict[str, EditedProduct]:
    """Names, packs and pictures of the products on the page."""
    products = offered_products(session, skus=skus)
    pictures = leading_pictures(session, {product.id for product in products.values()})
    return {
        sku: EditedProduct(
            sku=sku,
            name=product.name,
            packs=tuple(PackChoice(pack.code, pack.name) for pack in product.packs),
            picture=pictures.get(product.id),
        )
        for sku, product in products.items()
    }

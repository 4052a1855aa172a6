"""What a price file does to us: what is left of our sales prices, and which open quotes have the product."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from procurement.catalogue.models import Pack, Product
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.money import UnitPrice, round_half_up
from procurement.kernel.permissions import Permission
from procurement.sales.models import Price, PriceList, Quote, QuoteLine
from procurement.sales.queries.standing import currencies_worth
from procurement.sales.terms import QuoteStatus
from procurement.settings.queries import get_company
from procurement.sourcing.terms import LineKind, PriceFilePage, PriceLine

OPEN_QUOTES = frozenset({QuoteStatus.DRAFT, QuoteStatus.ISSUED})


@dataclass(frozen=True, slots=True)
class MarginEffect:
    """What is left of a price on one of our lists, in percent to one place; `before` None where nothing was known."""

    price_list: str
    pack: str
    price: UnitPrice
    before: Decimal | None
    after: Decimal


@dataclass(frozen=True, slots=True)
class PriceEffect:
    """What one line changes: in percent of the old price, of the margin, and for open quotes."""

    line: PriceLine
    change: Decimal | None
    margins: tuple[MarginEffect, ...]
    quotes: tuple[str, ...]  # for who sees sales
    touched: int  # how many open quotes have the product


def price_effects(
    session: ReadSession, page: PriceFilePage, *, actor: Actor, at: datetime
) -> list[PriceEffect]:
    """The lines that change or add a price, each with its effect, in a few statements for all of them.

    Margins are for who may see margins, which quotes for who sees sales; everybody else learns how many quotes.
    """
    lines = page.of_kind(LineKind.CHANGED, LineKind.NEW)
    skus = {line.product for line in lines if line.product}
    on = today_in(get_company(session).time_zone, at)
    sizes = _pack_sizes(session, skus)
    prices = _prices(session, skus, on) if actor.may(Permission.SEE_MARGIN) else {}
    quotes = quotes_with(session, skus)
    sees_quotes = actor.may(Permission.SEE_SALES)
    worth = currencies_worth(session, on)
    return [
        PriceEffect(
            line,
            change_of(line),
            tuple(_margins(line, page.currency, sizes, prices, worth)),
            quotes.get(line.product or "", ()) if sees_quotes else (),
            len(quotes.get(line.product or "", ())),
        )
        for line in lines
    ]


def quotes_touched(session: ReadSession, page: PriceFilePage) -> int:
    """How many open quotes have a product of which the file changes or adds a price."""
    lines = page.of_kind(LineKind.CHANGED, LineKind.NEW)
    found = quotes_with(session, {line.product for line in lines if line.product})
    return len({number for numbers in found.values() for number in numbers})


def quotes_with(session: ReadSession, skus: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Product -> numbers of the draft and issued quotes it stands on."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    rows = session.execute(
        select(Product.sku, Quote.number)
        .distinct()
        .join(QuoteLine, QuoteLine.product_id == Product.id)
        .join(Quote, Quote.id == QuoteLine.quote_id)
        .where(Product.sku.in_(skus), Quote.status.in_(sorted(OPEN_QUOTES)))
        .order_by(Product.sku, Quote.number)
    )
    for sku, number in rows:
        found[sku].append(number)
    return {sku: tuple(numbers) for sku, numbers in found.items()}


def change_of(line: PriceLine) -> Decimal | None:
    """Of the price of the first break, in percent to one place."""
    if line.old is None or line.new is None or not line.old.e4:
        return None
    return _percent(line.new.e4 - line.old.e4, line.old.e4)


def _percent(part: int | Decimal, whole: int | Decimal) -> Decimal:
    return Decimal(round_half_up(Decimal(part) * 1_000 / whole)) / 10


@dataclass(frozen=True, slots=True)
class _Sold:
    price_list: str
    pack: str
    steps: int
    price: UnitPrice


def _margins(
    line: PriceLine,
    currency: str,
    sizes: dict[tuple[str, str], int],
    prices: dict[str, list[_Sold]],
    worth: dict[str, Decimal],
) -> list[MarginEffect]:
    """By list and sales pack; the cost is that of the same quantity at the first break."""
    bought = sizes.get((line.product or "", line.pack or ""))
    if bought is None or line.new is None or currency not in worth:
        return []
    found = []
    for sold in prices.get(line.product or "", []):
        if sold.price.currency not in worth or not sold.price.e4:
            continue
        rate = worth[currency] / worth[sold.price.currency] * sold.steps / bought
        after = _percent(sold.price.e4 - line.new.e4 * rate, sold.price.e4)
        before = _percent(sold.price.e4 - line.old.e4 * rate, sold.price.e4) if line.old else None
        found.append(MarginEffect(sold.price_list, sold.pack, sold.price, before, after))
    return found


def _pack_sizes(session: ReadSession, skus: Collection[str]) -> dict[tuple[str, str], int]:
    rows = session.execute(
        select(Product.sku, Pack.code, Pack.size_steps)
        .join(Product, Product.id == Pack.product_id)
        .where(Product.sku.in_(skus))
    )
    return {(sku, code): steps for sku, code, steps in rows}


def _prices(session: ReadSession, skus: Collection[str], on: date) -> dict[str, list[_Sold]]:
    """The lowest break of each sales pack on every list that holds today."""
    found: defaultdict[str, list[_Sold]] = defaultdict(list)
    rows = session.execute(
        select(
            Product.sku,
            PriceList.name,
            PriceList.currency,
            Pack.name,
            Pack.size_steps,
            Price.price_e4,
        )
        .join(PriceList, PriceList.id == Price.price_list_id)
        .join(Pack, Pack.id == Price.pack_id)
        .join(Product, Product.id == Price.product_id)
        .where(
            Product.sku.in_(skus),
            Pack.is_sales_pack,
            Price.from_packs == 1,
            PriceList.valid_from.is_(None) | (PriceList.valid_from <= on),
            PriceList.valid_until.is_(None) | (PriceList.valid_until >= on),
        )
        .order_by(Product.sku, PriceList.name, Pack.position)
    )
    for sku, name, currency, pack, steps, price in rows:
        found[sku].append(_Sold(name, pack, steps, UnitPrice(price, currency)))
    return dict(found)

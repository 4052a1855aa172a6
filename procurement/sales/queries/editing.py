"""What the quote editor shows beside each line: what a pack holds, the list's price and why, the next break."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import or_, select

from procurement.catalogue.models import Pack, Product
from procurement.catalogue.rules.wording import base_of, base_quantity, counted, price_per_unit
from procurement.catalogue.terms import ProductStatus
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money, UnitPrice
from procurement.kernel.permissions import Permission
from procurement.kernel.text import containing, fold
from procurement.sales.queries.goods import leading_pictures
from procurement.sales.queries.offers import OfferedPack, OfferedProduct, offered_products
from procurement.sales.queries.prices import PriceBook, price_book
from procurement.sales.queries.quotes import QuoteLineRow, QuotePage
from procurement.sales.rules.pricing import PriceFound


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


@dataclass(frozen=True, slots=True)
class FoundProduct:
    """A product found while adding lines, with its price for one pack."""

    sku: str
    name: str
    pack: str
    price: UnitPrice | None
    picture: str | None = None


def line_figures(session: ReadSession, page: QuotePage, on: date) -> tuple[LineFigures, ...]:
    """The figures of every line of a draft, in its order."""
    products = offered_products(session, ids={row.product_id for row in page.lines})
    packs = {row.pack_id for row in page.lines}
    book = price_book(session, page.currency, page.price_list_id, packs)
    return tuple(_figures(row, products[row.product], book, on) for row in page.lines)


def _figures(row: QuoteLineRow, product: OfferedProduct, book: PriceBook, on: date) -> LineFigures:
    pack = product.pack_by_id(row.pack_id)
    base = base_of(pack.size, product.unit, product.others(pack))
    found = book.price(pack.id, row.packs, on)
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
    return f"{saving.price.amount} from {counted(saving.from_packs, pack.name)}"


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


def find_products(
    session: ReadSession, text: str, page: QuotePage, on: date, *, actor: Actor, limit: int = 8
) -> list[FoundProduct]:
    """Products to add, by SKU, GTIN or name; an exact code comes first."""
    actor.require(Permission.SEE_SALES)
    words = fold(text).split()
    if not words:
        return []
    query = (
        select(Product.id, Product.sku)
        .where(Product.status == ProductStatus.ACTIVE)
        .order_by(Product.sku != text.strip(), Product.name, Product.id)
        .limit(limit)
    )
    for word in words:
        pattern = containing(word)
        query = query.where(
            or_(
                Product.search_text.like(pattern, escape="\\"),
                Product.sku.ilike(pattern, escape="\\"),
                Product.id.in_(select(Pack.product_id).where(Pack.gtin == word.zfill(14))),
            )
        )
    ids = [row.id for row in session.execute(query)]
    products = {p.id: p for p in offered_products(session, ids=ids).values()}
    packs = {p.id: pack for p in products.values() if (pack := p.pack(None))}
    book = price_book(
        session, page.currency, page.price_list_id, [pack.id for pack in packs.values()]
    )
    pictures = leading_pictures(session, ids)
    return [
        replace(_found(products[key], packs[key], book, on), picture=pictures.get(key))
        for key in ids
        if key in packs
    ]


def _found(product: OfferedProduct, pack: OfferedPack, book: PriceBook, on: date) -> FoundProduct:
    price = book.price(pack.id, 1, on)
    return FoundProduct(product.sku, product.name, pack.name, price.price if price else None)

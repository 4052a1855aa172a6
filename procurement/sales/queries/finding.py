"""Products for a quote, found by what people type, paste and scan: a SKU, a GTIN, or parts of a name."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select

from procurement.catalogue.models import Pack, Product
from procurement.catalogue.rules.wording import counted
from procurement.catalogue.terms import Kind, ProductStatus
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.money import UnitPrice
from procurement.kernel.permissions import Permission
from procurement.kernel.text import containing, fold, is_storable
from procurement.sales.queries.goods import leading_pictures
from procurement.sales.queries.offers import OfferedPack, OfferedProduct, offered_products
from procurement.sales.queries.prices import PriceBook, price_book
from procurement.sales.queries.quotes import QuotePage
from procurement.sales.queries.standing import stock_of
from procurement.sales.rules.scanned import ScannedItem, scanned_item

MOST_NAMED = 3  # products told where a name fits several


@dataclass(frozen=True, slots=True)
class FoundProduct:
    """A product found while adding lines, with its price for one pack and what may be sold of it."""

    sku: str
    name: str
    pack: str
    price: UnitPrice | None
    picture: str | None = None
    stock: str | None = (
        None  # "12 bottles available"; for those who see stock, and not of a service
    )
    some: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """What a written name or code means: a product, a pack where the code was a pack's GTIN, a count it told."""

    sku: str
    pack: str | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Why a written name or code is no product."""

    why: str


def find_products(
    session: ReadSession,
    text: str,
    page: QuotePage,
    on: date,
    *,
    actor: Actor,
    at: datetime,
    limit: int = 8,
) -> list[FoundProduct]:
    """Products to add; an exact code comes first."""
    actor.require(Permission.SEE_SALES)
    with suppress(ValueError):
        if item := scanned_item(text, today=on):
            text = item.gtin or item.sku or text
    if not (words := fold(text).split()):
        return []
    query = (
        select(Product.id)
        .where(Product.status == ProductStatus.ACTIVE, *(_fits(word) for word in words))
        .order_by(Product.sku != text.strip(), Product.name, Product.id)
        .limit(limit)
    )
    ids = list(session.scalars(query))
    products = {p.id: p for p in offered_products(session, ids=ids).values()}
    packs = {p.id: pack for p in products.values() if (pack := p.pack(None))}
    book = price_book(
        session,
        page.currency,
        page.price_list_id,
        [pack.id for pack in packs.values()],
        customer_id=page.customer_id,
    )
    pictures = leading_pictures(session, ids)
    stock = None
    if actor.may(Permission.SEE_STOCK):
        stock = stock_of(session, ids, actor=actor, at=at)
    return [
        _found(products[key], packs[key], book, on, pictures.get(key), stock)
        for key in ids
        if key in packs
    ]


def _fits(word: str) -> ColumnElement[bool]:
    pattern = containing(word)
    return or_(
        Product.search_text.like(pattern, escape="\\"),
        Product.sku.ilike(pattern, escape="\\"),
        Product.id.in_(select(Pack.product_id).where(Pack.gtin == word.zfill(14))),
    )


def _found(
    product: OfferedProduct,
    pack: OfferedPack,
    book: PriceBook,
    on: date,
    picture: str | None,
    stock: dict[int, tuple[int, int]] | None,
) -> FoundProduct:
    price = book.price(pack.id, 1, on)
    words, free = None, 0
    if stock is not None and product.kind is not Kind.SERVICE:
        free = stock.get(product.id, (0, 0))[1] // pack.steps
        words = f"{counted(free, pack.name)} available" if free else "none available"
    return FoundProduct(
        product.sku,
        product.name,
        pack.name,
        price.price if price else None,
        picture,
        words,
        free > 0,
    )


def understand(
    session: ReadSession, written: Collection[str], on: date, *, actor: Actor
) -> dict[str, Understood | NotUnderstood]:
    """What each text means, however many there are: as scanners send it, by code, else by the one name that fits."""
    actor.require(Permission.SEE_SALES)
    answers: dict[str, Understood | NotUnderstood] = {}
    scanned: dict[str, ScannedItem] = {}
    for one in written:
        answers[one] = NotUnderstood(f"There is no product {one[:64]!r}.")
        try:
            if item := scanned_item(one, today=on):
                scanned[one] = item
        except ValueError as error:
            answers[one] = NotUnderstood(str(error))
    names = {item.gtin or item.sku or "" for item in scanned.values()}
    plain = {one for one in written if one not in scanned and is_storable(one)}
    found = _by_code_or_name(session, {one for one in plain | names if one})
    for one in written:
        if one not in scanned:
            answers[one] = found.get(one, answers[one])
        elif isinstance(known := found[scanned[one].gtin or scanned[one].sku or ""], Understood):
            answers[one] = replace(known, count=scanned[one].count)
        elif gtin := scanned[one].gtin:
            answers[one] = NotUnderstood(f"No product has the barcode {gtin.lstrip('0')}.")
    return answers


def _by_code_or_name(
    session: ReadSession, asked: Collection[str]
) -> dict[str, Understood | NotUnderstood]:
    answers: dict[str, Understood | NotUnderstood] = {
        one: NotUnderstood(f"There is no product {one[:64]!r}.") for one in asked
    }
    codes = {one.upper() for one in asked} | set(asked)
    skus = set(session.scalars(select(Product.sku).where(Product.sku.in_(codes))))
    gtins = {_padded(one) for one in asked}
    packs = {
        gtin: Understood(sku, pack)
        for gtin, sku, pack in session.execute(
            select(Pack.gtin, Product.sku, Pack.code)
            .join(Product, Product.id == Pack.product_id)
            .where(Pack.gtin.in_(gtins - {""}))
        )
    }
    named = []
    for one in asked:
        if sku := next((code for code in (one, one.upper()) if code in skus), None):
            answers[one] = Understood(sku)
        elif pack := packs.get(_padded(one)):
            answers[one] = pack
        else:
            named.append(one)
    return answers | _by_name(session, named)


def _padded(written: str) -> str:
    """What may be a GTIN, as it is kept; empty where it is none."""
    digits = written.isascii() and written.isdigit() and 8 <= len(written) <= 14
    return written.zfill(14) if digits else ""


def _by_name(session: ReadSession, names: Sequence[str]) -> dict[str, Understood | NotUnderstood]:
    words = {name: found for name in names if (found := fold(name).split())}
    if not words:
        return {}
    rows = session.execute(
        select(Product.sku, Product.name, Product.search_text)
        .where(
            Product.status == ProductStatus.ACTIVE,
            or_(
                *(
                    and_(*(Product.search_text.like(containing(w), escape="\\") for w in found))
                    for found in words.values()
                )
            ),
        )
        .order_by(Product.name, Product.sku)
    ).all()
    answers: dict[str, Understood | NotUnderstood] = {}
    for name, found in words.items():
        fits = [(sku, said) for sku, said, text in rows if all(word in text for word in found)]
        exact = [sku for sku, said in fits if fold(said) == fold(name)]
        if len(exact) == 1 or len(fits) == 1:
            answers[name] = Understood(exact[0] if len(exact) == 1 else fits[0][0])
        elif fits:
            told = ", ".join(f"{sku} ({said})" for sku, said in fits[:MOST_NAMED])
            more = len(fits) - MOST_NAMED
            answers[name] = NotUnderstood(
                f"{name[:64]!r} may be {told}{f' or {more} others' if more > 0 else ''}."
            )
    return answers

"""Products to offer instead of one that somebody cannot have: the candidates of the catalogue with prices and stock.

Every question is asked once for all candidates. Who may not see prices gets none; of stock all hear only whether.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from procurement.catalogue.errors import ProductUnknown
from procurement.catalogue.models import Product, ProductTag, ProductTrait, Tag
from procurement.catalogue.queries.compositions import compositions, safety_rules
from procurement.catalogue.rules.substitutes import Candidate, ranked, reason
from procurement.catalogue.terms import Kind, ProductStatus, TagDimension, Trait, Wishes
from procurement.kernel.actor import SYSTEM, Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.money import UnitPrice
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Unit
from procurement.kernel.text import is_storable
from procurement.sales.queries.goods import leading_pictures
from procurement.sales.queries.offers import OfferedPack, OfferedProduct, offered_products
from procurement.sales.queries.prices import PriceBook, price_book, price_book_of_buyer
from procurement.sales.queries.standing import stock_of
from procurement.settings.queries import get_company

MOST_CANDIDATES = 300


@dataclass(frozen=True, slots=True)
class SubstituteRow:
    """A product to offer instead, and why."""

    sku: str
    name: str
    reason: str
    in_stock: bool
    picture: str | None  # SHA-256 of the leading one


def substitutes_for(
    session: ReadSession, sku: str, wishes: Wishes, *, actor: Actor, at: datetime, most: int = 4
) -> tuple[SubstituteRow, ...]:
    """The best of them first; none when nothing is wished. Raises ProductUnknown."""
    if not wishes.any:
        return ()
    own = _own(session, sku)
    ids = _ids(session, own, wishes)
    products = offered_products(session, ids=[own.id, *ids])
    all_products = {product.id: product for product in products.values()}
    stock = stock_of(session, all_products, actor=SYSTEM, at=at)
    found = candidates(session, all_products, _book(session, all_products, actor), stock, at=at)
    original = found.pop(own.id)
    best = ranked(original, found.values(), wishes, safety_rules(session))[:most]
    pictures = leading_pictures(session, [one.id for one in best]) if best else {}
    return tuple(
        SubstituteRow(
            one.sku,
            one.name,
            reason(original, one, wishes),
            bool(one.in_stock),
            pictures.get(one.id),
        )
        for one in best
    )


def candidates(
    session: ReadSession,
    products: dict[int, OfferedProduct],
    book: PriceBook | None,
    stock: Mapping[int, tuple[int, int]],
    *,
    at: datetime,
) -> dict[int, Candidate]:
    """Products as they are compared, by key. `stock` is what is on hand and available of each, in steps."""
    made_of, areas = compositions(session, products), _areas(session, products)
    on = today_in(get_company(session).time_zone, at)
    rows = session.execute(select(Product.id, Product.category_id).where(Product.id.in_(products)))
    shelves: dict[int, int | None] = dict(rows.all())

    def priced(pack: OfferedPack | None) -> UnitPrice | None:
        found = book.price(pack.id, 1, on) if book and pack else None
        return found.price if found else None

    return {
        product.id: Candidate(
            id=product.id,
            sku=product.sku,
            name=product.name,
            kind=product.kind,
            unit=product.unit,
            category_id=shelves[product.id],
            areas=frozenset(areas[product.id]),
            made_of=made_of[product.id],
            price=priced(product.pack(None)),
            size=product.size_of(pack) if (pack := product.pack(None)) else None,
            in_stock=stock.get(product.id, (0, 0))[1] > 0,
        )
        for product in products.values()
    }


@dataclass(frozen=True, slots=True)
class _Own:
    id: int
    kind: Kind
    unit: Unit
    category_id: int | None


def _own(session: ReadSession, sku: str) -> _Own:
    row = None
    if is_storable(sku):
        row = session.execute(
            select(Product.id, Product.kind, Product.unit, Product.category_id).where(
                Product.sku == sku
            )
        ).first()
    if row is None:
        raise ProductUnknown(f"There is no product {sku}.")
    return _Own(*row)


def _ids(session: ReadSession, own: _Own, wishes: Wishes) -> list[int]:
    """Offered products of its kind, those of its shelf first; a trait that answers a wish is asked for here."""
    query = select(Product.id).where(
        Product.status == ProductStatus.ACTIVE,
        Product.kind == own.kind,
        Product.unit == own.unit,
        Product.id != own.id,
    )
    for wished, trait in (
        (wishes.nut_free, Trait.NUT_FREE),
        (wishes.fragrance_free, Trait.FRAGRANCE_FREE),
    ):
        if wished:
            has = exists().where(ProductTrait.product_id == Product.id, ProductTrait.trait == trait)
            query = query.where(has)
    of_its_shelf = (
        Product.category_id.is_distinct_from(own.category_id)
        if own.category_id is not None
        else Product.category_id.is_not(None)
    )
    ordered = query.order_by(of_its_shelf, Product.name, Product.id).limit(MOST_CANDIDATES)
    return list(session.scalars(ordered))


def _book(
    session: ReadSession, products: dict[int, OfferedProduct], actor: Actor
) -> PriceBook | None:
    """A buyer's own prices, the default list for staff of sales, none for others."""
    packs = {pack.id for product in products.values() for pack in product.packs}
    if actor.may(Permission.BUY):
        return price_book_of_buyer(session, packs, actor=actor)
    if actor.may(Permission.SEE_SALES):
        return price_book(session, get_company(session).currency, None, packs)
    return None


def _areas(session: ReadSession, ids: Collection[int]) -> defaultdict[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for key, name in session.execute(
        select(ProductTag.product_id, Tag.name)
        .join(Tag, Tag.id == ProductTag.tag_id)
        .where(ProductTag.product_id.in_(ids), Tag.dimension == TagDimension.BODY_AREA)
    ):
        found[key].add(name)
    return found

"""Products and packs in lists, in the order of their codes."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, select, tuple_

from procurement.catalogue.errors import ProductUnknown
from procurement.catalogue.models import Family, Pack, Product, ProductTag, Tag
from procurement.catalogue.queries.known import known
from procurement.catalogue.rules.drafts import KnownProduct
from procurement.catalogue.rules.order_rules import OrderRule
from procurement.catalogue.terms import Kind, ProductStatus, TagDimension
from procurement.kernel.db import ReadSession
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.quantity import Quantity
from procurement.kernel.text import containing, fold


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """Which products; None and empty mean all. `text` is words of a name, SKU, ingredient or barcode."""

    text: str = ""
    kind: Kind | None = None
    status: ProductStatus | None = None
    family: str | None = None
    body_area: str | None = None  # codes of tags
    technique: str | None = None


@dataclass(frozen=True, slots=True)
class PackRow:
    """A pack in a list."""

    product: str
    code: str
    name: str
    size: Quantity
    gtin: str | None
    is_sales_pack: bool
    rule: OrderRule


def products(
    session: ReadSession, wanted: ProductFilter, paging: PageRequest
) -> Page[KnownProduct]:
    """Products with everything that is kept of them, by SKU."""
    statement = (
        select(Product.sku)
        .outerjoin(Family, Family.id == Product.family_id)
        .where(*_conditions(wanted))
        .order_by(Product.sku)
        .limit(paging.limit + 1)
    )
    if after := paging.key(str):
        statement = statement.where(Product.sku > after[0])
    page = paging.page(session.scalars(statement).all(), lambda sku: (sku,))
    found = known(session, page.items).products
    return Page(tuple(found[sku] for sku in page.items), page.next)


def product(session: ReadSession, sku: str, *, status: ProductStatus | None = None) -> KnownProduct:
    """One product; with `status` only if it has it."""
    found = known(session, [sku]).products.get(sku)
    if found is None or status not in {None, found.status}:
        raise ProductUnknown(f"There is no product {sku}.")
    return found


def packs(
    session: ReadSession,
    paging: PageRequest,
    *,
    product: str | None = None,
    gtin: str | None = None,
    status: ProductStatus | None = None,
) -> Page[PackRow]:
    """Packs by SKU and code."""
    key = (Product.sku, Pack.code)
    statement = (
        select(
            Product.sku,
            Pack.code,
            Pack.name,
            Pack.size_steps,
            Product.unit,
            Pack.gtin,
            Pack.is_sales_pack,
            Pack.order_least,
            Pack.order_step,
            Pack.order_most,
        )
        .join(Product, Product.id == Pack.product_id)
        .order_by(*key)
        .limit(paging.limit + 1)
    )
    if product is not None:
        statement = statement.where(Product.sku == product)
    if gtin is not None:
        statement = statement.where(Pack.gtin == gtin)
    if status is not None:
        statement = statement.where(Product.status == status)
    if after := paging.key(str, str):
        statement = statement.where(tuple_(*key) > tuple_(*after))
    rows = [
        PackRow(sku, code, name, Quantity(steps, unit), barcode, is_sales_pack, OrderRule(*rule))
        for sku, code, name, steps, unit, barcode, is_sales_pack, *rule in session.execute(
            statement
        )
    ]
    return paging.page(rows, lambda row: (row.product, row.code))


def _conditions(wanted: ProductFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Product.search_text.like(containing(word), escape="\\")
        for word in fold(wanted.text).split()
    ]
    if wanted.kind is not None:
        found.append(Product.kind == wanted.kind)
    if wanted.status is not None:
        found.append(Product.status == wanted.status)
    if wanted.family is not None:
        found.append(Family.code == wanted.family)
    for dimension, code in (
        (TagDimension.BODY_AREA, wanted.body_area),
        (TagDimension.TECHNIQUE, wanted.technique),
    ):
        if code is not None:
            tagged = (
                exists()
                .where(ProductTag.product_id == Product.id)
                .where(Tag.id == ProductTag.tag_id, Tag.dimension == dimension, Tag.code == code)
            )
            found.append(tagged)
    return found

"""Products as they stand, many at once: what an import compares its drafts with."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import select

from procurement.catalogue.models import (
    Category,
    Family,
    Ingredient,
    Pack,
    Product,
    ProductIngredient,
    ProductOption,
    ProductTag,
    ProductTrait,
    Tag,
)
from procurement.catalogue.rules.drafts import Known, KnownFamily, KnownPack, KnownProduct
from procurement.catalogue.rules.order_rules import OrderRule
from procurement.catalogue.terms import TAG_FIELDS, TagDimension, Trait
from procurement.kernel.db import ReadSession

T = TypeVar("T")
_CHUNK = 5_000  # names in one statement: SQLite takes 32,766, PostgreSQL 65,535


def known(
    session: ReadSession,
    skus: Collection[str],
    *,
    families: Collection[str] = (),
    gtins: Collection[str] = (),
) -> Known:
    """What is there of these products, barcodes and families (the products' own too), in a handful of statements."""
    products: dict[str, KnownProduct] = {}
    for chunk in chunks(skus):
        products |= _products(session, chunk)
    owners: dict[str, tuple[str, str]] = {}
    for chunk in chunks(gtins):
        rows = session.execute(
            select(Pack.gtin, Product.sku, Pack.code)
            .join(Product, Product.id == Pack.product_id)
            .where(Pack.gtin.in_(chunk))
        )
        owners |= {gtin: (sku, code) for gtin, sku, code in rows}
    codes = {*families, *(product.family for product in products.values() if product.family)}
    return Known(products, _families(session, codes), owners)


def chunks(names: Iterable[T], size: int = _CHUNK) -> Iterator[list[T]]:
    rest = iter(names)
    while chunk := list(islice(rest, size)):
        yield chunk


def _families(session: ReadSession, codes: Collection[str]) -> dict[str, KnownFamily]:
    found: dict[str, KnownFamily] = {}
    for chunk in chunks(codes):
        rows = session.execute(
            select(Family.code, Family.id, Family.name, Family.description).where(
                Family.code.in_(chunk)
            )
        )
        found |= {code: KnownFamily(*rest) for code, *rest in rows}
    return found


def skus_of_families(session: ReadSession, codes: Collection[str]) -> set[str]:
    """Every variant of these families."""
    found: set[str] = set()
    for chunk in chunks(codes):
        rows = session.scalars(
            select(Product.sku)
            .join(Family, Family.id == Product.family_id)
            .where(Family.code.in_(chunk))
        )
        found.update(rows)
    return found


def _product_rows(session: ReadSession, skus: list[str]) -> Sequence[Any]:
    """What stands in the product's own row, with the code of its family and the name of its category."""
    return session.execute(
        select(
            Product.id,
            Product.sku,
            Product.name,
            Product.kind,
            Product.unit,
            Product.status,
            Family.code.label("family"),
            Category.name.label("category"),
            Product.brand,
            Product.description,
            Product.material,
            Product.shelf_life_days,
            Product.period_after_opening_months,
            Product.dose,
            Product.pump_stroke,
            Product.density,
            Product.search_text,
            Product.ingredients_complete,
        )
        .outerjoin(Family, Family.id == Product.family_id)
        .outerjoin(Category, Category.id == Product.category_id)
        .where(Product.sku.in_(skus))
    ).all()


def _products(session: ReadSession, skus: list[str]) -> dict[str, KnownProduct]:
    rows = _product_rows(session, skus)
    if not rows:
        return {}
    ids = [row.id for row in rows]
    packs, options = _packs(session, ids), _options(session, ids)
    ingredients, tags = _ingredients(session, ids), _tags(session, ids)
    traits = _traits(session, ids)
    return {
        row.sku: KnownProduct(
            id=row.id,
            sku=row.sku,
            name=row.name,
            kind=row.kind,
            unit=row.unit,
            status=row.status,
            family=row.family or "",
            category=row.category or "",
            brand=row.brand,
            description=row.description,
            material=row.material,
            shelf_life_days=row.shelf_life_days,
            period_after_opening_months=row.period_after_opening_months,
            dose=row.dose,
            pump_stroke=row.pump_stroke,
            density=row.density,
            search_text=row.search_text,
            ingredients_complete=row.ingredients_complete,
            options=tuple(options[row.id]),
            ingredients=tuple(ingredients[row.id, False]),
            may_contain=tuple(ingredients[row.id, True]),
            traits=tuple(trait for trait in Trait if trait in traits[row.id]),
            packs=packs[row.id],
            **{field: tuple(tags[row.id, dimension]) for dimension, field in TAG_FIELDS.items()},
        )
        for row in rows
    }


def _packs(session: ReadSession, ids: list[int]) -> dict[int, dict[str, KnownPack]]:
    found: dict[int, dict[str, KnownPack]] = defaultdict(dict)
    rows = session.execute(
        select(
            Pack.product_id,
            Pack.id,
            Pack.code,
            Pack.name,
            Pack.size_steps,
            Pack.gtin,
            Pack.is_sales_pack,
            Pack.position,
            Pack.tare,
            Pack.order_least,
            Pack.order_step,
            Pack.order_most,
        )
        .where(Pack.product_id.in_(ids))
        .order_by(Pack.product_id, Pack.position, Pack.id)
    )
    for product_id, *pack in rows:
        found[product_id][pack[1]] = KnownPack(*(*pack[:-3], OrderRule(*pack[-3:])))
    return found


def _options(session: ReadSession, ids: list[int]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = session.execute(
        select(ProductOption.product_id, ProductOption.name, ProductOption.value)
        .where(ProductOption.product_id.in_(ids))
        .order_by(ProductOption.product_id, ProductOption.position)
    )
    for product_id, name, value in rows:
        found[product_id].append((name, value))
    return found


def _ingredients(session: ReadSession, ids: list[int]) -> dict[tuple[int, bool], list[str]]:
    """By product and whether it only may contain them."""
    found: dict[tuple[int, bool], list[str]] = defaultdict(list)
    rows = session.execute(
        select(ProductIngredient.product_id, Ingredient.inci, ProductIngredient.may_contain)
        .join(Ingredient, Ingredient.id == ProductIngredient.ingredient_id)
        .where(ProductIngredient.product_id.in_(ids))
        .order_by(ProductIngredient.product_id, ProductIngredient.position)
    )
    for product_id, inci, may_contain in rows:
        found[product_id, may_contain].append(inci)
    return found


def _traits(session: ReadSession, ids: list[int]) -> dict[int, set[Trait]]:
    found: dict[int, set[Trait]] = defaultdict(set)
    rows = session.execute(
        select(ProductTrait.product_id, ProductTrait.trait).where(ProductTrait.product_id.in_(ids))
    )
    for product_id, trait in rows:
        found[product_id].add(trait)
    return found


def _tags(session: ReadSession, ids: list[int]) -> dict[tuple[int, TagDimension], list[str]]:
    found: dict[tuple[int, TagDimension], list[str]] = defaultdict(list)
    rows = session.execute(
        select(ProductTag.product_id, Tag.dimension, Tag.name)
        .join(Tag, Tag.id == ProductTag.tag_id)
        .where(ProductTag.product_id.in_(ids))
        .order_by(ProductTag.product_id, Tag.name)
    )
    for product_id, dimension, name in rows:
        found[product_id, dimension].append(name)
    return found

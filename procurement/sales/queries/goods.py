"""What a paper shows of products beside their price: picture, options, ingredients, how long they keep."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from procurement.catalogue.models import (
    Product,
    ProductOption,
    ProductPicture,
)
from procurement.catalogue.queries.compositions import compositions
from procurement.catalogue.terms import Composition, Kind
from procurement.files.models import Rendition, StoredFile
from procurement.kernel.db import ReadSession

LEAST_PIXELS = 200
_PRINTABLE = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF")


@dataclass(frozen=True, slots=True)
class Goods:
    """One product's particulars."""

    kind: Kind
    options: str  # "500 ml, lavender"
    material: str
    composition: Composition
    opened_months: int | None
    shelf_life_days: int | None
    picture: bytes | None


def goods(session: ReadSession, product_ids: Collection[int]) -> dict[int, Goods]:
    """Particulars by product key, in as many queries for one product as for a hundred."""
    products = session.scalars(select(Product).where(Product.id.in_(product_ids))).all()
    options: dict[int, list[str]] = defaultdict(list)
    for option in session.scalars(
        select(ProductOption)
        .where(ProductOption.product_id.in_(product_ids))
        .order_by(ProductOption.product_id, ProductOption.position)
    ):
        options[option.product_id].append(option.value)
    made_of = compositions(session, product_ids)
    pictures = printable_pictures(session, product_ids)
    return {
        product.id: Goods(
            kind=product.kind,
            options=", ".join(options[product.id]),
            material=product.material,
            composition=made_of[product.id],
            opened_months=product.period_after_opening_months,
            shelf_life_days=product.shelf_life_days,
            picture=pictures.get(product.id),
        )
        for product in products
    }


def leading_pictures(session: ReadSession, product_ids: Collection[int]) -> dict[int, str]:
    """The SHA-256 of each product's leading picture, for pages that show it by address."""
    rows = session.execute(
        select(ProductPicture.product_id, StoredFile.sha256)
        .join(StoredFile, StoredFile.id == ProductPicture.file_id)
        .where(ProductPicture.product_id.in_(product_ids))
        .order_by(ProductPicture.product_id, ProductPicture.position.desc())
    )
    return {row.product_id: row.sha256 for row in rows}


def printable_pictures(session: ReadSession, product_ids: Collection[int]) -> dict[int, bytes]:
    """The smallest rendition that prints well, else the picture itself; only what can be printed."""
    leads = {
        row.product_id: row.file_id
        for row in session.execute(
            select(ProductPicture.product_id, ProductPicture.file_id)
            .where(ProductPicture.product_id.in_(product_ids))
            .order_by(ProductPicture.product_id, ProductPicture.position.desc())
        )
    }
    width = (
        select(Rendition.file_id, func.min(Rendition.width).label("width"))
        .where(Rendition.file_id.in_(leads.values()), Rendition.width >= LEAST_PIXELS)
        .group_by(Rendition.file_id)
        .subquery()
    )
    found = {
        row.file_id: row.content
        for row in session.execute(
            select(Rendition.file_id, Rendition.content).join(
                width,
                (width.c.file_id == Rendition.file_id) & (width.c.width == Rendition.width),
            )
        )
        if row.content.startswith(_PRINTABLE)
    }
    missing = set(leads.values()) - found.keys()
    if missing:
        rows = session.execute(
            select(StoredFile.id, StoredFile.content).where(StoredFile.id.in_(missing))
        )
        found |= {row.id: row.content for row in rows if row.content.startswith(_PRINTABLE)}
    return {product: found[file] for product, file in leads.items() if file in found}

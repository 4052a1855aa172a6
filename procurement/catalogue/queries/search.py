"""The one search of products: for staff, for those who browse, for the API. Six statements, however many products."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select

from procurement.catalogue.models import (
    Category,
    Family,
    Pack,
    Product,
    ProductPicture,
    Tag,
)
from procurement.catalogue.queries.narrowing import ProductFilter, narrowed
from procurement.catalogue.rules.gtin import GTIN_LENGTHS
from procurement.catalogue.rules.searching import is_mendable, mended, pieces_of, words_of
from procurement.catalogue.terms import Kind, ProductStatus, TagDimension
from procurement.files.models import StoredFile
from procurement.kernel.db import ReadSession
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.quantity import Quantity, Unit
from procurement.kernel.text import LEAST_LETTERS, containing
from procurement.kernel.trigrams import holds_all, holds_any

_CANDIDATES = 120
_MOST_PIECES = 60
_EXACT, _BEGINS, _SOMEWHERE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product in a list, with the pack that prices mean."""

    id: int
    sku: str
    name: str
    kind: Kind
    unit: Unit
    status: ProductStatus
    brand: str
    family: str | None
    family_name: str | None
    category: str | None
    pack_id: int | None
    pack: str | None
    pack_name: str | None
    pack_size: Quantity | None
    picture: str | None  # SHA-256 of the leading picture
    rank: int


@dataclass(frozen=True, slots=True)
class Found:
    """A page of products, how many there are in all, and the words meant where those typed found nothing."""

    page: Page[ProductRow]
    total: int
    meant: str = ""


def search(session: ReadSession, wanted: ProductFilter, paging: PageRequest) -> Found:
    """Products by how well they fit, then by name; a misspelt word is put right when it finds nothing as it stands."""
    total = _count(session, wanted)
    meant = ""
    if total == 0 and wanted.text and (right := _put_right(session, wanted)):
        meant = right
        wanted = replace(wanted, text=right)
        total = _count(session, wanted)
    page = products(session, wanted, paging) if total else Page(())
    return Found(page, total, meant)


def products(session: ReadSession, wanted: ProductFilter, paging: PageRequest) -> Page[ProductRow]:
    """The same without counting and without guessing: for exports and programs."""
    words = words_of(wanted.text)
    rank = _rank(words)
    query = _rows(rank).where(*conditions(wanted)).order_by(rank, Product.name, Product.id)
    if after := paging.key(int, str, int):
        last, name, key = after
        query = query.where(
            or_(
                rank > last,
                and_(rank == last, Product.name > name),
                and_(rank == last, Product.name == name, Product.id > key),
            )
        )
    found = [_row(*row) for row in session.execute(query.limit(paging.limit + 1))]
    return paging.page(found, lambda row: (row.rank, row.name, row.id))


def categories(session: ReadSession) -> list[tuple[str, str]]:
    """Code and name of every category, to choose from."""
    rows = session.execute(select(Category.code, Category.name).order_by(Category.name))
    return [(code, name) for code, name in rows]


def tags(session: ReadSession) -> dict[TagDimension, list[str]]:
    """The names of every body area and technique, to choose from."""
    found: dict[TagDimension, list[str]] = {dimension: [] for dimension in TagDimension}
    for dimension, name in session.execute(select(Tag.dimension, Tag.name).order_by(Tag.name)):
        found[dimension].append(name)
    return found


def _count(session: ReadSession, wanted: ProductFilter) -> int:
    count: int = session.scalar(
        select(func.count()).select_from(Product).where(*conditions(wanted))
    )
    return count


def _rows(rank: ColumnElement[int]) -> Any:
    leading = (
        select(StoredFile.sha256)
        .join(ProductPicture, ProductPicture.file_id == StoredFile.id)
        .where(ProductPicture.product_id == Product.id)
        .order_by(ProductPicture.position)
        .limit(1)
        .scalar_subquery()
    )
    return (
        select(
            Product.id,
            Product.sku,
            Product.name,
            Product.kind,
            Product.unit,
            Product.status,
            Product.brand,
            Family.code,
            Family.name,
            Category.name,
            Pack.id,
            Pack.code,
            Pack.name,
            Pack.size_steps,
            leading,
            rank,
        )
        .outerjoin(Family, Family.id == Product.family_id)
        .outerjoin(Category, Category.id == Product.category_id)
        .outerjoin(Pack, and_(Pack.product_id == Product.id, Pack.is_sales_pack))
    )


def _row(*values: Any) -> ProductRow:
    *head, steps, picture, rank = values
    size = None if steps is None else Quantity(steps, Unit(head[4]))
    return ProductRow(*(*head, size, picture, rank))


def conditions(wanted: ProductFilter) -> list[ColumnElement[bool]]:
    """What a product must be to be in the list."""
    return [*_saying(words_of(wanted.text)), *narrowed(wanted)]


def _saying(words: Sequence[str]) -> list[ColumnElement[bool]]:
    """Every word somewhere in the text. Three letters and more by the index; fewer are looked for row by row."""
    long = [word for word in words if len(word) >= LEAST_LETTERS]
    conditions: list[ColumnElement[bool]] = [
        Product.search_text.like(containing(word), escape="\\")
        for word in words
        if len(word) < LEAST_LETTERS
    ]
    if long:
        conditions.append(holds_all(Product.id, Product.search_text, long))
    return conditions


def _rank(words: Sequence[str]) -> ColumnElement[int]:
    """A code typed whole comes first, then names that begin with what was typed."""
    if not words:
        return literal(_EXACT)
    typed = " ".join(words)
    exact = func.lower(Product.sku) == typed
    if typed.isascii() and typed.isdigit() and len(typed) in GTIN_LENGTHS:
        owner = select(Pack.product_id).where(Pack.gtin == typed.zfill(max(GTIN_LENGTHS)))
        exact = or_(exact, Product.id.in_(owner))
    begins = Product.search_text.like(containing(typed).removeprefix("%"), escape="\\")
    return case((exact, _EXACT), (begins, _BEGINS), else_=_SOMEWHERE)


def _put_right(session: ReadSession, wanted: ProductFilter) -> str | None:
    """What was probably meant: the words of those products that share most three-letter pieces with what was typed."""
    words = words_of(wanted.text)
    pieces = [piece for word in words if is_mendable(word) for piece in pieces_of(word)]
    if not pieces:
        return None
    pieces = list(dict.fromkeys(pieces))[:_MOST_PIECES]
    shared = sum(
        (
            case((Product.search_text.like(containing(piece), escape="\\"), 1), else_=0)
            for piece in pieces
        ),
        start=literal(0),
    )
    texts = session.scalars(
        select(Product.search_text)
        .where(
            *conditions(replace(wanted, text="")),
            holds_any(Product.id, Product.search_text, pieces),
        )
        .order_by(shared.desc(), Product.id)
        .limit(_CANDIDATES)
    )
    right = mended(words, texts)
    return " ".join(right) if right and right != words else None

"""The one search of products: for staff, for those who browse, for the API.

A fixed number of statements, however many products: the database hands out candidates, `rules/ranking.py` orders them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, literal, or_, select

from procurement.catalogue.models import (
    Category,
    Family,
    Pack,
    Product,
    ProductPicture,
    Tag,
)
from procurement.catalogue.queries.meaning import (
    Blank,
    blank_of,
    first_rank,
    held,
    put_right,
    saying,
    understood,
    without_absent,
)
from procurement.catalogue.queries.narrowing import ProductFilter, narrowed
from procurement.catalogue.rules.order_rules import FREE, OrderRule
from procurement.catalogue.rules.ranking import Candidate, ranked
from procurement.catalogue.rules.searching import Meaning, meaning_of
from procurement.catalogue.rules.synonyms import shipped
from procurement.catalogue.terms import Kind, ProductStatus, TagDimension
from procurement.files.models import StoredFile
from procurement.kernel.db import ReadSession
from procurement.kernel.paging import Page, PageRequest, encode_cursor
from procurement.kernel.quantity import Quantity, Unit

CANDIDATES = (
    120  # so many are put in order; what comes after them stays as the database hands it out
)
_MOST, _AFTER = "most", "after"  # of the candidates


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
    rule: OrderRule = FREE  # of the pack


@dataclass(frozen=True, slots=True)
class Found:
    """A page of products, how many there are in all, and how their words were understood."""

    page: Page[ProductRow]
    total: int
    wanted: ProductFilter  # with what its text was taken to mean: for facets beside the list

    @property
    def hits(self) -> int:
        """How many have all that was typed, mended or not."""
        return 0 if self.left_out or self.is_loose else self.total

    @property
    def meant(self) -> str:
        return self._meaning.mended

    @property
    def left_out(self) -> tuple[str, ...]:
        """Words that nothing has."""
        return self._meaning.left_out

    @property
    def is_loose(self) -> bool:
        """Nothing has all the words: these have most of them."""
        return self._meaning.is_loose

    @property
    def understood(self) -> str:
        """How it was read, where it was not as typed; "" otherwise."""
        typed = self.wanted.text
        if not self.page.items or not (self.meant or self.left_out or self.is_loose):
            return ""
        said = f"Nothing is called “{typed}”." if self.meant else ""
        if self.left_out:
            words = ", ".join(f"“{word}”" for word in self.left_out)
            said = f"Nothing has {words}. This is what the other words find."
        elif self.is_loose:
            said = f"Nothing has all of “{self.meant or typed}”. These have most of it."
        else:
            said += f" This is what “{self.meant}” finds."
        return said

    @property
    def _meaning(self) -> Meaning:
        return self.wanted.meaning or Meaning()


def search(session: ReadSession, wanted: ProductFilter, paging: PageRequest) -> Found:
    """Products by how well they fit, then by name.

    Where nothing has all the words, misspelt ones are put right, then those that nothing has are left out, then most
    of the words are enough.
    """
    if not wanted.text:
        total = _count(session, wanted)
        return Found(products(session, wanted, paging) if total else Page(()), total, wanted)
    wanted = _understood(session, wanted)
    found = _ranked(session, wanted, paging)
    if found.total:
        return found
    for otherwise in (put_right, without_absent):
        among = conditions(replace(wanted, text="", meaning=None))
        if meaning := otherwise(session, wanted.meaning or Meaning(), among):
            wanted = replace(wanted, meaning=meaning)
            found = _ranked(session, wanted, paging)
        if found.total:
            return found
    meaning = (wanted.meaning or Meaning()).loosened()
    if meaning.is_loose:
        found = _ranked(session, replace(wanted, meaning=meaning), paging)
    return found


def products(session: ReadSession, wanted: ProductFilter, paging: PageRequest) -> Page[ProductRow]:
    """The same without counting and without guessing, in rougher order: for exports and programs."""
    wanted = _understood(session, wanted)
    rank = first_rank(wanted.meaning or Meaning())
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


def _understood(session: ReadSession, wanted: ProductFilter) -> ProductFilter:
    if wanted.meaning or not wanted.text:
        return wanted
    return replace(wanted, meaning=understood(session, wanted.text))


def _ranked(session: ReadSession, wanted: ProductFilter, paging: PageRequest) -> Found:
    """Two statements: candidates in rough order with their number, then the rows of the page."""
    meaning = wanted.meaning or Meaning()
    key = paging.key(int)
    start = max(0, key[0]) if key else 0
    # The first so many are always taken together: put in order, they are the same on every page.
    is_first = start < CANDIDATES
    window = (CANDIDATES, 0) if is_first else (paging.limit + 1, start)
    rows = _candidates(session, wanted, meaning, *window)
    # A cursor may be older than the catalogue and stand behind its end: what there is is counted all the same.
    counted = rows or (_candidates(session, wanted, meaning, 1, 0) if start else ())
    total = counted[0][4] if counted else 0
    candidates = [Candidate(*row[:4]) for row in rows]
    if is_first:
        candidates = ranked(meaning, candidates)[start:]
    shown = [one.id for one in candidates[: paging.limit]]
    last = start + len(shown)
    page = Page(_in_order(session, shown), encode_cursor((last,)) if 0 < last < total else None)
    return Found(page, total, wanted)


def _candidates(
    session: ReadSession, wanted: ProductFilter, meaning: Meaning, most: int, after: int
) -> Sequence[Any]:
    """Key, SKU, name, search text, and how many there are in all."""
    window = {_MOST: most, _AFTER: after}
    if (plain := blank_of(meaning)) and wanted.ids is None and not wanted.stock:
        blank, words = plain
        statement = _blank_candidates(blank, replace(wanted, text="", meaning=None, stocked=None))
        return session.execute(statement, words | window).all()
    order = first_rank(meaning)
    least = [-held(meaning.groups)] if meaning.is_loose else []
    return session.execute(_hits(conditions(wanted), *least, order), window).all()


@lru_cache(maxsize=256)
def _blank_candidates(blank: Blank, wanted: ProductFilter) -> Any:
    """Written down once for all searches that differ in their words alone."""
    return _hits(conditions(wanted, blank), first_rank(blank))


def _hits(having: Sequence[ColumnElement[bool]], *order: ColumnElement[int]) -> Any:
    # Found once, as keys: counted, and joined to what the order looks at. Sorting may then forget all but the first.
    hits = select(Product.id).where(*having).cte("hits")
    count = select(func.count()).select_from(hits).scalar_subquery()
    return (
        select(Product.id, Product.sku, Product.name, Product.search_text, count)
        .join(hits, hits.c.id == Product.id)
        .order_by(*order, func.length(Product.name), Product.name, Product.id)
        .limit(bindparam(_MOST))
        .offset(bindparam(_AFTER))
    )


def _in_order(session: ReadSession, ids: list[int]) -> tuple[ProductRow, ...]:
    if not ids:
        return ()
    rows = {row.id: row for row in (_row(*f) for f in session.execute(_by_keys(), {"keys": ids}))}
    return tuple(rows[key] for key in ids if key in rows)


@cache
def _by_keys() -> Any:
    return _rows(literal(0)).where(Product.id.in_(bindparam("keys", expanding=True)))


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
            Pack.order_least,
            Pack.order_step,
            Pack.order_most,
            leading,
            rank,
        )
        .outerjoin(Family, Family.id == Product.family_id)
        .outerjoin(Category, Category.id == Product.category_id)
        .outerjoin(Pack, and_(Pack.product_id == Product.id, Pack.is_sales_pack))
    )


def _row(*values: Any) -> ProductRow:
    *head, steps, least, step, most, picture, rank = values
    if steps is None:  # it has no pack
        return ProductRow(*(*head, None, picture, rank))
    size = Quantity(steps, Unit(head[4]))
    return ProductRow(*(*head, size, picture, rank, OrderRule(least, step, most)))


def conditions(wanted: ProductFilter, blank: Blank | None = None) -> list[ColumnElement[bool]]:
    """What a product must be to be in the list; a text not understood yet is taken without the seller's synonyms.

    With `blank` the words are given when the statement is executed.
    """
    if blank is not None:
        return [*saying(blank), *narrowed(wanted)]
    meaning = wanted.meaning or meaning_of(wanted.text, shipped())
    return [*saying(meaning), *narrowed(wanted)]

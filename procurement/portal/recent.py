"""What somebody looked at last: kept in their browser's signed cookie, so that looking writes nothing here."""

from flask import session as cookie

from procurement.catalogue.queries.narrowing import ProductFilter
from procurement.catalogue.queries.search import ProductRow, products
from procurement.catalogue.terms import ProductStatus
from procurement.kernel.db import ReadSession
from procurement.kernel.paging import PageRequest

KEPT = "seen"
MOST = 8


def note_seen(product_id: int) -> None:
    """The latest first, each once."""
    before = [key for key in _seen() if key != product_id]
    cookie[KEPT] = [product_id, *before][: MOST + 1]


def recently_seen(session: ReadSession, *, but: int | None = None) -> list[ProductRow]:
    """Those still offered, the latest first; one statement, or none."""
    keys = [key for key in _seen() if key != but][:MOST]
    if not keys:
        return []
    wanted = ProductFilter(ids=frozenset(keys), status=ProductStatus.ACTIVE)
    found = {row.id: row for row in products(session, wanted, PageRequest(MOST)).items}
    return [found[key] for key in keys if key in found]


def _seen() -> list[int]:
    """The cookie is signed, so it holds what we put there."""
    return [int(key) for key in cookie.get(KEPT, [])]

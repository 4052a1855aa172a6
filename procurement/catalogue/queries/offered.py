"""Everything that is offered, by its code: for lists of addresses."""

from sqlalchemy import func, select

from procurement.catalogue.models import Family, Product
from procurement.catalogue.queries.pages import FamilyRow
from procurement.catalogue.terms import ProductStatus
from procurement.kernel.db import ReadSession
from procurement.kernel.paging import Page, PageRequest

OFFERED_IN_ONE_FILE = 40_000  # below the 50,000 of sitemaps.org, with room for other pages
_OFFERED = Product.status == ProductStatus.ACTIVE


def offered_count(session: ReadSession) -> int:
    count: int = session.scalar(select(func.count()).select_from(Product).where(_OFFERED))
    return count


def skus_offered(session: ReadSession, part: int) -> list[str]:
    """The SKUs of one file's worth of products, the oldest first."""
    return list(
        session.scalars(
            select(Product.sku)
            .where(_OFFERED)
            .order_by(Product.id)
            .limit(OFFERED_IN_ONE_FILE)
            .offset(part * OFFERED_IN_ONE_FILE)
        )
    )


def families_offered(session: ReadSession) -> list[str]:
    """The codes of families with at least two products."""
    return list(
        session.scalars(
            select(Family.code)
            .join(Product, Product.family_id == Family.id)
            .where(_OFFERED)
            .group_by(Family.id, Family.code)
            .having(func.count() > 1)
            .order_by(Family.code)
        )
    )


def families_in_shop(session: ReadSession, paging: PageRequest) -> Page[FamilyRow]:
    """Families with something on offer, by name, with how many products that is."""
    query = (
        select(Family.code, Family.name, func.count())
        .join(Product, Product.family_id == Family.id)
        .where(_OFFERED)
        .group_by(Family.id, Family.code, Family.name)
        .order_by(Family.name, Family.code)
    )
    if after := paging.key(str, str):
        name, code = after
        query = query.where((Family.name > name) | ((Family.name == name) & (Family.code > code)))
    rows = [FamilyRow(*row) for row in session.execute(query.limit(paging.limit + 1))]
    return paging.page(rows, lambda row: (row.name, row.code))

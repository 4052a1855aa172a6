"""What a new installation still lacks before its days can begin."""

from sqlalchemy import exists, select

from procurement.catalogue.models import Product
from procurement.kernel.db import ReadSession
from procurement.planning.terms import FirstStep
from procurement.settings.models import Company, Tax
from procurement.stock.models import Location, Site


def first_steps(session: ReadSession) -> tuple[FirstStep, ...]:
    """The steps not yet taken, in the order in which they are best taken; one statement."""
    taken = session.execute(
        select(
            exists(select(Company.id).where(Company.address != "")),
            exists(select(Tax.id)),
            exists(select(Location.id).join(Site, Site.id == Location.site_id)),
            exists(select(Product.id)),
        )
    ).one()
    return tuple(step for step, done in zip(FirstStep, taken, strict=True) if not done)

"""Cost centres: the list, and the one that an order, a budget or a rule names."""

from sqlalchemy import select

from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Invalid
from procurement.kernel.paging import Page, PageRequest, slice_of
from procurement.purchasing.models import CostCentre
from procurement.purchasing.terms import CostCentreRow
from procurement.stock.models import Site


def cost_centres(session: ReadSession, *, only_active: bool = False) -> list[CostCentreRow]:
    """All of them, by code."""
    statement = (
        select(CostCentre.code, CostCentre.name, Site.code, CostCentre.active)
        .outerjoin(Site, Site.id == CostCentre.site_id)
        .order_by(CostCentre.code)
    )
    if only_active:
        statement = statement.where(CostCentre.active)
    return [CostCentreRow(*row) for row in session.execute(statement)]


def cost_centre_list(session: ReadSession, paging: PageRequest) -> Page[CostCentreRow]:
    return slice_of(cost_centres(session), paging, lambda row: row.code)


def cost_centre_choices(session: ReadSession, none: str) -> list[tuple[str, str]]:
    """For a form: those in use, behind what no choice means."""
    found = cost_centres(session, only_active=True)
    return [("", none), *((row.code, f"{row.name} ({row.code})") for row in found)]


def cost_centre_id(session: ReadSession, code: str | None, site: str | None) -> int | None:
    """The key of one in use; with a site, of that site or of all. Raises Invalid on `cost_centre`."""
    if not code:
        return None
    found = session.execute(
        select(CostCentre.id, Site.code)
        .outerjoin(Site, Site.id == CostCentre.site_id)
        .where(CostCentre.code == code, CostCentre.active)
    ).one_or_none()
    if found is None:
        raise Invalid(f"There is no cost centre {code}.", field="cost_centre")
    if site is not None and found[1] not in {None, site}:
        raise Invalid(f"{code} is a cost centre of another site.", field="cost_centre")
    return int(found[0])

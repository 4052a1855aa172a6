"""What is there of everything a harvest names, read once."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.catalogue.queries.known import known
from procurement.catalogue.rules.drafts import Drafts, Known, barcodes
from procurement.exchange.records import Harvest, SupplierDraft
from procurement.exchange.taking.pricing import price_list_currencies
from procurement.kernel.db import ReadSession
from procurement.settings.models import Company
from procurement.sourcing.models import Supplier
from procurement.stock.models import Location, Site
from procurement.stock.terms import LocationKind

_OTHERWISE = ("EUR", "UTC")


@dataclass(frozen=True, slots=True)
class KnownSupplier:
    id: int
    code: str
    name: str
    currency: str
    address: str
    active: bool


@dataclass(frozen=True, slots=True)
class KnownLocation:
    id: int
    code: str
    name: str
    kind: LocationKind
    site: str
    active: bool


@dataclass(frozen=True, slots=True)
class World:
    catalogue: Known
    suppliers: Mapping[str, KnownSupplier]  # by code
    suppliers_by_name: Mapping[str, KnownSupplier]  # by folded name
    locations: Mapping[str, KnownLocation]
    sites: Mapping[str, str]  # code -> name
    price_lists: Mapping[str, str]  # code -> currency

    def supplier(self, draft: SupplierDraft) -> KnownSupplier | None:
        """The supplier meant: by its code, else by its name. Where the file knows only names, the name comes first."""
        by_name = self.suppliers_by_name.get(draft.name.casefold())
        by_code = self.suppliers.get(draft.code)
        if draft.is_coded:
            return by_code or by_name
        return by_name


def drafts_of(harvest: Harvest) -> Drafts:
    return Drafts(
        {sku: at.draft for sku, at in harvest.products.items()},
        {key: at.draft for key, at in harvest.packs.items()},
    )


def company_currency(session: ReadSession) -> str:
    return session.scalar(select(Company.currency)) or _OTHERWISE[0]


def company_zone(session: ReadSession) -> str:
    return session.scalar(select(Company.time_zone)) or _OTHERWISE[1]


def look_around(session: Session, harvest: Harvest) -> World:
    """Everything the harvest names, whether it is there or not."""
    skus = {
        *harvest.products,
        *(sku for sku, _ in harvest.packs),
        *(at.draft.sku for at in harvest.prices.values()),
        *(at.draft.sku for at in harvest.supplier_items.values()),
        *(at.draft.sku for at in harvest.rules.values()),
        *(at.draft.sku for at in harvest.openings.values()),
    }
    families = {
        *harvest.families,
        *(at.draft.family for at in harvest.products.values() if at.draft.family),
    }
    gtins = barcodes(at.draft for at in harvest.packs.values())
    suppliers = _suppliers(session) if harvest.suppliers else {}
    return World(
        known(session, skus, families=families, gtins=gtins),
        suppliers,
        {supplier.name.casefold(): supplier for supplier in suppliers.values()},
        _locations(session) if harvest.rules or harvest.openings or harvest.locations else {},
        dict(session.execute(select(Site.code, Site.name)).all()),
        price_list_currencies(session, {at.draft.price_list for at in harvest.prices.values()}),
    )


def _suppliers(session: Session) -> dict[str, KnownSupplier]:
    rows = session.execute(
        select(
            Supplier.id,
            Supplier.code,
            Supplier.name,
            Supplier.currency,
            Supplier.address,
            Supplier.active,
        ).order_by(Supplier.id.desc())  # where two share a name, the older one is meant
    )
    return {row.code: KnownSupplier(*row) for row in rows}


def _locations(session: Session) -> dict[str, KnownLocation]:
    rows = session.execute(
        select(
            Location.id, Location.code, Location.name, Location.kind, Site.code, Location.active
        ).outerjoin(Site, Site.id == Location.site_id)
    )
    return {row[1]: KnownLocation(*row[:4], row[4] or "", row[5]) for row in rows}

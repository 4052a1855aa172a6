"""Rows that stories need, as plain functions: what a test does not name has a sensible value."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.catalogue.models import Pack, Product
from procurement.catalogue.terms import Kind
from procurement.kernel.actor import Actor
from procurement.kernel.permissions import Permission, Role, permissions_of
from procurement.kernel.quantity import Quantity, Unit
from procurement.outbox.models import Message, MessageFile
from procurement.settings.models import Company
from procurement.settings.terms import RoundingRule
from procurement.sourcing.models import Supplier, SupplierItem
from procurement.sourcing.operations.suppliers import (
    NewPriceBreak,
    SaveSupplier,
    SaveSupplierItem,
    save_supplier,
    save_supplier_item,
)
from procurement.stock.models import Location, Site
from procurement.stock.terms import VIRTUAL_CODES, LocationKind

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def a_company(
    session: Session,
    *,
    currency: str = "EUR",
    rounding_rule: RoundingRule = RoundingRule.LINE,
) -> Company:
    company = session.get(Company, 1) or Company(id=1)
    company.name = "The Linden Rooms"
    company.currency = currency
    company.time_zone = "Europe/Dublin"
    company.rounding_rule = rounding_rule
    session.add(company)
    session.flush()
    return company


def a_product(
    session: Session,
    sku: str = "ALM-500",
    *,
    name: str = "",
    kind: Kind = Kind.OIL,
    unit: Unit = Unit.ML,
    packs: dict[str, str] | None = None,
    shelf_life_days: int | None = None,
) -> Product:
    """A product with packs given as {code: amount in its unit}; the first is the sales pack."""
    product = Product(
        sku=sku,
        name=name or sku,
        kind=kind,
        unit=unit,
        shelf_life_days=shelf_life_days,
        created_at=NOON,
    )
    sizes = packs or {"bottle": "500" if unit is not Unit.PIECE else "1"}
    product.packs = [
        Pack(
            code=code,
            name=f"{code} {amount} {unit}",
            size_steps=Quantity.parse(amount, unit).steps,
            is_sales_pack=position == 0,
            position=position,
        )
        for position, (code, amount) in enumerate(sizes.items())
    ]
    session.add(product)
    session.flush()
    return product


def a_site(session: Session, code: str = "SPA", *, time_zone: str = "Europe/Dublin") -> Site:
    site = session.scalar(select(Site).where(Site.code == code))
    if site is None:
        site = Site(code=code, name=f"Site {code}", time_zone=time_zone)
        session.add(site)
        session.flush()
    return site


def a_location(
    session: Session,
    code: str = "STORE",
    kind: LocationKind = LocationKind.STOREROOM,
    *,
    site: str = "SPA",
) -> Location:
    location = Location(
        site_id=a_site(session, site).id,
        code=code,
        name=code.title(),
        kind=kind,
        is_physical=True,
    )
    session.add(location)
    session.flush()
    return location


def a_room(session: Session, code: str = "ROOM-1", *, site: str = "SPA") -> Location:
    return a_location(session, code, LocationKind.TREATMENT_ROOM, site=site)


def virtual_locations(session: Session) -> None:
    """The places that exist from the start."""
    present = set(session.scalars(select(Location.code).where(Location.code.in_(VIRTUAL_CODES))))
    session.add_all(
        Location(code=code, name=code.title(), kind=kind, is_physical=False)
        for code, kind in VIRTUAL_CODES.items()
        if code not in present
    )
    session.flush()


def an_actor(*roles: Role, name: str = "Ana") -> Actor:
    """Somebody with these roles; without any, one who may do everything."""
    permissions = permissions_of(frozenset(roles)) if roles else frozenset(Permission)
    return Actor(None, name, permissions)


def a_supplier(session: Session, code: str = "CORRIB", **changes: Any) -> Supplier:
    values = {"name": f"{code.title()} Botanicals", "currency": "EUR", **changes}
    return save_supplier(session, SaveSupplier(code=code, **values), actor=an_actor(), at=NOON)


def a_supplier_item(
    session: Session,
    product: str = "ALM-500",
    *,
    supplier: str = "CORRIB",
    prices: dict[int, str] | None = None,
    **changes: Any,
) -> SupplierItem:
    """What the supplier sells, with prices given as {from so many packs: price of one}."""
    breaks = tuple(
        NewPriceBreak(*step) for step in ({1: "8.60"} if prices is None else prices).items()
    )
    values = {"code": f"{supplier}-{product}", "price_breaks": breaks, **changes}
    command = SaveSupplierItem(supplier=supplier, product=product, **values)
    return save_supplier_item(session, command, actor=an_actor(), at=NOON)


def files_of(session: Session, mail: Message) -> list[int]:
    """The keys of a mail's files, in their order."""
    query = select(MessageFile.file_id).where(MessageFile.message_id == mail.id)
    return list(session.scalars(query.order_by(MessageFile.position)))

"""What is where: on hand, reserved, available; now and as at a past moment.

Available is on hand less reserved, and nothing where the lot is in quarantine, recalled or past its use-by.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)

from procurement.catalogue.models import Pack, Product
from procurement.kernel.clock import today_in
from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.quantity import Quantity, Unit
from procurement.kernel.text import containing, fold
from procurement.stock.models import (
    Balance,
    Location,
    Lot,
    Movement,
    Site,
)
from procurement.stock.rules.shelf_life import is_usable
from procurement.stock.terms import LocationKind, LotStatus


@dataclass(frozen=True, slots=True)
class StockRow:
    """A lot at a location."""

    product: str
    product_name: str
    location: str
    location_name: str
    lot: str
    status: LotStatus
    expires_on: date | None
    opened_at: datetime | None
    use_by: date | None
    on_hand: Quantity
    reserved: Quantity
    available: Quantity
    container: str | None

    @property
    def is_past(self) -> bool:
        """Something is there, and none of it may be used: past its date, or held back."""
        return self.on_hand.steps > self.reserved.steps and self.available.steps == 0


@dataclass(frozen=True, slots=True)
class StockFilter:
    """Codes; None means all. `text` is a part of a name, SKU or lot number."""

    product: str | None = None
    location: str | None = None
    lot: str | None = None
    site: str | None = None
    text: str | None = None


def stock(
    session: ReadSession, wanted: StockFilter, *, at: datetime, paging: PageRequest
) -> Page[StockRow]:
    """Stock now, lot by lot, in the order of location, product and lot; `at` only says which day it is."""
    return _page(session, _NOW, wanted, at, paging)


def stock_as_at(
    session: ReadSession, wanted: StockFilter, *, moment: datetime, paging: PageRequest
) -> Page[StockRow]:
    """Stock as it was after the last movement of a past moment: today's balance less what came later.

    Reservations are not kept as at the past; `reserved` is 0 there.
    """
    return _page(session, _THEN.params(moment=moment), wanted, moment, paging)


_STOCK_KEY = (Location.code, Product.sku, Lot.number)


def _rows_of(source: Any, on_hand: Any, reserved: Any) -> AnySelect:
    """One row for each lot at a location, from anything that has `location_id` and `lot_id`."""
    return (
        select(
            Product.sku,
            Product.name,
            Product.unit,
            Location.code,
            Location.name,
            Location.kind,
            Site.time_zone,
            Lot.number,
            Lot.status,
            Lot.expires_on,
            Lot.opened_at,
            Lot.use_by,
            on_hand.label("on_hand"),
            reserved.label("reserved"),
            Pack.name,
        )
        .join_from(source, Lot, Lot.id == source.c.lot_id)
        .join(Product, Product.id == Lot.product_id)
        .join(Location, Location.id == source.c.location_id)
        .join(Site, Site.id == Location.site_id)
        .outerjoin(Pack, Pack.id == Lot.container_pack_id)
        .order_by(*_STOCK_KEY)
    )


def _now() -> AnySelect:
    balance = Balance.metadata.tables["balance"]
    return _rows_of(balance, balance.c.on_hand, balance.c.reserved).where(
        or_(balance.c.on_hand != 0, balance.c.reserved != 0)
    )


def _then() -> AnySelect:
    is_later = Movement.occurred_at > bindparam("moment", type_=Movement.occurred_at.type)
    changes = union_all(
        select(
            Movement.to_id.label("location_id"),
            Movement.lot_id,
            (-Movement.quantity).label("change"),
        ).where(is_later),
        select(Movement.from_id, Movement.lot_id, Movement.quantity).where(is_later),
        select(Balance.location_id, Balance.lot_id, Balance.on_hand),
    ).subquery()
    then = (
        select(changes.c.location_id, changes.c.lot_id, func.sum(changes.c.change).label("on_hand"))
        .group_by(changes.c.location_id, changes.c.lot_id)
        .having(func.sum(changes.c.change) != 0)
        .subquery()
    )
    return _rows_of(then, then.c.on_hand, literal(0)).where(Location.is_physical)


# Built once: putting such a statement together takes longer than the database needs to answer it.
_NOW, _THEN = _now(), _then()


def _page(
    session: ReadSession,
    statement: AnySelect,
    wanted: StockFilter,
    at: datetime,
    paging: PageRequest,
) -> Page[StockRow]:
    if conditions := _conditions(wanted):
        statement = statement.where(*conditions)
    if after := paging.key(str, str, str):
        statement = statement.where(tuple_(*_STOCK_KEY) > tuple_(*after))
    found = session.execute(statement.limit(paging.limit + 1)).all()
    days = {zone: today_in(zone, at) for zone in {row.time_zone for row in found}}
    rows = [_stock_row(row, days[row.time_zone]) for row in found]
    return paging.page(rows, lambda row: (row.location, row.product, row.lot))


def _conditions(wanted: StockFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.product is not None:
        found.append(Product.sku == wanted.product)
    if wanted.location is not None:
        found.append(Location.code == wanted.location)
    if wanted.lot is not None:
        found.append(Lot.number == wanted.lot)
    if wanted.site is not None:
        found.append(Site.code == wanted.site)
    if wanted.text is not None:
        like = containing(fold(wanted.text))
        found.append(
            or_(
                Product.search_text.like(like, escape="\\"),
                func.lower(Lot.number).like(like, escape="\\"),
                func.lower(Product.sku).like(like, escape="\\"),
            )
        )
    return found


def _stock_row(row: Any, today: date) -> StockRow:
    (sku, name, unit, location, location_name, kind, _, lot, status, *rest) = row
    expires_on, opened_at, use_by, on_hand, reserved, container = rest
    usable = kind is not LocationKind.QUARANTINE and is_usable(status, use_by, today)
    on_hand, reserved = int(on_hand), int(reserved)
    return StockRow(
        product=sku,
        product_name=name,
        location=location,
        location_name=location_name,
        lot=lot,
        status=status,
        expires_on=expires_on,
        opened_at=opened_at,
        use_by=use_by,
        on_hand=Quantity(on_hand, unit),
        reserved=Quantity(reserved, unit),
        available=Quantity(on_hand - reserved if usable else 0, unit),
        container=container,
    )


def available_at(
    session: ReadSession, *, at: datetime, products: Iterable[int] | None = None
) -> dict[tuple[int, int], tuple[int, int]]:
    """(location id, product id) -> (on hand, available) in steps, of every physical place with stock, in one query."""
    sites_today = {
        code: today_in(zone, at)
        for code, zone in session.execute(select(Site.code, Site.time_zone))
    }
    usable = (
        case(
            (
                and_(
                    Lot.status == LotStatus.AVAILABLE,
                    Location.kind != LocationKind.QUARANTINE,
                    or_(Lot.use_by.is_(None), Lot.use_by >= case(sites_today, value=Site.code)),
                ),
                Balance.on_hand - Balance.reserved,
            ),
            else_=0,
        )
        if sites_today
        else literal(0)
    )
    statement = (
        select(Balance.location_id, Balance.product_id, func.sum(Balance.on_hand), func.sum(usable))
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Location, Location.id == Balance.location_id)
        .join(Site, Site.id == Location.site_id)
        .where(Balance.on_hand > 0)
        .group_by(Balance.location_id, Balance.product_id)
    )
    if products is not None:
        statement = statement.where(Balance.product_id.in_(set(products)))
    return {(row[0], row[1]): (int(row[2]), int(row[3])) for row in session.execute(statement)}


def products_of(session: ReadSession, ids: Iterable[int]) -> dict[int, tuple[str, Unit]]:
    """SKU and unit of products by their keys, for answers that name them."""
    rows = session.execute(
        select(Product.id, Product.sku, Product.unit).where(Product.id.in_(set(ids)))
    )
    return {row[0]: (row[1], Unit(row[2])) for row in rows}

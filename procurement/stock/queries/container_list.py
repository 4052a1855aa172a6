"""Opened containers as a list to page through: those in use, and those finished."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from procurement.catalogue.models import Pack, Product
from procurement.kernel.clock import today_in
from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.quantity import Quantity
from procurement.stock.models import Balance, Location, Lot, Site
from procurement.stock.rules.shelf_life import is_usable
from procurement.stock.terms import LotStatus


class ContainerState(StrEnum):
    OPEN = "open"  # may be used
    UNUSABLE = "unusable"  # past its use-by, in quarantine or recalled
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class ContainerRow:
    """One opened container; a finished one stands nowhere."""

    number: str
    product: str
    location: str | None
    lot: str  # the lot or container it was opened or filled from
    pack: str | None
    status: LotStatus
    opened_at: datetime
    decanted_at: datetime | None
    finished_at: datetime | None
    expires_on: date | None
    use_by: date | None
    left: Quantity
    filled: Quantity
    state: ContainerState


@dataclass(frozen=True, slots=True)
class ContainerFilter:
    """Codes; None means all. `finished`: those finished alone, or those in use alone."""

    number: str | None = None
    product: str | None = None
    location: str | None = None
    site: str | None = None
    finished: bool | None = None


def containers(
    session: ReadSession, wanted: ContainerFilter, *, at: datetime, paging: PageRequest
) -> Page[ContainerRow]:
    """In the order of their numbers."""
    statement = _statement(wanted).limit(paging.limit + 1)
    if after := paging.key(str):
        statement = statement.where(Lot.number > after[0])
    rows = [_row(row, at) for row in session.execute(statement)]
    return paging.page(rows, lambda row: (row.number,))


def container(session: ReadSession, number: str, *, at: datetime) -> ContainerRow:
    """One, open or finished. Raises NotFound."""
    row = session.execute(_statement(ContainerFilter(number=number))).first()
    if row is None:
        raise NotFound(f"There is no opened container {number}.")
    return _row(row, at)


def _statement(wanted: ContainerFilter) -> AnySelect:
    parent = aliased(Lot)
    statement: AnySelect = (
        select(
            Lot.number,
            Product.sku,
            Location.code,
            parent.number,
            Pack.code,
            Lot.status,
            Lot.opened_at,
            Lot.decanted_at,
            Lot.finished_at,
            Lot.expires_on,
            Lot.use_by,
            func.coalesce(Balance.on_hand, 0),
            Lot.filled,
            Product.unit,
            Site.time_zone,
        )
        .join(parent, parent.id == Lot.parent_id)
        .join(Product, Product.id == Lot.product_id)
        .outerjoin(Balance, (Balance.lot_id == Lot.id) & (Balance.on_hand > 0))
        .outerjoin(Location, Location.id == Balance.location_id)
        .outerjoin(Site, Site.id == Location.site_id)
        .outerjoin(Pack, Pack.id == Lot.container_pack_id)
        .order_by(Lot.number)
    )
    said = (
        (wanted.number, Lot.number),
        (wanted.product, Product.sku),
        (wanted.location, Location.code),
        (wanted.site, Site.code),
    )
    for value, column in said:
        if value is not None:
            statement = statement.where(column == value)
    if wanted.finished is not None:
        is_finished = Lot.finished_at.is_not(None)
        statement = statement.where(is_finished if wanted.finished else ~is_finished)
    return statement


def _row(row: Any, at: datetime) -> ContainerRow:
    *said, left, filled, unit, zone = row
    status, finished_at, use_by = said[5], said[8], said[10]
    if finished_at is not None:
        state = ContainerState.FINISHED
    else:
        usable = is_usable(status, use_by, today_in(zone or "UTC", at))
        state = ContainerState.OPEN if usable else ContainerState.UNUSABLE
    return ContainerRow(*(*said, Quantity(int(left), unit), Quantity(filled, unit), state))

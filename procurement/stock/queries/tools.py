"""Tools to show: who has what, which are to be cleaned, whose warranty ends, and what happened to one."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from procurement.catalogue.models import Product
from procurement.catalogue.terms import Kind
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.paging import Page, PageRequest
from procurement.stock.models import (
    Balance,
    Location,
    Lot,
    Movement,
    Posting,
    Site,
    Tool,
    ToolCleaning,
)
from procurement.stock.terms import Cause, LocationKind

WARRANTY_DAYS = 60  # an end this near is worth a word


@dataclass(frozen=True, slots=True)
class ToolRow:
    number: str
    product: str
    product_name: str
    serial: str | None
    location: str | None  # None: written off
    location_name: str | None
    kind: LocationKind | None
    site: str | None
    tagged_at: datetime
    clean_every_days: int | None
    last_cleaned_at: datetime | None
    cleaning_due: date | None
    warranty_until: date | None
    today: date

    @property
    def is_issued(self) -> bool:
        return self.kind in {LocationKind.PERSON, LocationKind.TREATMENT_ROOM}

    @property
    def is_due(self) -> bool:
        return self.cleaning_due is not None and self.cleaning_due <= self.today

    @property
    def is_under_warranty(self) -> bool:
        return self.warranty_until is not None and self.warranty_until >= self.today

    @property
    def warranty_ends_soon(self) -> bool:
        return (
            self.warranty_until is not None
            and self.today <= self.warranty_until <= self.today + timedelta(days=WARRANTY_DAYS)
        )


@dataclass(frozen=True, slots=True)
class ToolEvent:
    """Something that happened to a tool."""

    at: datetime
    who: str
    ref: str | None  # of its posting; None: it was cleaned
    to: str
    cause: Cause | None
    note: str


@dataclass(frozen=True, slots=True)
class ToolPage:
    tool: ToolRow
    from_lot: str
    events: tuple[ToolEvent, ...]


def tools(
    session: ReadSession,
    *,
    at: datetime,
    site: str | None = None,
    location: str | None = None,
    limit: int = 1000,
) -> list[ToolRow]:
    """Those in use: to be cleaned first, then by product."""
    statement = _tools().where(Location.id.is_not(None))
    if site is not None:
        statement = statement.where(Site.code == site)
    if location is not None:
        statement = statement.where(Location.code == location)
    rows = [_row(row, at) for row in session.execute(statement.limit(limit))]
    return sorted(rows, key=lambda row: (not row.is_due, row.cleaning_due or date.max))


def tool_page(session: ReadSession, number: str, *, at: datetime) -> ToolPage:
    """Raises NotFound."""
    row = session.execute(_tools().where(Tool.number == number)).first()
    if row is None:
        raise NotFound(f"There is no tool {number}.")
    from_lot: Any = session.scalar(
        select(Lot.number).join(Tool, Tool.from_lot_id == Lot.id).where(Tool.number == number)
    )
    return ToolPage(_row(row, at), str(from_lot), _events(session, number))


def _tools() -> Any:
    cleaned = (
        select(ToolCleaning.lot_id, func.max(ToolCleaning.cleaned_at).label("last"))
        .group_by(ToolCleaning.lot_id)
        .subquery()
    )
    return (
        select(
            Tool.number,
            Product.sku,
            Product.name,
            Tool.serial,
            Location.code,
            Location.name,
            Location.kind,
            Site.code,
            Tool.tagged_at,
            Tool.clean_every_days,
            cleaned.c.last,
            Tool.warranty_until,
            Site.time_zone,
        )
        .join(Lot, Lot.id == Tool.lot_id)
        .join(Product, Product.id == Lot.product_id)
        .outerjoin(Balance, (Balance.lot_id == Tool.lot_id) & (Balance.on_hand > 0))
        .outerjoin(Location, Location.id == Balance.location_id)
        .outerjoin(Site, Site.id == Location.site_id)
        .outerjoin(cleaned, cleaned.c.lot_id == Tool.lot_id)
        .order_by(func.lower(Product.name), Tool.number)
    )


def _row(row: Any, at: datetime) -> ToolRow:
    zone = row[12] or "UTC"
    due = None
    if row[9] is not None:
        due = today_in(zone, row[10] or row[8]) + timedelta(days=row[9])
    number, sku, name, serial, code, place, kind, site, tagged_at, every, cleaned_at, *_ = row
    return ToolRow(
        number,
        sku,
        name,
        serial,
        code,
        place,
        kind,
        site,
        tagged_at,
        every,
        cleaned_at,
        due,
        row[11],
        today_in(zone, at),
    )


def _events(session: ReadSession, number: str) -> tuple[ToolEvent, ...]:
    """The latest first. A posting that tags it goes through CONVERSION; only where it ended is told."""
    moved = session.execute(
        select(
            Posting.occurred_at,
            Posting.actor_name,
            Posting.ref,
            Location.name,
            Posting.cause,
            Posting.note,
        )
        .join(Movement, Movement.posting_id == Posting.id)
        .join(Tool, Tool.lot_id == Movement.lot_id)
        .join(Location, Location.id == Movement.to_id)
        .where(Tool.number == number)
        .order_by(Posting.id.desc())
    )
    cleaned = session.execute(
        select(ToolCleaning.cleaned_at, ToolCleaning.cleaned_by, ToolCleaning.note)
        .join(Tool, Tool.lot_id == ToolCleaning.lot_id)
        .where(Tool.number == number)
    )
    events = [ToolEvent(*row) for row in moved]
    events += [ToolEvent(row[0], row[1], None, "", None, row[2]) for row in cleaned]
    return tuple(sorted(events, key=lambda event: event.at, reverse=True))


@dataclass(frozen=True, slots=True)
class Untagged:
    """A shelf that holds pieces of a tool without a number."""

    location: str
    location_name: str
    product: str
    product_name: str


def untagged(session: ReadSession) -> list[Untagged]:
    rows = session.execute(
        select(Location.code, Location.name, Product.sku, Product.name)
        .distinct()
        .join_from(Balance, Location, Location.id == Balance.location_id)
        .join(Product, Product.id == Balance.product_id)
        .where(
            Product.kind == Kind.TOOL,
            Balance.on_hand > Balance.reserved,
            Balance.lot_id.not_in(select(Tool.lot_id)),
            Location.kind != LocationKind.IN_TRANSIT,
        )
        .order_by(Product.name, Location.name)
    )
    return [Untagged(*row) for row in rows]


def tools_by_number(
    session: ReadSession,
    paging: PageRequest,
    *,
    at: datetime,
    site: str | None = None,
    location: str | None = None,
) -> Page[ToolRow]:
    """Those in use, the oldest number first."""
    statement = _tools().where(Location.id.is_not(None)).order_by(None).order_by(Tool.number)
    if site is not None:
        statement = statement.where(Site.code == site)
    if location is not None:
        statement = statement.where(Location.code == location)
    if after := paging.key(str):
        statement = statement.where(Tool.number > after[0])
    rows = [_row(row, at) for row in session.execute(statement.limit(paging.limit + 1))]
    return paging.page(rows, lambda row: (row.number,))

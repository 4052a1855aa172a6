"""Recalls in lists, and one with every place, treatment and customer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from procurement.catalogue.models import Product
from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.quantity import Quantity, Unit
from procurement.stock.models import (
    Location,
    Lot,
    Posting,
    Recall,
    RecallItem,
    RecallLot,
    Site,
)
from procurement.stock.queries.traces import Gone, Used, family_of, used_in_all, where_they_went
from procurement.stock.terms import LocationKind, RecallOutcome


@dataclass(frozen=True, slots=True)
class RecallRow:
    number: str
    product: str
    product_name: str
    reason: str
    is_drill: bool
    started_at: datetime
    started_by: str
    closed_at: datetime | None
    closed_by: str | None
    places: int
    settled: int
    last_settled_at: datetime | None

    @property
    def status(self) -> str:
        return "open" if self.closed_at is None else "closed"

    @property
    def percent(self) -> int:
        """Whole percent of the places dealt with; 100 only when all are."""
        return self.settled * 100 // self.places if self.places else 100

    @property
    def is_complete(self) -> bool:
        return self.settled == self.places

    @property
    def took(self) -> timedelta | None:
        """From the start until the last place was dealt with."""
        if not self.is_complete:
            return None
        return (self.last_settled_at or self.started_at) - self.started_at


@dataclass(frozen=True, slots=True)
class RecallItemRow:
    position: int
    lot: str
    opened_from: str | None
    is_decanted: bool
    location: str
    location_name: str
    kind: LocationKind
    site_name: str
    quantity: Quantity
    outcome: RecallOutcome | None
    settled_at: datetime | None
    settled_by: str | None
    note: str
    posting: str | None


@dataclass(frozen=True, slots=True)
class RecallPage:
    head: RecallRow
    lots: tuple[str, ...]
    items: tuple[RecallItemRow, ...]
    treatments: tuple[Gone, ...]
    customers: tuple[Gone, ...]
    other: tuple[Gone, ...]  # written off, corrected or sent back, before and by the recall
    sums: tuple[Used, ...]

    @property
    def to_do(self) -> tuple[RecallItemRow, ...]:
        return tuple(item for item in self.items if item.outcome is None)

    @property
    def done(self) -> tuple[RecallItemRow, ...]:
        return tuple(item for item in self.items if item.outcome is not None)

    @property
    def total(self) -> Quantity | None:
        return _sum(self.items)

    @property
    def accounted(self) -> Quantity | None:
        return _sum(self.done) if self.done else (self.total - self.total if self.total else None)


def _sum(items: tuple[RecallItemRow, ...]) -> Quantity | None:
    if not items:
        return None
    return Quantity(sum(item.quantity.steps for item in items), items[0].quantity.unit)


def _recalls() -> AnySelect:
    places = (
        select(
            RecallItem.recall_id,
            func.count().label("places"),
            func.sum(case((RecallItem.outcome.is_(None), 0), else_=1)).label("settled"),
            func.max(RecallItem.settled_at).label("last"),
        )
        .group_by(RecallItem.recall_id)
        .subquery()
    )
    return (
        select(
            Recall,
            Product.sku,
            Product.name,
            func.coalesce(places.c.places, 0),
            func.coalesce(places.c.settled, 0),
            places.c.last,
        )
        .join(Product, Product.id == Recall.product_id)
        .outerjoin(places, places.c.recall_id == Recall.id)
    )


def _recall_row(row: Any) -> tuple[int, RecallRow]:
    recall, sku, name, places, settled, last = row
    return recall.id, RecallRow(
        recall.number,
        sku,
        name,
        recall.reason,
        recall.is_drill,
        recall.started_at,
        recall.started_by,
        recall.closed_at,
        recall.closed_by,
        int(places),
        int(settled),
        last,
    )


def recalls(
    session: ReadSession, paging: PageRequest, *, is_open: bool | None = None
) -> Page[RecallRow]:
    """Recalls, the latest first."""
    statement = _recalls().order_by(Recall.id.desc()).limit(paging.limit + 1)
    if is_open is not None:
        closed = Recall.closed_at.is_not(None)
        statement = statement.where(~closed if is_open else closed)
    if after := paging.key(int):
        statement = statement.where(Recall.id < after[0])
    found = [_recall_row(row) for row in session.execute(statement)]
    keys = {row.number: key for key, row in found}
    return paging.page([row for _, row in found], lambda row: (keys[row.number],))


def recall_page(session: ReadSession, number: str) -> RecallPage:
    """A recall with everything it found, in a fixed number of statements. Raises NotFound."""
    row = session.execute(_recalls().where(Recall.number == number)).one_or_none()
    if row is None:
        raise NotFound(f"There is no recall {number}.")
    key, head = _recall_row(row)
    lots = session.execute(
        select(Lot.id, Lot.number)
        .join(RecallLot, RecallLot.lot_id == Lot.id)
        .where(RecallLot.recall_id == key)
        .order_by(Lot.number)
    ).all()
    family = family_of(session, [lot_id for lot_id, _ in lots])
    went = where_they_went(session, family)
    kinds = {LocationKind.CONSUMED, LocationKind.CUSTOMER}
    return RecallPage(
        head=head,
        lots=tuple(name for _, name in lots),
        items=_items(session, key),
        treatments=tuple(one for one in went if one.kind is LocationKind.CONSUMED),
        customers=tuple(one for one in went if one.kind is LocationKind.CUSTOMER),
        other=tuple(one for one in went if one.kind not in kinds),
        sums=used_in_all(session, family),
    )


def _items(session: ReadSession, recall_id: int) -> tuple[RecallItemRow, ...]:
    parent = aliased(Lot)
    rows = session.execute(
        select(
            RecallItem,
            Lot.number,
            parent.number,
            Lot.decanted_at,
            Location.code,
            Location.name,
            Location.kind,
            Site.name,
            Product.unit,
            Posting.ref,
        )
        .join_from(RecallItem, Lot, Lot.id == RecallItem.lot_id)
        .join(Product, Product.id == RecallItem.product_id)
        .join(Location, Location.id == RecallItem.location_id)
        .join(Site, Site.id == Location.site_id)
        .outerjoin(parent, parent.id == Lot.parent_id)
        .outerjoin(Posting, Posting.id == RecallItem.posting_id)
        .where(RecallItem.recall_id == recall_id)
        .order_by(Site.name, Location.name, Location.code, RecallItem.position)
    )
    return tuple(_item(*row) for row in rows)


def _item(item: RecallItem, *row: Any) -> RecallItemRow:
    lot, parent, decanted_at, location, location_name, kind, site, unit, ref = row
    return RecallItemRow(
        item.position,
        lot,
        parent,
        decanted_at is not None,
        location,
        location_name,
        kind,
        site,
        Quantity(item.quantity, Unit(unit)),
        item.outcome,
        item.settled_at,
        item.settled_by,
        item.note,
        ref,
    )

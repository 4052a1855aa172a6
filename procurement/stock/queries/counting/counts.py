"""The counts there are."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select

from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.paging import Page, PageRequest
from procurement.stock.models import (
    Location,
    Posting,
    Site,
    StockCount,
    StockCountCorrection,
    StockCountEntry,
    StockCountLine,
)
from procurement.stock.rules.counting import Tolerance
from procurement.stock.terms import CountStatus, Place


@dataclass(frozen=True, slots=True)
class CountRow:
    """A count at a glance: `lines` are on its sheet, `counted` of them have an entry."""

    id: int
    number: str
    place: Place
    status: CountStatus
    blind: bool
    due_only: bool
    currency: str
    tolerance: Tolerance
    approval_minor: int
    started_at: datetime
    started_by: str
    submitted_at: datetime | None
    submitted_by: str | None
    closed_at: datetime | None
    closed_by: str | None
    posting: str | None  # its public reference
    lines: int
    counted: int


def is_current() -> ColumnElement[bool]:
    """No entry made after it supersedes this one; a later row only, so that two cannot supersede each other."""
    correction = StockCountCorrection
    superseded = exists().where(
        correction.count_id == StockCountEntry.count_id,
        correction.superseded == StockCountEntry.uid,
        correction.entry_id > StockCountEntry.id,
    )
    return ~superseded.correlate(StockCountEntry)


def _rows() -> AnySelect:
    lines = (
        select(func.count())
        .where(StockCountLine.count_id == StockCount.id)
        .correlate(StockCount)
        .scalar_subquery()
    )
    counted = (
        select(func.count(StockCountEntry.line_id.distinct()))
        .where(StockCountEntry.count_id == StockCount.id, is_current())
        .correlate(StockCount)
        .scalar_subquery()
    )
    return (
        select(
            StockCount.id,
            StockCount.number,
            Location.id,
            Location.code,
            Location.name,
            Location.kind,
            Site.code,
            Site.time_zone,
            StockCount.status,
            StockCount.blind,
            StockCount.due_only,
            StockCount.currency,
            StockCount.tolerance_bp,
            StockCount.tolerance_minor,
            StockCount.approval_minor,
            StockCount.started_at,
            StockCount.started_by,
            StockCount.submitted_at,
            StockCount.submitted_by,
            StockCount.closed_at,
            StockCount.closed_by,
            Posting.ref,
            lines,
            counted,
        )
        .join(Location, Location.id == StockCount.location_id)
        .join(Site, Site.id == Location.site_id)
        .outerjoin(Posting, Posting.id == StockCount.posting_id)
    )


_ROWS = _rows()
_PLACE = slice(2, 8)


def _row(found: tuple[object, ...]) -> CountRow:
    count_id, number, *_ = found
    place = Place(*found[_PLACE])  # type: ignore[arg-type] # the columns of Place, in its order
    status, blind, due_only, currency, percent, minor, *rest = found[_PLACE.stop :]
    tolerance = Tolerance(percent, minor)  # type: ignore[arg-type] # two whole numbers
    return CountRow(count_id, number, place, status, blind, due_only, currency, tolerance, *rest)  # type: ignore[arg-type] # in order


def count_of(session: ReadSession, number: str) -> CountRow:
    """Raises NotFound."""
    found = session.execute(_ROWS.where(StockCount.number == number)).first()
    if found is None:
        raise NotFound(f"There is no count {number}.")
    return _row(tuple(found))


def counts(
    session: ReadSession,
    paging: PageRequest,
    *,
    status: CountStatus | None = None,
    location: str | None = None,
) -> Page[CountRow]:
    """The newest first."""
    statement = _ROWS.order_by(StockCount.id.desc()).limit(paging.limit + 1)
    if status is not None:
        statement = statement.where(StockCount.status == status)
    if location is not None:
        statement = statement.where(Location.code == location)
    if after := paging.key(int):
        statement = statement.where(StockCount.id < after[0])
    rows = [_row(tuple(found)) for found in session.execute(statement)]
    return paging.page(rows, lambda row: (row.id,))


def active_counts(session: ReadSession, *, location: str | None = None) -> list[CountRow]:
    """Open or in review, the oldest first; one at most of each location."""
    active = [status for status in CountStatus if status.is_active]
    statement = _ROWS.where(StockCount.status.in_(active)).order_by(StockCount.id)
    if location is not None:
        statement = statement.where(Location.code == location)
    return [_row(tuple(found)) for found in session.execute(statement)]


@dataclass(frozen=True, slots=True)
class LateEntry:
    """What came in when the count was closed already."""

    product: str
    lot: str | None
    amount: str
    counted_at: datetime
    counted_by: str

    @property
    def text(self) -> str:
        return f"{self.product}{', ' + self.lot if self.lot else ''}: {self.amount} by {self.counted_by}"

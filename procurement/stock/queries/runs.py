"""Top-up runs to walk: what to pick in each storeroom, then room by room what to put down."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from procurement.catalogue.models import Pack, Product
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.quantity import Quantity, Unit
from procurement.stock.models import Location, Lot, Site, TopUpRun, Transfer, TransferLine
from procurement.stock.terms import TransferStatus


@dataclass(frozen=True, slots=True)
class RunRow:
    number: str
    site: str
    site_name: str
    drafted_at: datetime
    drafted_by: str
    stops: int
    open: int  # stops nobody has been at

    @property
    def is_open(self) -> bool:
        return self.open > 0


@dataclass(frozen=True, slots=True)
class RunLine:
    """So much of a lot."""

    product: str
    product_name: str
    lot: str
    use_by: date | None
    quantity: Quantity
    pack_name: str | None
    packs: int  # whole sales packs, where it comes out even; else 0


@dataclass(frozen=True, slots=True)
class Pick:
    """A product to pick in a storeroom: all of it, and from which lots, the one to be used first at the top."""

    product: str
    product_name: str
    quantity: Quantity
    pack_name: str | None
    packs: int
    lots: tuple[RunLine, ...]


@dataclass(frozen=True, slots=True)
class Shelfful:
    """What is to be picked in one storeroom."""

    code: str
    name: str
    picks: tuple[Pick, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """A room on the way, in the order of the codes at the doors."""

    code: str
    name: str
    status: TransferStatus  # draft while something is to be put down; else what became of it
    lines: tuple[RunLine, ...]
    transfers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunPage:
    head: RunRow
    shelves: tuple[Shelfful, ...]  # of what is still to be picked
    stops: tuple[Stop, ...]


def runs(session: ReadSession, *, site: str | None = None, limit: int = 10) -> list[RunRow]:
    """The newest first, open ones at the top."""
    is_open = case((Transfer.status == TransferStatus.DRAFT, Transfer.to_id))
    statement = (
        select(
            TopUpRun.number,
            Site.code,
            Site.name,
            TopUpRun.drafted_at,
            TopUpRun.drafted_by,
            func.count(Transfer.to_id.distinct()),
            func.count(is_open.distinct()),
        )
        .join(Site, Site.id == TopUpRun.site_id)
        .join(Transfer, Transfer.run_id == TopUpRun.id)
        .group_by(TopUpRun.id, Site.id)
        .order_by(case((func.count(is_open) > 0, 0), else_=1), TopUpRun.id.desc())
        .limit(limit)
    )
    if site is not None:
        statement = statement.where(Site.code == site)
    return [RunRow(*row) for row in session.execute(statement)]


def run_page(session: ReadSession, number: str) -> RunPage:
    """Raises NotFound."""
    head = session.execute(
        select(TopUpRun.number, Site.code, Site.name, TopUpRun.drafted_at, TopUpRun.drafted_by)
        .join(Site, Site.id == TopUpRun.site_id)
        .where(TopUpRun.number == number)
    ).first()
    if head is None:
        raise NotFound(f"There is no top-up run {number}.")
    rows = _rows(session, number)
    stops = _stops(rows)
    still = sum(1 for stop in stops if stop.status is TransferStatus.DRAFT)
    row = RunRow(head[0], head[1], head[2], head[3], head[4], len(stops), still)
    return RunPage(row, _shelves(rows), stops)


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of a transfer of the run, with its ends."""

    transfer: str
    status: TransferStatus
    source: tuple[str, str]
    room: tuple[str, str]
    pack_steps: int | None
    line: RunLine


def _rows(session: ReadSession, number: str) -> list[_Row]:
    source, room = aliased(Location), aliased(Location)
    rows = session.execute(
        select(
            Transfer.number,
            Transfer.status,
            source.code,
            source.name,
            room.code,
            room.name,
            Product.sku,
            Product.name,
            Lot.number,
            Lot.use_by,
            TransferLine.quantity,
            Product.unit,
            Pack.name,
            Pack.size_steps,
        )
        .join(TopUpRun, TopUpRun.id == Transfer.run_id)
        .join(source, source.id == Transfer.from_id)
        .join(room, room.id == Transfer.to_id)
        .join(TransferLine, TransferLine.transfer_id == Transfer.id)
        .join(Product, Product.id == TransferLine.product_id)
        .join(Lot, Lot.id == TransferLine.lot_id)
        .outerjoin(Pack, (Pack.product_id == Product.id) & Pack.is_sales_pack)
        .where(TopUpRun.number == number)
        .order_by(room.code, func.lower(Product.name), Product.sku, TransferLine.position)
    )
    return [_row(row) for row in rows]


def _row(row: Any) -> _Row:
    steps, pack_steps = int(row[10]), row[13]
    quantity = Quantity(steps, Unit(row[11]))
    line = RunLine(row[6], row[7], row[8], row[9], quantity, row[12], _packs(steps, pack_steps))
    return _Row(row[0], row[1], (row[2], row[3]), (row[4], row[5]), pack_steps, line)


def _packs(steps: int, pack_steps: int | None) -> int:
    return steps // pack_steps if pack_steps and steps % pack_steps == 0 else 0


def _stops(rows: Sequence[_Row]) -> tuple[Stop, ...]:
    by_room: defaultdict[tuple[str, str], list[_Row]] = defaultdict(list)
    for row in rows:
        by_room[row.room].append(row)
    stops = []
    for (code, name), found in by_room.items():
        drafts = [row for row in found if row.status is TransferStatus.DRAFT]
        carried = [row for row in found if row.status is not TransferStatus.CANCELLED]
        shown = drafts or carried or found
        numbers = tuple(dict.fromkeys(row.transfer for row in shown))
        lines = tuple(row.line for row in shown)
        stops.append(Stop(code, name, shown[0].status, lines, numbers))
    return tuple(stops)


def _shelves(rows: Sequence[_Row]) -> tuple[Shelfful, ...]:
    by_shelf: defaultdict[tuple[str, str], dict[str, list[_Row]]] = defaultdict(dict)
    for row in rows:
        if row.status is TransferStatus.DRAFT:
            by_shelf[row.source].setdefault(row.line.product, []).append(row)
    return tuple(
        Shelfful(
            code,
            name,
            tuple(sorted(map(_pick, products.values()), key=lambda p: p.product_name.lower())),
        )
        for (code, name), products in sorted(by_shelf.items())
    )


def _pick(rows: Sequence[_Row]) -> Pick:
    by_lot: defaultdict[str, list[_Row]] = defaultdict(list)
    for row in rows:
        by_lot[row.line.lot].append(row)
    lots = sorted(
        (_sum(found) for found in by_lot.values()),
        key=lambda line: (line.use_by or date.max, line.lot),
    )
    whole = _sum(rows)
    return Pick(
        whole.product,
        whole.product_name,
        whole.quantity,
        whole.pack_name,
        whole.packs,
        tuple(lots),
    )


def _sum(rows: Sequence[_Row]) -> RunLine:
    first = rows[0].line
    steps = sum(row.line.quantity.steps for row in rows)
    return RunLine(
        first.product,
        first.product_name,
        first.lot,
        first.use_by,
        Quantity(steps, first.quantity.unit),
        first.pack_name,
        _packs(steps, rows[0].pack_steps),
    )

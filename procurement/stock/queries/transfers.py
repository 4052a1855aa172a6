"""Transfers to show: the list, and one with its lines, why these lots, and what happened to it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from procurement.catalogue.models import Product
from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.quantity import Quantity, Unit
from procurement.stock.models import (
    Balance,
    Location,
    Lot,
    Movement,
    Posting,
    Site,
    TopUpRun,
    Transfer,
    TransferLine,
    TransferWish,
)
from procurement.stock.rules.fefo import Standing, why_this
from procurement.stock.terms import UNDER_WAY, Cause, LocationKind, LotStatus, TransferStatus

_source, _destination, _transit = aliased(Location), aliased(Location), aliased(Location)
_from_site, _to_site = aliased(Site), aliased(Site)


@dataclass(frozen=True, slots=True)
class TransferRow:
    number: str
    status: TransferStatus
    source: str
    source_name: str
    destination: str
    destination_name: str
    drafted_at: datetime
    drafted_by: str
    sent_at: datetime | None
    done_at: datetime | None
    from_site: str
    to_site: str
    to_site_name: str
    via: str | None
    via_name: str | None
    via_kind: LocationKind | None
    run: str | None
    note: str
    lines: int

    @property
    def is_far(self) -> bool:
        """Whether it travels: to another house, or by way of the laundry."""
        return self.from_site != self.to_site or self.via is not None

    @property
    def is_under_way(self) -> bool:
        return self.status in UNDER_WAY


@dataclass(frozen=True, slots=True)
class TransferItemRow:
    position: int
    product: str
    product_name: str
    lot: str
    use_by: date | None
    quantity: Quantity
    sent: Quantity
    arrived: Quantity
    explained: Quantity
    is_open: bool  # an opened container, which travels whole
    why: str  # while it is a draft: why this lot and not another

    @property
    def under_way(self) -> Quantity:
        steps = self.sent.steps - self.arrived.steps - self.explained.steps
        return Quantity(steps, self.sent.unit)


@dataclass(frozen=True, slots=True)
class WishRow:
    product: str
    product_name: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class TransferEvent:
    """A posting of the transfer: so many lines sent, taken in, left behind or written off."""

    ref: str
    occurred_at: datetime
    actor_name: str
    cause: Cause | None
    to: str
    lines: int
    note: str


@dataclass(frozen=True, slots=True)
class TransferPage:
    head: TransferRow
    items: tuple[TransferItemRow, ...]
    wishes: tuple[WishRow, ...]
    events: tuple[TransferEvent, ...]


def _heads() -> AnySelect:
    lines = select(func.count()).where(TransferLine.transfer_id == Transfer.id)
    wishes = select(func.count()).where(TransferWish.transfer_id == Transfer.id)
    return (
        select(
            Transfer.id,
            Transfer.number,
            Transfer.status,
            _source.code,
            _source.name,
            _destination.code,
            _destination.name,
            Transfer.drafted_at,
            Transfer.drafted_by,
            Transfer.sent_at,
            Transfer.done_at,
            _from_site.code,
            _to_site.code,
            _to_site.name,
            _transit.code,
            _transit.name,
            _transit.kind,
            TopUpRun.number,
            Transfer.note,
            func.coalesce(
                func.nullif(lines.correlate(Transfer).scalar_subquery(), 0),
                wishes.correlate(Transfer).scalar_subquery(),
            ),
        )
        .join(_source, _source.id == Transfer.from_id)
        .join(_destination, _destination.id == Transfer.to_id)
        .join(_from_site, _from_site.id == _source.site_id)
        .join(_to_site, _to_site.id == _destination.site_id)
        .outerjoin(_transit, _transit.id == Transfer.transit_id)
        .outerjoin(TopUpRun, TopUpRun.id == Transfer.run_id)
    )


@dataclass(frozen=True, slots=True)
class TransferFilter:
    statuses: frozenset[TransferStatus] = frozenset()  # empty: any
    location: str | None = None  # at either end
    to_site: str | None = None
    via: str | None = None


def transfers(
    session: ReadSession,
    paging: PageRequest,
    wanted: TransferFilter = TransferFilter(),
) -> Page[TransferRow]:
    """The newest first."""
    statement = _heads().order_by(Transfer.id.desc()).limit(paging.limit + 1)
    conditions: list[ColumnElement[bool]] = []
    if wanted.statuses:
        conditions.append(Transfer.status.in_(wanted.statuses))
    if wanted.location is not None:
        conditions.append(
            (_source.code == wanted.location) | (_destination.code == wanted.location)
        )
    if wanted.to_site is not None:
        conditions.append(_to_site.code == wanted.to_site)
    if wanted.via is not None:
        conditions.append(_transit.code == wanted.via)
    if after := paging.key(int):
        conditions.append(Transfer.id < after[0])
    rows = [
        (row[0], TransferRow(*row[1:]))
        for row in map(tuple, session.execute(statement.where(*conditions)))
    ]
    page = paging.page(rows, lambda row: (row[0],))
    return Page(tuple(row for _, row in page.items), page.next)


def transfer_page(session: ReadSession, number: str) -> TransferPage:
    """One transfer with its lines, in the order they are picked. Raises NotFound."""
    head = session.execute(_heads().where(Transfer.number == number)).first()
    if head is None:
        raise NotFound(f"There is no transfer {number}.")
    transfer_id, *said = tuple(head)
    row = TransferRow(*said)
    is_draft = row.status is TransferStatus.DRAFT
    return TransferPage(
        row,
        _items(session, transfer_id, is_draft=is_draft),
        _wishes(session, transfer_id),
        _events(session, number),
    )


def _items(
    session: ReadSession, transfer_id: int, *, is_draft: bool
) -> tuple[TransferItemRow, ...]:
    rows = session.execute(
        select(
            TransferLine.position,
            Product.id,
            Product.sku,
            Product.name,
            Lot.number,
            Lot.use_by,
            Product.unit,
            TransferLine.quantity,
            TransferLine.sent,
            TransferLine.arrived,
            TransferLine.explained,
            Lot.parent_id,
        )
        .join(Product, Product.id == TransferLine.product_id)
        .join(Lot, Lot.id == TransferLine.lot_id)
        .where(TransferLine.transfer_id == transfer_id)
        .order_by(TransferLine.position)
    ).all()
    others = _others(session, transfer_id) if is_draft else {}
    items = []
    for row in rows:
        picked, sent, arrived, explained = (Quantity(int(n), Unit(row[6])) for n in row[7:11])
        why = why_this(row[4], row[5], others[row[1]]) if row[1] in others else ""
        is_open = row[11] is not None
        items.append(
            TransferItemRow(
                row[0],
                row[2],
                row[3],
                row[4],
                row[5],
                picked,
                sent,
                arrived,
                explained,
                is_open,
                why,
            )
        )
    return tuple(items)


def _others(session: ReadSession, transfer_id: int) -> dict[int, list[Standing]]:
    """Product -> the unopened lots that stand at the source of a transfer."""
    rows = session.execute(
        select(Balance.product_id, Lot.number, Lot.use_by, Lot.status)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Transfer, Transfer.from_id == Balance.location_id)
        .where(
            Transfer.id == transfer_id,
            Balance.on_hand > 0,
            Lot.parent_id.is_(None),
            Balance.product_id.in_(
                select(TransferLine.product_id).where(TransferLine.transfer_id == transfer_id)
            ),
        )
    )
    found: defaultdict[int, list[Standing]] = defaultdict(list)
    for product_id, lot, use_by, status in rows:
        found[product_id].append(Standing(lot, use_by, status is not LotStatus.AVAILABLE))
    return found


def _wishes(session: ReadSession, transfer_id: int) -> tuple[WishRow, ...]:
    rows = session.execute(
        select(Product.sku, Product.name, TransferWish.quantity, Product.unit)
        .join(Product, Product.id == TransferWish.product_id)
        .where(TransferWish.transfer_id == transfer_id)
        .order_by(TransferWish.position)
    )
    return tuple(WishRow(row[0], row[1], Quantity(row[2], Unit(row[3]))) for row in rows)


def _events(session: ReadSession, number: str) -> tuple[TransferEvent, ...]:
    rows = session.execute(
        select(
            Posting.ref,
            Posting.occurred_at,
            Posting.actor_name,
            Posting.cause,
            Location.name,
            func.count(),
            Posting.note,
        )
        .join(Movement, Movement.posting_id == Posting.id)
        .join(Location, Location.id == Movement.to_id)
        .where(Posting.document == number)
        .group_by(Posting.id, Location.name)
        .order_by(Posting.id.desc())
    )
    return tuple(TransferEvent(*row) for row in rows)

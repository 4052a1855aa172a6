"""Transfers to show: the list, and one with its lines."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from procurement.catalogue.models import Product
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.quantity import Quantity, Unit
from procurement.stock.models import Location, Lot, Transfer, TransferLine
from procurement.stock.terms import TransferStatus


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
    done_at: datetime | None
    lines: int


@dataclass(frozen=True, slots=True)
class TransferItemRow:
    product: str
    product_name: str
    lot: str
    use_by: date | None
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class TransferPage:
    head: TransferRow
    items: tuple[TransferItemRow, ...]


def transfers(
    session: ReadSession,
    paging: PageRequest,
    *,
    status: TransferStatus | None = None,
    location: str | None = None,
) -> Page[TransferRow]:
    """The newest first."""
    source, destination = aliased(Location), aliased(Location)
    lines = (
        select(func.count())
        .where(TransferLine.transfer_id == Transfer.id)
        .correlate(Transfer)
        .scalar_subquery()
    )
    statement = (
        select(
            Transfer.id,
            Transfer.number,
            Transfer.status,
            source.code,
            source.name,
            destination.code,
            destination.name,
            Transfer.drafted_at,
            Transfer.drafted_by,
            Transfer.done_at,
            lines,
        )
        .join(source, source.id == Transfer.from_id)
        .join(destination, destination.id == Transfer.to_id)
        .order_by(Transfer.id.desc())
        .limit(paging.limit + 1)
    )
    if status is not None:
        statement = statement.where(Transfer.status == status)
    if location is not None:
        statement = statement.where((source.code == location) | (destination.code == location))
    if after := paging.key(int):
        statement = statement.where(Transfer.id < after[0])
    rows = [(row[0], TransferRow(*row[1:])) for row in map(tuple, session.execute(statement))]
    page = paging.page(rows, lambda row: (row[0],))
    return Page(tuple(row for _, row in page.items), page.next)


def transfer_page(session: ReadSession, number: str) -> TransferPage:
    """One transfer with its lines, in the order they are picked."""
    source, destination = aliased(Location), aliased(Location)
    head = session.execute(
        select(
            Transfer.number,
            Transfer.status,
            source.code,
            source.name,
            destination.code,
            destination.name,
            Transfer.drafted_at,
            Transfer.drafted_by,
            Transfer.done_at,
            Transfer.id,
        )
        .join(source, source.id == Transfer.from_id)
        .join(destination, destination.id == Transfer.to_id)
        .where(Transfer.number == number)
    ).first()
    if head is None:
        raise NotFound(f"There is no transfer {number}.")
    *said, transfer_id = tuple(head)
    rows = session.execute(
        select(
            Product.sku, Product.name, Lot.number, Lot.use_by, TransferLine.quantity, Product.unit
        )
        .join(Product, Product.id == TransferLine.product_id)
        .join(Lot, Lot.id == TransferLine.lot_id)
        .where(TransferLine.transfer_id == transfer_id)
        .order_by(TransferLine.position)
    )
    items = tuple(
        TransferItemRow(row[0], row[1], row[2], row[3], Quantity(row[4], Unit(row[5])))
        for row in rows
    )
    return TransferPage(TransferRow(*(*said, len(items))), items)

"""The movements that made the stock what it is."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from procurement.catalogue.models import Product
from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.quantity import Quantity
from procurement.stock.models import (
    Location,
    Lot,
    Movement,
    Posting,
)
from procurement.stock.terms import Cause, Reason


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One line of the history: what moved, from where to where, by whom and why."""

    id: int
    ref: str
    reason: Reason
    occurred_at: datetime
    actor: str
    note: str
    cause: Cause | None
    document: str | None
    product: str
    product_name: str
    lot: str
    source: str
    source_name: str
    destination: str
    destination_name: str
    quantity: Quantity
    is_reversed: bool


def movements(
    session: ReadSession,
    *,
    paging: PageRequest,
    product: str | None = None,
    location: str | None = None,
    ref: str | None = None,
) -> Page[MovementRow]:
    """The latest first."""
    statement, source, destination = movement_lines()
    statement = statement.order_by(Movement.id.desc()).limit(paging.limit + 1)
    if product is not None:
        statement = statement.where(Product.sku == product)
    if location is not None:
        statement = statement.where(or_(source.code == location, destination.code == location))
    if ref is not None:
        statement = statement.where(Posting.ref == ref)
    if after := paging.key(int):
        statement = statement.where(Movement.id < after[0])
    rows = [movement_row(tuple(row)) for row in session.execute(statement)]
    return paging.page(rows, lambda row: (row.id,))


def movement_lines() -> tuple[AnySelect, Any, Any]:
    """Movements as rows, and the aliases of where they came from and went."""
    source, destination, reversal = aliased(Location), aliased(Location), aliased(Posting)
    statement: AnySelect = (
        select(
            Movement.id,
            Posting.ref,
            Posting.reason,
            Posting.occurred_at,
            Posting.actor_name,
            Posting.note,
            Posting.cause,
            Posting.document,
            Product.sku,
            Product.name,
            Lot.number,
            source.code,
            source.name,
            destination.code,
            destination.name,
            Movement.quantity,
            Product.unit,
            reversal.id.is_not(None),
        )
        .join(Posting, Posting.id == Movement.posting_id)
        .join(Product, Product.id == Movement.product_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .join(source, source.id == Movement.from_id)
        .join(destination, destination.id == Movement.to_id)
        .outerjoin(reversal, reversal.reverses_id == Posting.id)
    )
    return statement, source, destination


def movement_row(row: tuple[Any, ...]) -> MovementRow:
    *said, quantity, unit, is_reversed = row
    return MovementRow(*(*said, Quantity(quantity, unit), bool(is_reversed)))


@dataclass(frozen=True, slots=True)
class PostingRow:
    """One event of the ledger with everything it moved."""

    ref: str
    reason: Reason
    occurred_at: datetime
    note: str
    cause: Cause | None
    document: str | None
    is_reversed: bool
    movements: tuple[MovementRow, ...]


def posting(session: ReadSession, ref: str) -> PostingRow:
    """One posting by its public reference."""
    found = _postings(session, select(Posting).where(Posting.ref == ref))
    if not found:
        raise NotFound("There is no such posting.")
    return found[0][1]


def postings(
    session: ReadSession,
    paging: PageRequest,
    *,
    reason: Reason | None = None,
    document: str | None = None,
) -> Page[PostingRow]:
    """Postings, the latest first."""
    statement = select(Posting).order_by(Posting.id.desc()).limit(paging.limit + 1)
    if reason is not None:
        statement = statement.where(Posting.reason == reason)
    if document is not None:
        statement = statement.where(Posting.document == document)
    if after := paging.key(int):
        statement = statement.where(Posting.id < after[0])
    found = _postings(session, statement)
    keys = {row.ref: key for key, row in found}
    return paging.page([row for _, row in found], lambda row: (keys[row.ref],))


def _postings(session: ReadSession, statement: Select[Posting]) -> list[tuple[int, PostingRow]]:
    found: list[Posting] = list(session.scalars(statement))
    moved: defaultdict[str, list[MovementRow]] = defaultdict(list)
    lines, *_ = movement_lines()
    for row in session.execute(
        lines.where(Movement.posting_id.in_({one.id for one in found})).order_by(Movement.id)
    ):
        line = movement_row(tuple(row))
        moved[line.ref].append(line)
    return [
        (
            one.id,
            PostingRow(
                one.ref,
                one.reason,
                one.occurred_at,
                one.note,
                one.cause,
                one.document,
                any(line.is_reversed for line in moved[one.ref]),
                tuple(moved[one.ref]),
            ),
        )
        for one in found
    ]

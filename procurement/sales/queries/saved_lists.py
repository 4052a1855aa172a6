"""The lists a buyer keeps, and those colleagues share; and what their company orders most often."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from procurement.accounts.models import User
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.permissions import Permission
from procurement.sales.models import SalesOrder, SalesOrderLine, SavedList, SavedListLine
from procurement.sales.queries.baskets import BasketRow, basket_rows
from procurement.sales.terms.orders import SalesOrderStatus

MOST_USUALS = 50
_ORDERED = frozenset(SalesOrderStatus) - {SalesOrderStatus.DRAFT, SalesOrderStatus.CANCELLED}


@dataclass(frozen=True, slots=True)
class SavedListRow:
    """A list among others; only its owner changes it."""

    ref: str
    name: str
    shared: bool
    is_own: bool
    owner: str
    lines: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class ListLine:
    """A line of a list with the product as it is today."""

    position: int
    note: str
    row: BasketRow


@dataclass(frozen=True, slots=True)
class SavedListPage:
    """A list with its lines, in its own order."""

    head: SavedListRow
    lines: tuple[ListLine, ...]

    @property
    def packs(self) -> dict[int, int]:
        """How many of which pack (by key) of what is still offered."""
        return {one.row.pack_id: one.row.packs for one in self.lines if one.row.is_offered}


@dataclass(frozen=True, slots=True)
class Usual:
    """A pack that is ordered again and again: in how many orders, and how many when last."""

    row: BasketRow
    orders: int
    last_at: datetime


def no_such_list() -> NotFound:
    return NotFound("There is no such list.")


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """Their own, and what colleagues of the same customer share."""
    actor.require(Permission.BUY)
    shared = and_(SavedList.shared, SavedList.customer_id == actor.customer_id)
    return or_(SavedList.user_id == actor.id, shared if actor.customer_id else false())


def saved_lists(session: ReadSession, *, actor: Actor) -> list[SavedListRow]:
    """Their own first, by name."""
    rows = [row for row, _ in _rows(session, seen_by(actor), actor)]
    return sorted(rows, key=lambda one: (not one.is_own, one.name.casefold(), one.ref))


def saved_list_page(session: ReadSession, ref: str, *, actor: Actor) -> SavedListPage:
    """Raises NotFound; a colleague's that is not shared is as absent as none. Three statements."""
    found = _rows(session, and_(SavedList.ref == ref, seen_by(actor)), actor)
    if not found:
        raise no_such_list()
    head, key = found[0]
    lines = session.execute(
        select(
            SavedListLine.pack_id, SavedListLine.packs, SavedListLine.note, SavedListLine.position
        )
        .where(SavedListLine.list_id == key)
        .order_by(SavedListLine.position)
    ).all()
    rows = {
        row.pack_id: row
        for row in basket_rows(session, {pack_id: packs for pack_id, packs, *_ in lines})
    }
    return SavedListPage(
        head, tuple(ListLine(at, note, rows[pack_id]) for pack_id, _, note, at in lines)
    )


def _rows(
    session: ReadSession, which: ColumnElement[bool], actor: Actor
) -> list[tuple[SavedListRow, int]]:
    lines = (
        select(func.count())
        .select_from(SavedListLine)
        .where(SavedListLine.list_id == SavedList.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(SavedList, User.name, lines).join(User, User.id == SavedList.user_id).where(which)
    )
    return [
        (
            SavedListRow(
                ref=one.ref,
                name=one.name,
                shared=one.shared,
                is_own=one.user_id == actor.id,
                owner=owner,
                lines=number,
                changed_at=one.changed_at,
            ),
            one.id,
        )
        for one, owner, number in rows
    ]


def usuals(session: ReadSession, *, actor: Actor) -> list[Usual]:
    """What the actor's company has ordered most often, with the number and day of the last time. Two statements."""
    actor.require(Permission.BUY)
    at = func.coalesce(SalesOrder.placed_at, SalesOrder.confirmed_at, SalesOrder.drafted_at)
    place = func.row_number().over(
        partition_by=SalesOrderLine.pack_id, order_by=(at.desc(), SalesOrder.id.desc())
    )
    lines = (
        select(
            SalesOrderLine.pack_id.label("pack_id"),
            SalesOrderLine.packs.label("packs"),
            at.label("at"),
            func.count().over(partition_by=SalesOrderLine.pack_id).label("orders"),
            place.label("place"),
        )
        .join(SalesOrder, SalesOrder.id == SalesOrderLine.order_id)
        .where(
            SalesOrder.customer_id == actor.customer_id,
            SalesOrder.status.in_(sorted(_ORDERED)),
        )
        .subquery()
    )
    found = session.execute(
        select(lines.c.pack_id, lines.c.packs, lines.c.at, lines.c.orders)
        .where(lines.c.place == 1)
        .order_by(lines.c.orders.desc(), lines.c.at.desc(), lines.c.pack_id)
        .limit(MOST_USUALS)
    ).all()
    rows = {
        row.pack_id: row
        for row in basket_rows(session, {pack_id: packs for pack_id, packs, *_ in found})
    }
    return [
        Usual(rows[pack_id], orders, last_at)
        for pack_id, _, last_at, orders in found
        if pack_id in rows
    ]

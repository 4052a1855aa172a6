"""A buyer's own orders. What belongs to somebody else is as absent as what never was."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from procurement.files.queries import Paper
from procurement.kernel.actor import SYSTEM, Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.permissions import Permission
from procurement.sales.errors import OrderUnknown
from procurement.sales.models import Address, SalesOrder, Shipment
from procurement.sales.queries.order_papers import (
    confirmation_paper,
    delivery_note_paper,
    proforma_paper,
)
from procurement.sales.queries.sales_orders import order_row, orders_statement, sales_order_page
from procurement.sales.queries.shipments import shipment_page
from procurement.sales.terms import AddressKind
from procurement.sales.terms.orders import (
    SalesOrderPage,
    SalesOrderRow,
    SalesOrderStatus,
    ShipmentPage,
)


def own_orders(session: ReadSession, paging: PageRequest, *, actor: Actor) -> Page[SalesOrderRow]:
    """What the actor's company ordered, the newest first; drafts of our people are not theirs to see yet."""
    actor.require(Permission.BUY)
    statement = (
        orders_statement()
        .where(SalesOrder.customer_id == actor.customer_id, _is_theirs())
        .order_by(SalesOrder.id.desc())
        .limit(paging.limit + 1)
    )
    if (after := paging.key(int)) is not None:
        statement = statement.where(SalesOrder.id < after[0])
    found = [(row[0].id, order_row(*row)) for row in session.execute(statement)]
    keys = {row.number: key for key, row in found}
    return paging.page([row for _, row in found], lambda row: (keys[row.number],))


def own_order_page(session: ReadSession, number: str, *, actor: Actor) -> SalesOrderPage:
    """Raises OrderUnknown."""
    _require_own(session, number, actor)
    return sales_order_page(session, number, actor=SYSTEM)


def own_shipment_page(
    session: ReadSession, order: str, number: str, *, actor: Actor
) -> ShipmentPage:
    """A shipment of an order of theirs. Raises OrderUnknown."""
    _require_own(session, order, actor)
    found = session.scalar(
        select(Shipment.id)
        .join(SalesOrder, SalesOrder.id == Shipment.order_id)
        .where(
            Shipment.number == number, SalesOrder.number == order, Shipment.reversed_at.is_(None)
        )
    )
    if found is None:
        raise _unknown()
    return shipment_page(session, number, actor=SYSTEM)


def own_confirmation(session: ReadSession, number: str, *, actor: Actor) -> Paper:
    """Once it is confirmed. Raises OrderUnknown."""
    page = own_order_page(session, number, actor=actor)
    if page.confirmed_at is None:
        raise _unknown()
    return confirmation_paper(session, number, actor=SYSTEM)


def own_proforma(session: ReadSession, number: str, *, actor: Actor) -> Paper:
    """As of the day on which the order was made. Raises OrderUnknown."""
    page = own_order_page(session, number, actor=actor)
    return proforma_paper(
        session, number, actor=SYSTEM, at=page.confirmed_at or page.placed_at or page.drafted_at
    )


def own_delivery_note(session: ReadSession, order: str, number: str, *, actor: Actor) -> Paper:
    """Raises OrderUnknown."""
    own_shipment_page(session, order, number, actor=actor)
    return delivery_note_paper(session, number, actor=SYSTEM)


@dataclass(frozen=True, slots=True)
class DeliveryAddress:
    """One of a customer's addresses, by its key."""

    id: int
    lines: str
    is_usual: bool


def own_addresses(session: ReadSession, *, actor: Actor) -> list[DeliveryAddress]:
    """All of them; the usual one is the first for deliveries, else the first."""
    actor.require(Permission.BUY)
    rows = session.execute(
        select(Address.id, Address.kind, Address.lines)
        .where(Address.customer_id == actor.customer_id)
        .order_by(Address.position, Address.id)
    ).all()
    usual = next(
        (row for row in rows if row.kind is AddressKind.DELIVERY), rows[0] if rows else None
    )
    return [DeliveryAddress(row.id, row.lines, row is usual) for row in rows]


def _require_own(session: ReadSession, number: str, actor: Actor) -> None:
    actor.require(Permission.BUY)
    found = session.scalar(
        select(SalesOrder.id).where(
            SalesOrder.number == number,
            SalesOrder.customer_id == actor.customer_id,
            _is_theirs(),
        )
    )
    if found is None:
        raise _unknown()


def _is_theirs() -> ColumnElement[bool]:
    return or_(SalesOrder.status != SalesOrderStatus.DRAFT, SalesOrder.placed_at.is_not(None))


def _unknown() -> OrderUnknown:
    return OrderUnknown("There is no such document.")

"""Shipments: to be changed, in lists, the page of one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from procurement.catalogue.models import Pack, Product
from procurement.kernel.actor import Actor
from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.sales.errors import OrderUnknown
from procurement.sales.models import (
    Customer,
    CustomerReturn,
    SalesOrder,
    SalesOrderLine,
    Shipment,
    ShipmentLine,
)
from procurement.sales.terms.orders import ShipmentLineRow, ShipmentPage, ShipmentRow
from procurement.stock.models import Location, Lot, Posting


@dataclass(frozen=True, slots=True)
class ShipmentFilter:
    order: str | None = None
    customer: str | None = None


def shipment_by_key(session: ReadSession, key: str) -> Shipment | None:
    found: Shipment | None = session.scalar(select(Shipment).where(Shipment.idempotency_key == key))
    return found


def order_number_of_shipment(session: ReadSession, number: str) -> str:
    """Raises OrderUnknown."""
    found: str | None = session.scalar(
        select(SalesOrder.number)
        .join(Shipment, Shipment.order_id == SalesOrder.id)
        .where(Shipment.number == number)
    )
    if found is None:
        raise OrderUnknown(f"There is no shipment {number}.")
    return found


def shipment_for_update(session: Session, number: str) -> Shipment:
    """The shipment with its lines; its order is locked first. Raises OrderUnknown."""
    found = session.scalar(
        select(Shipment)
        .where(Shipment.number == number)
        .options(selectinload(Shipment.lines))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise OrderUnknown(f"There is no shipment {number}.")
    return found


def posting_with_movements(session: ReadSession, posting_id: int) -> Posting:
    found: Posting = session.scalars(
        select(Posting).where(Posting.id == posting_id).options(selectinload(Posting.movements))
    ).one()
    return found


def shipments(
    session: ReadSession, wanted: ShipmentFilter, paging: PageRequest, *, actor: Actor
) -> Page[ShipmentRow]:
    """Shipments, the latest first."""
    actor.require_any(Permission.SEE_SALES, Permission.SHIP_GOODS)
    statement = _shipments().order_by(Shipment.id.desc()).limit(paging.limit + 1)
    if wanted.order:
        statement = statement.where(SalesOrder.number == wanted.order)
    if wanted.customer:
        statement = statement.where(Customer.code == wanted.customer)
    if (after := paging.key(int)) is not None:
        statement = statement.where(Shipment.id < after[0])
    found = [(row[0].id, _row(*row)) for row in session.execute(statement)]
    keys = {row.number: key for key, row in found}
    return paging.page([row for _, row in found], lambda row: (keys[row.number],))


def shipments_of(session: ReadSession, order_id: int) -> list[ShipmentRow]:
    """All shipments of an order, the first first."""
    rows = session.execute(_shipments().where(Shipment.order_id == order_id).order_by(Shipment.id))
    return [_row(*row) for row in rows]


def shipment_page(session: ReadSession, number: str, *, actor: Actor) -> ShipmentPage:
    """A shipment with its lots. Raises OrderUnknown."""
    actor.require_any(Permission.SEE_SALES, Permission.SHIP_GOODS)
    row = session.execute(_shipments().where(Shipment.number == number)).one_or_none()
    if row is None:
        raise OrderUnknown(f"There is no shipment {number}.")
    shipment: Shipment = row[0]
    order = session.get(SalesOrder, shipment.order_id)
    returns = session.scalars(
        select(CustomerReturn.number)
        .where(CustomerReturn.shipment_id == shipment.id, CustomerReturn.reversed_at.is_(None))
        .order_by(CustomerReturn.id)
    )
    return ShipmentPage(
        head=_row(*row),
        deliver_to=order.deliver_to,
        customer_ref=order.customer_ref,
        note=shipment.note,
        reversed_at=shipment.reversed_at,
        reversed_by=shipment.reversed_by,
        reversed_why=shipment.reversed_why,
        lines=_lines(session, shipment),
        returns=tuple(returns),
    )


def _lines(session: ReadSession, shipment: Shipment) -> tuple[ShipmentLineRow, ...]:
    rows = session.execute(
        select(ShipmentLine, SalesOrderLine, Product, Pack.name, Lot, Location.name)
        .join(SalesOrderLine, SalesOrderLine.id == ShipmentLine.order_line_id)
        .join(Product, Product.id == ShipmentLine.product_id)
        .join(Pack, Pack.id == SalesOrderLine.pack_id)
        .outerjoin(Lot, Lot.id == ShipmentLine.lot_id)
        .outerjoin(Location, Location.id == ShipmentLine.from_id)
        .where(ShipmentLine.shipment_id == shipment.id)
        .order_by(ShipmentLine.position)
        .execution_options(populate_existing=True)
    )
    return tuple(
        ShipmentLineRow(
            position=line.position,
            order_position=ordered.position,
            product=product.sku,
            product_name=ordered.name,
            pack_name=pack_name,
            size=Quantity(ordered.pack_steps, product.unit),
            quantity=Quantity(line.quantity, product.unit),
            returned=Quantity(line.returned, product.unit),
            lot=lot.number if lot else None,
            expires_on=lot.expires_on if lot else None,
            place_name=place or "",
        )
        for line, ordered, product, pack_name, lot, place in rows
    )


def _shipments() -> AnySelect:
    lines = (
        select(func.count())
        .where(ShipmentLine.shipment_id == Shipment.id)
        .correlate(Shipment)
        .scalar_subquery()
    )
    return (
        select(Shipment, SalesOrder.number, Customer.code, Customer.name, lines)
        .join(SalesOrder, SalesOrder.id == Shipment.order_id)
        .join(Customer, Customer.id == SalesOrder.customer_id)
        .execution_options(populate_existing=True)
    )


def _row(*row: Any) -> ShipmentRow:
    shipment, order, customer, customer_name, lines = row
    return ShipmentRow(
        number=shipment.number,
        order=order,
        customer=customer,
        customer_name=customer_name,
        shipped_at=shipment.shipped_at,
        shipped_by=shipment.shipped_by,
        lines=int(lines),
        carrier=shipment.carrier,
        tracking=shipment.tracking,
        is_reversed=shipment.reversed_at is not None,
    )

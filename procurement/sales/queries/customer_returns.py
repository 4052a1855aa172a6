"""What customers sent back: to be changed, in lists, the page of one."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from procurement.catalogue.models import Product
from procurement.kernel.actor import Actor
from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.sales.errors import OrderUnknown
from procurement.sales.models import (
    Customer,
    CustomerReturn,
    CustomerReturnLine,
    SalesOrder,
    SalesOrderLine,
    Shipment,
    ShipmentLine,
)
from procurement.sales.terms.orders import (
    CustomerReturnLineRow,
    CustomerReturnPage,
    CustomerReturnRow,
)
from procurement.stock.models import Location, Lot


def return_by_key(session: ReadSession, key: str) -> CustomerReturn | None:
    found: CustomerReturn | None = session.scalar(
        select(CustomerReturn).where(CustomerReturn.idempotency_key == key)
    )
    return found


def shipment_number_of_return(session: ReadSession, number: str) -> str:
    """Raises OrderUnknown."""
    found: str | None = session.scalar(
        select(Shipment.number)
        .join(CustomerReturn, CustomerReturn.shipment_id == Shipment.id)
        .where(CustomerReturn.number == number)
    )
    if found is None:
        raise OrderUnknown(f"There is no return {number}.")
    return found


def return_for_update(session: Session, number: str) -> CustomerReturn:
    """The return with its lines; its shipment is locked first."""
    return session.scalars(
        select(CustomerReturn)
        .where(CustomerReturn.number == number)
        .options(selectinload(CustomerReturn.lines))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def customer_returns(
    session: ReadSession, paging: PageRequest, *, actor: Actor, customer: str | None = None
) -> Page[CustomerReturnRow]:
    """Returns, the latest first."""
    actor.require_any(Permission.SEE_SALES, Permission.SHIP_GOODS)
    statement = _returns().order_by(CustomerReturn.id.desc()).limit(paging.limit + 1)
    if customer:
        statement = statement.where(Customer.code == customer)
    if (after := paging.key(int)) is not None:
        statement = statement.where(CustomerReturn.id < after[0])
    found = [(row[0].id, _row(*row)) for row in session.execute(statement)]
    keys = {row.number: key for key, row in found}
    return paging.page([row for _, row in found], lambda row: (keys[row.number],))


def returns_of(session: ReadSession, order_id: int) -> list[CustomerReturnRow]:
    """All returns of an order, the first first."""
    rows = session.execute(
        _returns().where(Shipment.order_id == order_id).order_by(CustomerReturn.id)
    )
    return [_row(*row) for row in rows]


def customer_return_page(session: ReadSession, number: str, *, actor: Actor) -> CustomerReturnPage:
    """A return with its lots. Raises OrderUnknown."""
    actor.require_any(Permission.SEE_SALES, Permission.SHIP_GOODS)
    row = session.execute(_returns().where(CustomerReturn.number == number)).one_or_none()
    if row is None:
        raise OrderUnknown(f"There is no return {number}.")
    made: CustomerReturn = row[0]
    lines = session.execute(
        select(CustomerReturnLine, SalesOrderLine.name, Product, Lot)
        .join(
            ShipmentLine,
            (ShipmentLine.shipment_id == CustomerReturnLine.shipment_id)
            & (ShipmentLine.position == CustomerReturnLine.shipment_position),
        )
        .join(SalesOrderLine, SalesOrderLine.id == ShipmentLine.order_line_id)
        .join(Product, Product.id == ShipmentLine.product_id)
        .join(Lot, Lot.id == ShipmentLine.lot_id)
        .where(CustomerReturnLine.return_id == made.id)
        .order_by(CustomerReturnLine.position)
    )
    return CustomerReturnPage(
        head=_row(*row),
        note=made.note,
        reversed_at=made.reversed_at,
        reversed_by=made.reversed_by,
        reversed_why=made.reversed_why,
        lines=tuple(
            CustomerReturnLineRow(
                position=line.position,
                shipment_position=line.shipment_position,
                product=product.sku,
                product_name=name,
                lot=lot.number,
                expires_on=lot.expires_on,
                quantity=Quantity(line.quantity, product.unit),
            )
            for line, name, product, lot in lines
        ),
    )


def _returns() -> AnySelect:
    lines = (
        select(func.count())
        .where(CustomerReturnLine.return_id == CustomerReturn.id)
        .correlate(CustomerReturn)
        .scalar_subquery()
    )
    return (
        select(
            CustomerReturn,
            Shipment.number,
            SalesOrder.number,
            Customer.code,
            Customer.name,
            Location.code,
            Location.name,
            lines,
        )
        .join(Shipment, Shipment.id == CustomerReturn.shipment_id)
        .join(SalesOrder, SalesOrder.id == Shipment.order_id)
        .join(Customer, Customer.id == SalesOrder.customer_id)
        .join(Location, Location.id == CustomerReturn.into_id)
        .execution_options(populate_existing=True)
    )


def _row(*row: Any) -> CustomerReturnRow:
    made, shipment, order, customer, customer_name, into, into_name, lines = row
    return CustomerReturnRow(
        number=made.number,
        shipment=shipment,
        order=order,
        customer=customer,
        customer_name=customer_name,
        reason=made.reason,
        into=into,
        into_name=into_name,
        taken_at=made.taken_at,
        taken_by=made.taken_by,
        lines=int(lines),
        is_reversed=made.reversed_at is not None,
    )

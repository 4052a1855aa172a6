"""What customers ask to send back: of an order, still to be answered, the page of one and its pictures."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from procurement.catalogue.models import Product
from procurement.files.models import StoredFile
from procurement.kernel.actor import Actor
from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.sales.errors import OrderUnknown
from procurement.sales.models import (
    Customer,
    CustomerReturn,
    ReturnRequest,
    ReturnRequestLine,
    ReturnRequestPhoto,
    SalesOrder,
    SalesOrderLine,
    Shipment,
    ShipmentLine,
)
from procurement.sales.terms.orders import (
    ReturnRequestLineRow,
    ReturnRequestPage,
    ReturnRequestRow,
    ReturnRequestStatus,
)
from procurement.stock.models import Lot


def request_for_update(session: Session, number: str) -> ReturnRequest:
    """With its lines; its order is locked first."""
    return session.scalars(
        select(ReturnRequest)
        .where(ReturnRequest.number == number)
        .options(selectinload(ReturnRequest.lines))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def asked_already(session: ReadSession, shipment_id: int) -> dict[int, int]:
    """Steps by line of a shipment that somebody asked to send back and nobody has answered."""
    rows = session.execute(
        select(ReturnRequestLine.shipment_position, func.sum(ReturnRequestLine.quantity))
        .join(ReturnRequest, ReturnRequest.id == ReturnRequestLine.request_id)
        .where(
            ReturnRequest.shipment_id == shipment_id,
            ReturnRequest.status == ReturnRequestStatus.ASKED,
        )
        .group_by(ReturnRequestLine.shipment_position)
    )
    return {position: int(steps) for position, steps in rows}


def open_requests(
    session: ReadSession, *, actor: Actor, limit: int
) -> tuple[ReturnRequestRow, ...]:
    """Those nobody has answered, the oldest first."""
    actor.require_any(Permission.SEE_SALES, Permission.SHIP_GOODS)
    rows = session.execute(
        _requests()
        .where(ReturnRequest.status == ReturnRequestStatus.ASKED)
        .order_by(ReturnRequest.id)
        .limit(limit)
    )
    return tuple(_row(*row) for row in rows)


def return_requests(
    session: ReadSession,
    paging: PageRequest,
    *,
    actor: Actor,
    status: ReturnRequestStatus | None = None,
) -> Page[ReturnRequestRow]:
    """The latest first: all for staff, a buyer's own company's."""
    statement = _requests().order_by(ReturnRequest.id.desc()).limit(paging.limit + 1)
    if status is not None:
        statement = statement.where(ReturnRequest.status == status)
    if (after := paging.key(int)) is not None:
        statement = statement.where(ReturnRequest.id < after[0])
    found = [(row[0].id, _row(*row)) for row in session.execute(_seen_by(statement, actor))]
    keys = {row.number: key for key, row in found}
    return paging.page([row for _, row in found], lambda row: (keys[row.number],))


def requests_of(session: ReadSession, order: str, *, actor: Actor) -> tuple[ReturnRequestRow, ...]:
    """All of an order; a buyer's of their own."""
    statement = _requests().where(SalesOrder.number == order).order_by(ReturnRequest.id)
    return tuple(_row(*row) for row in session.execute(_seen_by(statement, actor)))


def return_request_page(session: ReadSession, number: str, *, actor: Actor) -> ReturnRequestPage:
    """For staff, and for a buyer of the same customer. Raises OrderUnknown."""
    statement = _requests().where(ReturnRequest.number == number)
    row = session.execute(_seen_by(statement, actor)).one_or_none()
    if row is None:
        raise _unknown()
    request: ReturnRequest = row[0]
    lines = session.execute(
        select(ReturnRequestLine.quantity, SalesOrderLine.name, Product, Lot.number)
        .join(
            ShipmentLine,
            (ShipmentLine.shipment_id == ReturnRequestLine.shipment_id)
            & (ShipmentLine.position == ReturnRequestLine.shipment_position),
        )
        .join(SalesOrderLine, SalesOrderLine.id == ShipmentLine.order_line_id)
        .join(Product, Product.id == ShipmentLine.product_id)
        .join(Lot, Lot.id == ShipmentLine.lot_id)
        .where(ReturnRequestLine.request_id == request.id)
        .order_by(ReturnRequestLine.position)
    )
    photos = session.scalar(select(func.count()).where(ReturnRequestPhoto.request_id == request.id))
    return ReturnRequestPage(
        head=_row(*row),
        note=request.note,
        decided_at=request.decided_at,
        decided_by=request.decided_by,
        lines=tuple(
            ReturnRequestLineRow(product.sku, name, lot, Quantity(steps, product.unit))
            for steps, name, product, lot in lines
        ),
        photos=int(photos or 0),
    )


def request_photo(session: ReadSession, number: str, position: int, *, actor: Actor) -> bytes:
    """Raises OrderUnknown."""
    return_request_page(session, number, actor=actor)
    found: bytes | None = session.scalar(
        select(StoredFile.content)
        .join(ReturnRequestPhoto, ReturnRequestPhoto.file_id == StoredFile.id)
        .join(ReturnRequest, ReturnRequest.id == ReturnRequestPhoto.request_id)
        .where(ReturnRequest.number == number, ReturnRequestPhoto.position == position)
    )
    if found is None:
        raise _unknown()
    return found


def _seen_by(statement: AnySelect, actor: Actor) -> AnySelect:
    if actor.may(Permission.BUY):
        return statement.where(SalesOrder.customer_id == actor.customer_id)
    actor.require_any(Permission.SEE_SALES, Permission.SHIP_GOODS)
    return statement


def _requests() -> AnySelect:
    return (
        select(
            ReturnRequest,
            Customer.code,
            Customer.name,
            SalesOrder.number,
            Shipment.number,
            CustomerReturn.number,
        )
        .join(Shipment, Shipment.id == ReturnRequest.shipment_id)
        .join(SalesOrder, SalesOrder.id == Shipment.order_id)
        .join(Customer, Customer.id == SalesOrder.customer_id)
        .outerjoin(CustomerReturn, CustomerReturn.id == ReturnRequest.return_id)
    )


def _row(*row: Any) -> ReturnRequestRow:
    request, customer, customer_name, order, shipment, took = row
    return ReturnRequestRow(
        number=request.number,
        status=request.status,
        customer=customer,
        customer_name=customer_name,
        order=order,
        shipment=shipment,
        reason=request.reason,
        asked_at=request.asked_at,
        asked_by=request.asked_by,
        answer=request.answer,
        took=took,
    )


def _unknown() -> OrderUnknown:
    return OrderUnknown("There is no such document.")
